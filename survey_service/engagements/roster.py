"""The roster: people in groups."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from survey_service import journal
from survey_service.engagements import roster_check
from survey_service.engagements.models import Engagement, Group, Stakeholder
from survey_service.engagements.roster_check import Judged, Person
from survey_service.engagements.roster_csv import read_roster
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.i18n import LANGUAGES
from survey_service.foundation.i18n import lazy_gettext as _l


class SameGroup(Refusal):
    """Merging a group with itself."""

    sentence = _l("Choose two different groups.")


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


def judge_file(engagement: Engagement, content: bytes, *, refused_domains: Collection[str]) -> Judged:
    """The file's rows by its own headings, good and bad. Raises what roster_csv and roster_check refuse."""
    table = read_roster(content)
    return roster_check.judge(
        table,
        table.guess,
        existing_addresses=addresses(engagement),
        languages=tuple(LANGUAGES),
        default_language=engagement.language,
        refused_domains=refused_domains,
        known_groups=[group.name for group in groups(engagement)],
    )


def addresses(engagement: Engagement) -> frozenset[str]:
    """Everyone's address."""
    chosen = select(Stakeholder.email).where(Stakeholder.engagement_id == engagement.id)
    return frozenset(db.session.scalars(chosen))


def add_all(engagement: Engagement, new: Sequence[Person], *, who: str, at: datetime) -> int:
    """Put judged people on the roster, their groups made where needed; how many. One insert for all."""
    if not new:
        return 0
    known = _groups_for(engagement, [person.group for person in new])
    rows = [
        {
            "engagement_id": engagement.id,
            "group_id": known[person.group],
            "name": person.name,
            "email": person.email,
            "language": person.language,
            "time_zone": person.time_zone,
        }
        for person in new
    ]
    db.session.execute(insert(Stakeholder), rows)
    _note("roster changed", engagement, who, at, {"added": len(rows)})
    return len(rows)


def find(engagement: Engagement, number: int) -> Stakeholder:
    """One person of this roster. Raises NotFound."""
    found = db.session.get(Stakeholder, number)
    if found is None or found.engagement_id != engagement.id:
        raise NotFound
    return found


def edit(engagement: Engagement, person: Stakeholder, new: Person, *, who: str, at: datetime) -> None:
    """Give the person the judged values."""
    person.group_id = _groups_for(engagement, [new.group])[new.group]
    person.name, person.email = new.name, new.email
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


def merge(engagement: Engagement, name: str, into: str, *, who: str, at: datetime) -> None:
    """Move everyone of one group into another, which may be new. Raises NotFound, SameGroup."""
    if name == into:
        raise SameGroup
    source = db.session.scalar(select(Group).where(Group.engagement_id == engagement.id, Group.name == name))
    if source is None:
        raise NotFound
    target = _groups_for(engagement, [into])[into]
    move = update(Stakeholder).where(Stakeholder.group_id == source.id).values(group_id=target)
    db.session.execute(move)
    db.session.expire_all()
    _drop_empty(engagement)
    _note("groups merged", engagement, who, at, {"group": name, "into": into})


def _groups_for(engagement: Engagement, names: Sequence[str]) -> dict[str, int]:
    """Group ids by name; missing ones are made after the last."""
    known = {group.name: group.id for group in groups(engagement)}
    last = max((group.position for group in groups(engagement)), default=0)
    for name in dict.fromkeys(names):
        if name not in known:
            last += 1
            made = Group(engagement_id=engagement.id, name=name, position=last)
            db.session.add(made)
            db.session.flush()
            known[name] = made.id
    return known


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
