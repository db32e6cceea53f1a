"""The roster: people in groups."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from survey_service import journal
from survey_service.engagements import roster_check
from survey_service.engagements import roster_identity as identity
from survey_service.engagements.models import Engagement, Group, Stakeholder
from survey_service.engagements.roster_check import LONGEST_GROUP, Judged, Person
from survey_service.engagements.roster_csv import Row, Table, read_roster
from survey_service.engagements.roster_words import RESERVED_GROUPS, compact, known_by, same_group, tidy
from survey_service.foundation.bulk import insert_all
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.workspaces import settings


class SameGroup(Refusal):
    """Merging a group with itself."""

    sentence = _l("Choose two different groups.")


class GroupReserved(Refusal):
    """A name that the release gives itself. Facts: group."""

    sentence = _l("The report uses “%(group)s” for groups shown together. Choose another name.")


class GroupNameTooLong(Refusal):
    """No name, or one nobody can read in a heading. Facts: most."""

    sentence = _l("Give the group a name of at most %(most)d characters.")


def people(engagement: Engagement) -> Sequence[Stakeholder]:
    """Everyone, group by group in the groups' order, then by name; groups are loaded with them."""
    chosen = (
        select(Stakeholder)
        .join(Group)
        .where(Stakeholder.engagement_id == engagement.id)
        .order_by(Group.position, Stakeholder.name, Stakeholder.id)
    )
    _ = groups(engagement)  # one query fills the identity map, so that no person's group costs another
    return db.session.scalars(chosen).all()


def groups(engagement: Engagement) -> Sequence[Group]:
    """The groups in their order."""
    chosen = select(Group).where(Group.engagement_id == engagement.id).order_by(Group.position, Group.id)
    return db.session.scalars(chosen).all()


def sizes(engagement: Engagement) -> dict[str, int]:
    """Group -> people, in the groups' order; groups without people are left out."""
    counted = (
        select(Group.name, func.count().label("people"))
        .join(Stakeholder, Stakeholder.group_id == Group.id)
        .where(Group.engagement_id == engagement.id)
        .group_by(Group.id, Group.name, Group.position)
        .order_by(Group.position, Group.id)
    )
    return {row.name: row.people for row in db.session.execute(counted)}


def spoken(engagement: Engagement) -> set[str]:
    """The languages its people read."""
    chosen = select(Stakeholder.language).where(Stakeholder.engagement_id == engagement.id).distinct()
    return set(db.session.scalars(chosen))


def page_of(
    engagement: Engagement, *, holding: str, start: int, most: int
) -> tuple[Sequence[Stakeholder], int]:
    """Up to ``most`` people from place ``start`` on, and how many there are in all.

    Only those whose name, address or group holds the text; "" holds everybody.
    """
    wanted = select(Stakeholder).join(Group).where(Stakeholder.engagement_id == engagement.id)
    if holding:
        seen = (Stakeholder.name, Stakeholder.email, Group.name)
        wanted = wanted.where(or_(*(column.icontains(holding, autoescape=True) for column in seen)))
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    _ = groups(engagement)
    ordered = wanted.order_by(Group.position, Stakeholder.name, Stakeholder.id).offset(start).limit(most)
    return db.session.scalars(ordered).all(), total


def judge_file(engagement: Engagement, content: bytes, *, refused_domains: Collection[str]) -> Judged:
    """The file's rows by its own headings, good and bad. Raises what roster_csv and roster_check refuse."""
    table = read_roster(content)
    return judge_table(engagement, table, table.guess, refused_domains=refused_domains)


def languages(engagement: Engagement) -> dict[str, str]:
    """Code -> own name: what the workspace offers, and what this engagement or its roster has anyway."""
    besides = {engagement.language, *spoken(engagement)}
    return settings.offered(engagement.workspace_id, besides=besides)


def judge_table(
    engagement: Engagement,
    table: Table,
    mapping: Mapping[str, int],
    *,
    refused_domains: Collection[str],
    default_group: str = "",
    leaving_out: str = "",
    only_groups: Collection[str] | None = None,
) -> Judged:
    """The table's rows against this roster, good and bad.

    ``leaving_out`` is by what somebody edited is known; ``only_groups``, where given, are all there are.
    Raises NoAddressColumn.
    """
    return roster_check.judge(
        table,
        mapping,
        existing=identity.known(engagement) - {leaving_out},
        languages=tuple(languages(engagement)),
        default_language=engagement.language,
        refused_domains=refused_domains,
        groups=only_groups,
        known_groups=[group.name for group in groups(engagement)],
        default_group=default_group,
    )


def judge_one(
    engagement: Engagement,
    cells: Mapping[str, str],
    *,
    refused_domains: Collection[str],
    leaving_out: str = "",
) -> Judged:
    """One person typed by hand, by the same rules as a file's row; ``cells`` are by COLUMN_FIELDS."""
    row = Row(line=1, cells=tuple(cells.values()))
    table = Table(headers=tuple(cells), rows=(row,), guess={})
    columns = {name: column for column, name in enumerate(cells)}
    return judge_table(engagement, table, columns, refused_domains=refused_domains, leaving_out=leaving_out)


def add_all(engagement: Engagement, new: Sequence[Person], *, who: str, at: datetime) -> int:
    """Put judged people on the roster, their groups made where needed; how many. One insert for all."""
    if not new:
        return 0
    known = _groups_for(engagement, [person.group for person in new])
    number = engagement.id
    insert_all(
        Stakeholder,
        ("engagement_id", "group_id", "name", "email", "language", "time_zone"),
        [
            (number, known[group], name, email or None, language, time_zone)
            for name, email, group, language, time_zone in new
        ],
    )
    _note("roster changed", engagement, who, at, {"added": len(new)})
    return len(new)


def as_people(stakeholders: Sequence[Stakeholder]) -> list[Person]:
    """The same people as values, for a file."""
    return [
        Person(
            name=one.name,
            email=one.email or "",
            group=one.group.name,
            language=one.language,
            time_zone=one.time_zone,
        )
        for one in stakeholders
    ]


def find(engagement: Engagement, number: int) -> Stakeholder:
    """One person of this roster. Raises NotFound."""
    found = db.session.get(Stakeholder, number)
    if found is None or found.engagement_id != engagement.id:
        raise NotFound
    return found


def edit(engagement: Engagement, person: Stakeholder, new: Person, *, who: str, at: datetime) -> None:
    """Give the person the judged values; known by another address, or name where there is none, they are
    somebody else, asked in no wave."""
    group_id = _groups_for(engagement, [new.group])[new.group]
    if new.known_by != known_by(person.email, person.name):
        db.session.delete(person)
        db.session.flush()
        db.session.add(
            Stakeholder(
                engagement_id=engagement.id,
                group_id=group_id,
                name=new.name,
                email=new.email or None,
                language=new.language,
                time_zone=new.time_zone,
            )
        )
    else:
        person.group_id, person.name = group_id, new.name
        person.language, person.time_zone = new.language, new.time_zone
    db.session.flush()
    _drop_empty(engagement)
    _note("roster changed", engagement, who, at, {"edited": 1})


def remove(engagement: Engagement, person: Stakeholder, *, who: str, at: datetime) -> None:
    """Take one person off the roster."""
    db.session.delete(person)
    db.session.flush()
    _drop_empty(engagement)
    _note("roster changed", engagement, who, at, {"removed": 1})


def merge(
    engagement: Engagement, names: tuple[str, str], new_name: str = "", *, who: str, at: datetime
) -> str:
    """Two groups become one, called ``new_name`` or else as the second; its name.

    Raises NotFound, SameGroup, GroupReserved, GroupNameTooLong.
    """
    if names[0] == names[1]:
        raise SameGroup
    chosen = select(Group).where(Group.engagement_id == engagement.id, Group.name.in_(names))
    sources = [group.id for group in db.session.scalars(chosen)]
    if len(sources) != len(names):
        raise NotFound
    into = group_name(engagement, new_name or names[1])
    target = _groups_for(engagement, [into])[into]
    move = update(Stakeholder).where(Stakeholder.group_id.in_(sources)).values(group_id=target)
    db.session.execute(move)
    db.session.expire_all()
    _drop_empty(engagement)
    _note("groups merged", engagement, who, at, {"groups": list(names), "into": into})
    return into


def group_name(engagement: Engagement, name: str) -> str:
    """The name as this roster spells it. Raises GroupReserved, GroupNameTooLong."""
    plain = tidy(name)
    if compact(plain) in RESERVED_GROUPS:
        raise GroupReserved(group=plain)
    if not plain or len(plain) > LONGEST_GROUP:
        raise GroupNameTooLong(most=LONGEST_GROUP)
    spellings = {same_group(group.name): group.name for group in groups(engagement)}
    return spellings.get(same_group(plain), plain)


def _groups_for(engagement: Engagement, names: Sequence[str]) -> dict[str, int]:
    """Group ids by name; missing ones are made after the last."""
    known = {group.name: group for group in groups(engagement)}
    last = max((group.position for group in known.values()), default=0)
    missing = [name for name in dict.fromkeys(names) if name not in known]
    for position, name in enumerate(missing, last + 1):
        known[name] = Group(engagement_id=engagement.id, name=name, position=position)
        db.session.add(known[name])
    db.session.flush()
    return {name: group.id for name, group in known.items()}


def _drop_empty(engagement: Engagement) -> None:
    used = select(Stakeholder.group_id).where(Stakeholder.engagement_id == engagement.id)
    db.session.execute(delete(Group).where(Group.engagement_id == engagement.id, Group.id.not_in(used)))
    db.session.expire_all()


def _note(event: str, engagement: Engagement, who: str, at: datetime, facts: dict[str, object]) -> None:
    journal.note(
        event,
        who=who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts=facts,
    )
