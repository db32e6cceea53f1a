"""Amendments: the three changes a running wave's terms may see, each announced to all by letter (rule 11)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from survey_service.engagements import roster
from survey_service.engagements import roster_identity as identity
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement, Sponsor
from survey_service.engagements.roster_check import Person
from survey_service.foundation import zones
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotAllowed, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import listed, moment
from survey_service.invitations import reminders, sending
from survey_service.waves import announce, chain, fitness, launch, telling
from survey_service.waves.announce import NotOpen
from survey_service.waves.chain import CLOSING_MOVED, PEOPLE_ADDED, SPONSOR_REPLACED
from survey_service.waves.launch import AskedTooRecently
from survey_service.waves.models import Amendment, Proposal, Wave
from survey_service.waves.terms import K
from survey_service.workspaces import schedule
from survey_service.workspaces.scope import Scope

__all__ = [
    "NotOpen",
    "accept_people",
    "decline_people",
    "earliest_closing",
    "move_closing",
    "proposal_of",
    "propose_people",
    "proposed_people",
    "replace_sponsor",
    "take_back_people",
]

WORKING_DAYS = 2
SATURDAY = 5


class MovedAlready(Refusal):
    """The closing time moves once."""

    sentence = _l("The closing time has been moved once already; it cannot be moved again.")


class ClosesTooEarly(Refusal):
    """Less than two working days after the announcement."""

    sentence = _l("Everyone needs two working days to hear of it. The earliest closing time is %(earliest)s.")


class SameClosing(Refusal):
    """Nothing would change."""

    sentence = _l("That is the closing time already.")


class NoSponsorToAgree(Refusal):
    """Without a sponsor nobody could say yes."""

    sentence = _l("This survey has no sponsor who could agree to it, so its terms stay as they are.")


class UnknownGroups(Refusal):
    """People can join only groups the terms name."""

    sentence = _l("People can be added only to groups of the terms. Not among them: %(groups)s.")


class NobodyNew(Refusal):
    """Nobody to add, or somebody twice."""

    sentence = _l("Name people who are not on the roster yet, each once.")


class AlreadyProposed(Refusal):
    """The sponsor has not answered the last question."""

    sentence = _l("The sponsor has yet to decide about the people you proposed before.")


class NothingProposed(Refusal):
    """No people wait for the sponsor's yes."""

    sentence = _l("No people wait for a decision.")


class SameSponsor(Refusal):
    """Nothing would change."""

    sentence = _l("%(name)s is the sponsor already.")


def earliest_closing(at: datetime, zone: str) -> datetime:
    """The first closing time that may be announced at ``at``: two working days later."""
    local, left = at.astimezone(ZoneInfo(zone)), WORKING_DAYS
    while left:
        local += timedelta(days=1)
        left -= local.weekday() < SATURDAY
    return local


def move_closing(scope: Scope, engagement: Engagement, closes_at: datetime, *, at: datetime) -> Amendment:
    """Move the closing time, once, and tell everyone.

    Raises NotAllowed, NotOpen, MovedAlready, SameClosing, ClosesTooEarly.
    """
    wave = _open_wave(scope, engagement, at)
    terms = chain.current(wave)
    if any(change.kind == CLOSING_MOVED for change in chain.changes(terms)):
        raise MovedAlready
    if closes_at == terms.closes_at:
        raise SameClosing
    earliest = earliest_closing(at, terms.time_zone)
    if closes_at < earliest:
        raise ClosesTooEarly(earliest=moment(earliest, terms.time_zone))
    closes_at = closes_at.astimezone(ZoneInfo(terms.time_zone)).replace(microsecond=0)
    made = announce.add(wave, CLOSING_MOVED, at, scope.who, {"closes_at": closes_at})
    db.session.execute(update(Wave).where(Wave.id == wave.id).values(closes_at=closes_at))
    engagement.closes_at = closes_at
    db.session.refresh(wave)
    days = schedule.read(wave.reminders)
    reminders.plan_anew(wave.id, wave.launched_at, closes_at, terms.time_zone, at=at, days=days)
    announce.tell_everyone(wave, made, at)
    return made


def propose_people(
    scope: Scope, engagement: Engagement, people: Sequence[Person], *, at: datetime
) -> Proposal:
    """Ask the sponsor whether these people may be added to groups of the terms.

    Raises NotAllowed, NotOpen, NoSponsorToAgree, AlreadyProposed, NobodyNew, UnknownGroups, AskedTooRecently,
    fitness.NotWritten.
    """
    wave = _open_wave(scope, engagement, at)
    _need_sponsor(engagement)
    if proposal_of(wave) is not None:
        raise AlreadyProposed
    _need_addable(engagement, wave, people, at)
    made = Proposal(
        wave_id=wave.id, people=[one._asdict() for one in people], proposed_by=scope.who, proposed_at=at
    )
    db.session.add(made)
    db.session.flush()
    announce.note(wave, "people proposed", scope.who, at, {"count": len(people)})
    telling.the_sponsor("sponsor-people", engagement, at=at, wave_id=wave.id)
    return made


def proposal_of(wave: Wave) -> Proposal | None:
    """What waits for the sponsor's decision."""
    return db.session.scalar(select(Proposal).where(Proposal.wave_id == wave.id))


def proposed_people(proposal: Proposal) -> list[Person]:
    """The people of a proposal."""
    return [Person(**one) for one in proposal.people]


def take_back_people(scope: Scope, engagement: Engagement, *, at: datetime) -> None:
    """The seller thinks again, before the sponsor decides. Raises NotAllowed, NotOpen, NothingProposed."""
    wave = _open_wave(scope, engagement, at)
    _drop(wave)
    announce.note(wave, "people declined", scope.who, at, {})


def accept_people(engagement: Engagement, *, at: datetime) -> Amendment:
    """The sponsor's yes: they join, are invited, and everyone is told.

    Raises NotOpen, NothingProposed, and what propose_people raises where things changed meanwhile.
    """
    launch.hold_workspace(engagement)
    wave = announce.hold_open(engagement, at)
    proposal = _need_proposal(wave)
    people = proposed_people(proposal)
    _need_addable(engagement, wave, people, at)
    earlier = chain.current(wave)
    _drop(wave)
    count = Counter(one.group for one in people)
    added = tuple((group, count[group]) for group, _ in earlier.groups if count[group])
    made = announce.add(wave, PEOPLE_ADDED, at, "sponsor", {"added": added})
    announce.tell_everyone(wave, made, at)
    roster.add_all(engagement, people, who="sponsor", at=at)
    _invite(engagement, wave, people, at)
    return made


def decline_people(engagement: Engagement, *, at: datetime) -> None:
    """The sponsor's no. Raises NotOpen, NothingProposed."""
    wave = announce.hold_open(engagement, at)
    _drop(wave)
    announce.note(wave, "people declined", "sponsor", at, {})


def replace_sponsor(
    scope: Scope, engagement: Engagement, *, name: str, email: str, at: datetime
) -> Amendment:
    """Another sponsor from now on; the old one's link is void, and everyone is told, both of them too.

    Raises NotAllowed, NotOpen, NoSponsorToAgree, SameSponsor, AddressRefused, sponsors.FromTheSeller.
    """
    wave = _open_wave(scope, engagement, at)
    old = _need_sponsor(engagement)
    old_name, old_email = old.name, old.email
    new = sponsors.name_sponsor(engagement, name=name, email=email)
    if new.email == old_email:
        raise SameSponsor(name=old_name)
    made = announce.add(wave, SPONSOR_REPLACED, at, scope.who, {"sponsor": new.name})
    announce.tell_everyone(wave, made, at)
    telling.of_amendment(wave, made, to_address=old_email, to_name=old_name, at=at)
    telling.the_sponsor("sponsor-named", engagement, at=at, wave_id=wave.id)
    return made


def _open_wave(scope: Scope, engagement: Engagement, at: datetime) -> Wave:
    if not scope.may("work"):
        raise NotAllowed
    return announce.hold_open(engagement, at)


def _need_sponsor(engagement: Engagement) -> Sponsor:
    sponsor = sponsors.of(engagement)
    if sponsor is None:
        raise NoSponsorToAgree
    return sponsor


def _need_proposal(wave: Wave) -> Proposal:
    proposal = proposal_of(wave)
    if proposal is None:
        raise NothingProposed
    return proposal


def _need_addable(engagement: Engagement, wave: Wave, people: Sequence[Person], at: datetime) -> None:
    """New people, groups of the terms, and rule 15: not the people of another wave."""
    new = {one.known_by for one in people}
    if not people or len(new) != len(people) or new & identity.known(engagement):
        raise NobodyNew
    unknown = {one.group for one in people} - dict(chain.current(wave).groups).keys()
    if unknown:
        raise UnknownGroups(groups=listed(sorted(unknown)))
    fitness.need_written(engagement, {one.language for one in people})
    shared = launch.asked_elsewhere(
        engagement, at, [*((one.email, one.name) for one in people), *identity.known_people(engagement)]
    )
    if shared >= K:
        raise AskedTooRecently(count=shared)


def _drop(wave: Wave) -> None:
    db.session.delete(_need_proposal(wave))
    db.session.flush()


def _invite(engagement: Engagement, wave: Wave, added: Sequence[Person], at: datetime) -> None:
    """Ask the people just added, under the terms as they now are."""
    days = schedule.read(wave.reminders)
    people = identity.these(engagement, added)
    for invitation, person in zip(sending.invite_all(people, wave_id=wave.id), people, strict=True):
        if person.email is None:
            continue
        sending.write(invitation, person, workspace_id=engagement.workspace_id, at=at)
        zone = zones.known(person.time_zone, engagement.time_zone)
        reminders.plan(invitation, at, wave.closes_at, zone, after=at, days=days)
    db.session.flush()
