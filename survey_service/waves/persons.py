"""What is held about one address, and its erasure; of answers nothing can be found, and nobody looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, true

from survey_service.engagements import erasure
from survey_service.engagements.models import Engagement, Sponsor, Stakeholder
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.invitations import contact
from survey_service.invitations.models import Invitation
from survey_service.outbox.letters import QUIET
from survey_service.outbox.models import Dispatch
from survey_service.waves import launch
from survey_service.waves.lost import UNDECIDED
from survey_service.waves.models import Proposal, Release, Wave
from survey_service.workspaces import making
from survey_service.workspaces.models import Member, MemberInvitation, Workspace

#: Read by whoever asked, so in every language; the command says it in English.
CANNOT = _l(
    "Answers cannot be looked up: sheets carry no name, address or time, and are destroyed with their key "
    "when a survey closes. Until then only the receipt, which nobody here has, finds a sheet to withdraw it."
)


class SurveyOpen(Refusal):
    """The roster is frozen, its sponsor has agreed; after a report, those asked count for a fortnight."""

    sentence = _l(
        "A survey at %(buyers)s with this person on its list is open, or its report is not yet a fortnight "
        "old. Until then only whoever runs this server can erase them; the person can stop all letters by "
        "the link at the end of each."
    )


class SeveralOfThatName(Refusal):
    """A name is not enough to tell them apart."""

    sentence = _l(
        "Several lists hold somebody of that name without an e-mail address. "
        "Whoever runs this server can erase the right one, by the engagement’s key and the name."
    )


@dataclass(frozen=True)
class Held:
    """Everything with the address in it, as plain facts; reminders are left out, for they would tell whose
    link was not used."""

    address: str
    rosters: list[dict[str, Any]]
    sponsor_of: list[str]
    proposed_for: list[str]
    invited_to: list[str]
    account: dict[str, Any] | None
    wants_no_letters_from: list[str]
    letters: list[dict[str, str]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held at all."""
        return not any(value for name, value in vars(self).items() if name != "address")


def held(address: str, *, workspace_id: int | None = None) -> Held:
    """What is held in one workspace; None: in all. The account is told where it belongs to it.

    ``address``: or the name of somebody on a roster without one.
    """
    email = address.strip().lower()
    return Held(
        address=email,
        rosters=[_on_roster(one) for one in _people(address, workspace_id)],
        sponsor_of=[one.key for one in _sponsored(email, workspace_id)],
        proposed_for=[wave.engagement.key for _, wave in _proposals(email, workspace_id)],
        invited_to=[one.workspace.name for one in _asked_to_join(email, workspace_id)],
        account=_account(email, workspace_id),
        wants_no_letters_from=_refused_by(email, workspace_id),
        letters=[{"kind": one.kind, "state": one.state} for one in _letters(email, workspace_id)],
    )


def erase(
    address: str, *, who: str, at: datetime, workspace_id: int | None = None, while_open: bool = False
) -> list[str]:
    """Erase the address from rosters, proposals, invitations to join and the outbox; keys of the rosters.

    What they sent counts on, unknown, whether they sent anything or not. ``while_open``: also where a survey
    runs, or in the fortnight after its report, by the operator alone: a seller could shape a roster its
    sponsor has agreed to, or ask the same people again at once (rule 15). Raises SurveyOpen,
    SeveralOfThatName.
    """
    email = address.strip().lower()
    people = _people(address, workspace_id)
    engagements = [db.session.get_one(Engagement, one.engagement_id) for one in people]
    if sum(one.email is None for one in people) > 1:
        raise SeveralOfThatName
    if not while_open:
        _need_at_rest(engagements, at)
    for engagement in engagements:
        erasure.erase(engagement, address, who=who, at=at)
    for proposal, _ in _proposals(email, workspace_id):
        _strike_out(proposal, email)
    for asked in _asked_to_join(email, workspace_id):
        db.session.delete(asked)
    if not _sponsored(email, workspace_id):  # a sponsor still has to hear from us, whatever a seller wishes
        chosen = func.lower(Dispatch.to_address) == email
        db.session.execute(delete(Dispatch).where(chosen, _within(Dispatch.workspace_id, workspace_id)))
    db.session.flush()
    return [one.key for one in engagements]


def _need_at_rest(engagements: Sequence[Engagement], at: datetime) -> None:
    """Their rows are locked, so that nobody launches meanwhile."""
    numbers = [one.id for one in engagements]
    held = select(Engagement.id).where(Engagement.id.in_(numbers)).order_by(Engagement.id)
    db.session.execute(held.with_for_update())
    moving = Wave.state.in_(UNDECIDED) | (Release.released_at > at - launch.APART)
    chosen = select(Wave.engagement_id).outerjoin(Release).where(Wave.engagement_id.in_(numbers), moving)
    found = set(db.session.scalars(chosen))
    if found:
        raise SurveyOpen(buyers=", ".join(sorted({one.buyer for one in engagements if one.id in found})))


def _within(column: Any, workspace_id: int | None) -> ColumnElement[bool]:  # noqa: ANN401 - columns of many
    return true() if workspace_id is None else column == workspace_id


def _people(address: str, workspace_id: int | None) -> Sequence[Stakeholder]:
    chosen = select(Stakeholder).join(Engagement).where(erasure.is_called(address))
    chosen = chosen.where(_within(Engagement.workspace_id, workspace_id))
    return db.session.scalars(chosen.order_by(Stakeholder.id)).all()


def _on_roster(one: Stakeholder) -> dict[str, Any]:
    """Name, group and how many surveys they were asked in; never whether a link was used."""
    asked = select(func.count()).select_from(Invitation).where(Invitation.stakeholder_id == one.id)
    engagement = db.session.get_one(Engagement, one.engagement_id)
    return {
        "engagement": engagement.key,
        "buyer": engagement.buyer,
        "name": one.name,
        "group": one.group.name,
        "language": one.language,
        "asked_in": db.session.scalar(asked) or 0,
    }


def _sponsored(email: str, workspace_id: int | None) -> Sequence[Engagement]:
    chosen = select(Engagement).join(Sponsor).where(func.lower(Sponsor.email) == email)
    return db.session.scalars(chosen.where(_within(Engagement.workspace_id, workspace_id))).all()


def _proposals(email: str, workspace_id: int | None) -> list[tuple[Proposal, Wave]]:
    chosen = select(Proposal, Wave).join(Wave, Wave.id == Proposal.wave_id)
    chosen = chosen.join(Engagement, Engagement.id == Wave.engagement_id)
    rows = db.session.execute(chosen.where(_within(Engagement.workspace_id, workspace_id))).all()
    return [(row[0], row[1]) for row in rows if any(_is(one, email) for one in row[0].people)]


def _is(proposed: Mapping[str, str], words: str) -> bool:
    """Whether this person proposed has the address, or without one the name; both in lower case."""
    return (proposed["email"] or proposed["name"]).lower() == words


def _strike_out(proposal: Proposal, email: str) -> None:
    proposal.people = [one for one in proposal.people if not _is(one, email)]
    if not proposal.people:
        db.session.delete(proposal)


def _asked_to_join(email: str, workspace_id: int | None) -> Sequence[MemberInvitation]:
    chosen = select(MemberInvitation).where(func.lower(MemberInvitation.email) == email)
    return db.session.scalars(chosen.where(_within(MemberInvitation.workspace_id, workspace_id))).all()


def _account(email: str, workspace_id: int | None) -> dict[str, Any] | None:
    found = making.by_address(email)
    if found is None:
        return None
    chosen = select(Workspace.name).join(Member).where(Member.account_id == found.id)
    names = list(db.session.scalars(chosen.where(_within(Workspace.id, workspace_id))))
    if workspace_id is not None and not names:
        return None
    return {"name": found.name, "since": found.created_at.isoformat(), "workspaces": names}


def _refused_by(email: str, workspace_id: int | None) -> list[str]:
    chosen = select(Workspace).where(_within(Workspace.id, workspace_id)).order_by(Workspace.id)
    return [one.name for one in db.session.scalars(chosen) if contact.is_refused(one.id, email)]


def _letters(email: str, workspace_id: int | None) -> Sequence[Dispatch]:
    chosen = select(Dispatch).where(func.lower(Dispatch.to_address) == email, Dispatch.kind.not_in(QUIET))
    chosen = chosen.where(_within(Dispatch.workspace_id, workspace_id))
    return db.session.scalars(chosen.order_by(Dispatch.id)).all()
