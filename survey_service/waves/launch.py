"""Launch: what must be so before, and the moment the terms freeze."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from survey_service import journal
from survey_service.aggregator import menu
from survey_service.answers import keys, paper
from survey_service.collection import shelf
from survey_service.engagements import desk, roster
from survey_service.engagements import roster_identity as identity
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.engagements.roster_words import same_group as same_name
from survey_service.foundation import zones
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotAllowed, NotFound, Refusal
from survey_service.foundation.i18n import moment
from survey_service.foundation.installation import Installation
from survey_service.foundation.tokens import fresh_key
from survey_service.invitations import contact, reminders, sending
from survey_service.invitations.models import Invitation
from survey_service.waves import fitness, keeping, telling
from survey_service.waves.models import Release, Wave
from survey_service.waves.refusals import (
    AlreadyLaunched,
    AskedTooRecently,
    ClosesTooSoon,
    ClosingUnset,
    NotApproved,
    RosterTooSmall,
    SponsorUnclear,
    WaveTooSoon,
    WorkspaceLeaves,
)
from survey_service.waves.terms import READERS, READERS_WITHOUT_SPONSOR, K, Terms
from survey_service.workspaces import allowance, schedule
from survey_service.workspaces.models import Workspace
from survey_service.workspaces.scope import Scope

__all__ = [
    "APART",
    "AlreadyLaunched",
    "AskedTooRecently",
    "ClosesTooSoon",
    "ClosingUnset",
    "NotApproved",
    "RosterTooSmall",
    "SponsorUnclear",
    "WaveTooSoon",
    "WorkspaceLeaves",
    "about_last_wave",
    "asked_elsewhere",
    "has_report",
    "hold_workspace",
    "launch",
    "numbered",
    "obstacles",
    "standing_wave",
    "wave_of",
    "would_freeze",
]

APART = timedelta(days=14)


def wave_of(engagement: Engagement) -> Wave | None:
    """The engagement's latest wave, lost or not; None before launch."""
    chosen = select(Wave).where(Wave.engagement_id == engagement.id).order_by(Wave.number.desc()).limit(1)
    return db.session.scalar(chosen)


def numbered(engagement: Engagement, number: int) -> Wave:
    """The engagement's wave of that number. Raises NotFound."""
    chosen = select(Wave).where(Wave.engagement_id == engagement.id, Wave.number == number)
    found = db.session.scalar(chosen)
    if found is None:
        raise NotFound
    return found


def standing_wave(engagement: Engagement) -> Wave | None:
    """The latest wave; None where it was lost, or released and the next is prepared: all may be changed."""
    wave = wave_of(engagement)
    if wave is None or wave.state == "lost":
        return None
    return None if wave.state == "released" and engagement.prepares_next else wave


def obstacles(engagement: Engagement, *, at: datetime, k: int = K) -> list[Refusal]:
    """What still stands in the way, in the order to settle it; none: it may be launched."""
    standing = standing_wave(engagement)
    if standing is not None and standing.state != "released":
        return [AlreadyLaunched()]
    if db.session.get_one(Workspace, engagement.workspace_id).deletes_at is not None:
        return [WorkspaceLeaves()]
    return [
        *about_last_wave(engagement, at),
        *_about_people(engagement, at, k),
        *fitness.obstacles(engagement),
        *_about_dates(engagement, at),
        *_about_sponsor(engagement),
    ]


def launch(
    scope: Scope, engagement: Engagement, *, installation: Installation, at: datetime, k: int = K
) -> Wave:
    """Freeze the terms, make the wave's key, ask everyone.

    ``k``: 5, or 9 against two insiders. Raises the first obstacle, KeyMissing; menu.BelowFloor for another k.
    """
    menu.steps(k)
    if not scope.may("work"):
        raise NotAllowed
    hold_workspace(engagement)
    desk.lock(engagement)
    shelf.hold(engagement.instrument)
    for obstacle in obstacles(engagement, at=at, k=k):
        raise obstacle
    shelf.freeze(engagement.instrument, at=at)
    _need_letters(engagement, installation, at)
    wave = _freeze(scope, engagement, installation, at, k)
    engagement.prepares_next = False
    _ask_everyone(engagement, wave, at)
    _announce(engagement, scope, wave, at)
    return wave


def hold_workspace(engagement: Engagement) -> None:
    """As it is now, and nobody else's until the transaction ends.

    Of two launches at one moment the second sees whom the first asks; one at the moment of a deletion
    (leaving.py) comes before it or after it.
    """
    held = select(Workspace).where(Workspace.id == engagement.workspace_id).with_for_update(key_share=True)
    db.session.scalars(held.execution_options(populate_existing=True)).one()


def _need_letters(engagement: Engagement, installation: Installation, at: datetime) -> None:
    """Raises allowance.TooManyLetters."""
    allowance.need(
        engagement.workspace_id,
        sum(roster.sizes(engagement).values()),
        limit=installation.settings.new_workspace_limit,
        operator=installation.settings.operator,
        at=at,
    )


def has_report(engagement: Engagement) -> bool:
    """Whether a wave of it has been released."""
    return _last_released_at(engagement) is not None


def about_last_wave(engagement: Engagement, at: datetime) -> Iterator[Refusal]:
    """WaveTooSoon in the fortnight after the last report."""
    released_at = _last_released_at(engagement)
    if released_at is not None and released_at + APART > at:
        yield WaveTooSoon(from_on=moment(released_at + APART, engagement.time_zone))


def _last_released_at(engagement: Engagement) -> datetime | None:
    last = select(func.max(Release.released_at)).join(Wave).where(Wave.engagement_id == engagement.id)
    return db.session.scalar(last)


def _about_people(engagement: Engagement, at: datetime, k: int) -> Iterator[Refusal]:
    size = sum(roster.sizes(engagement).values())
    if size < k:
        yield RosterTooSmall(size=size, needed=k)
    shared = asked_elsewhere(engagement, at, identity.known_people(engagement))
    if shared >= K:
        yield AskedTooRecently(count=shared)


def _about_dates(engagement: Engagement, at: datetime) -> Iterator[Refusal]:
    if engagement.closes_at is None:
        yield ClosingUnset()
    elif engagement.closes_at < at + timedelta(hours=1):
        yield ClosesTooSoon()


def _about_sponsor(engagement: Engagement) -> Iterator[Refusal]:
    sponsor = sponsors.of(engagement)
    if sponsor is None:
        if not engagement.has_no_sponsor:
            yield SponsorUnclear()
    elif not sponsors.is_approved(engagement):
        yield NotApproved(sponsor=sponsor.name)


def asked_elsewhere(engagement: Engagement, at: datetime, people: Collection[tuple[str | None, str]]) -> int:
    """Rule 15: how many of these people another wave of the workspace asks, or asked until 14 days ago.

    ``people``: address and name; where either roster has no address, who has the name counts as the same.
    """
    recent = (
        select(Stakeholder.email, Stakeholder.name)
        .join(Invitation, Invitation.stakeholder_id == Stakeholder.id)
        .join(Wave, Wave.id == Invitation.wave_id)
        .join(Engagement, Engagement.id == Wave.engagement_id)
        .outerjoin(Release, Release.wave_id == Wave.id)
        .where(
            Engagement.workspace_id == engagement.workspace_id,
            Engagement.id != engagement.id,
            Wave.state.in_(("open", "closing")) | (Release.released_at > at - APART),
        )
        .distinct()
    )
    others = [(email, same_name(name)) for email, name in db.session.execute(recent)]
    addresses, names = {email for email, _ in others if email}, {name for _, name in others}
    on_paper = {name for email, name in others if not email}
    return sum(
        email in addresses or same_name(name) in (on_paper if email else names) for email, name in people
    )


def would_freeze(
    scope: Scope, engagement: Engagement, operator: str, *, at: datetime, number: int = 1, k: int = K
) -> Terms:
    """The terms as they would be if it were launched now; without a closing time, a fortnight is assumed.

    Needs at least one person on the roster: ValueError otherwise.
    """
    sponsor = sponsors.of(engagement)
    instrument = shelf.find(engagement.instrument).instrument
    sizes = roster.sizes(engagement)
    return Terms(
        wave=number,
        workspace=scope.workspace_name,
        operator=operator,
        buyer=engagement.buyer,
        change=engagement.change,
        sponsor=sponsor.name if sponsor else None,
        k=k,
        groups=tuple(sizes.items()),
        instrument=engagement.instrument,
        language=engagement.language,
        time_zone=engagement.time_zone,
        launched_at=at.replace(microsecond=0),
        closes_at=engagement.closes_at or at + APART,
        believed_step=engagement.believed_step,
        sheet_length=paper.sheet_length(instrument, sizes),
        text_length=paper.text_length(instrument),
        readers=READERS if sponsor else READERS_WITHOUT_SPONSOR,
        instrument_sha256=shelf.fingerprint(engagement.instrument),
    )


def _freeze(scope: Scope, engagement: Engagement, installation: Installation, at: datetime, k: int) -> Wave:
    last, key = wave_of(engagement), fresh_key()
    number = last.number + 1 if last else 1
    terms = would_freeze(scope, engagement, installation.settings.operator, at=at, number=number, k=k)
    wave = Wave(
        engagement_id=engagement.id,
        number=number,
        key=key,
        state="open",
        terms=terms.canonical,
        terms_sha256=terms.sha256,
        public_key=keys.make_pair(installation.keys, keeping.wave_key(key)),
        launched_at=terms.launched_at,
        closes_at=terms.closes_at,
        reminders=engagement.reminders,
    )
    keeping.turn_mark(wave, installation.keys, at=at)
    db.session.add(wave)
    db.session.flush()
    return wave


def _ask_everyone(engagement: Engagement, wave: Wave, at: datetime) -> None:
    """One invitation each; whoever has no address, or wants no letters from this workspace, is counted and
    not written to."""
    people = roster.people(engagement)
    days = schedule.read(wave.reminders)
    reached = contact.reached(engagement.workspace_id, people)
    for invitation, person in zip(sending.invite_all(people, wave_id=wave.id), people, strict=True):
        if person.id not in reached:
            continue
        sending.write(invitation, person, workspace_id=engagement.workspace_id, at=at)
        zone = zones.known(person.time_zone, engagement.time_zone)
        reminders.plan(invitation, wave.launched_at, wave.closes_at, zone, after=wave.launched_at, days=days)
    db.session.flush()


def _announce(engagement: Engagement, scope: Scope, wave: Wave, at: datetime) -> None:
    journal.note(
        "launched",
        who=scope.who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts={"wave": wave.number, "terms": wave.terms_sha256},
    )
    telling.sellers("seller-launched", engagement, at=at)
    telling.sellers_in_time(wave, at=at)
