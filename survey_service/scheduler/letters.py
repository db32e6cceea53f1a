"""What each letter says: looked up when it is sent, links made then, so that the outbox holds none."""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from survey_service.engagements.models import Engagement, Sponsor
from survey_service.foundation.db import db
from survey_service.foundation.i18n import moment, speaking
from survey_service.foundation.installation import Installation
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.outbox import letters
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import wave_letters
from survey_service.waves import chain
from survey_service.waves.models import Wave
from survey_service.workspaces import links as account_links
from survey_service.workspaces.models import Account, MemberInvitation, Workspace

MINUTES = 5

Context = dict[str, Any]
Record = TypeVar("Record")


def renderer(installation: Installation, *, at: datetime) -> Callable[[Dispatch], EmailMessage]:
    """A function from a dispatch to the letter that leaves; it raises Withdrawn where the cause is gone."""

    def render(dispatch: Dispatch) -> EmailMessage:
        with speaking(dispatch.language):
            context = {
                "recipient_name": dispatch.to_name,
                **CONTEXTS[dispatch.kind](dispatch.facts, installation, at),
            }
        return letters.compose(dispatch, context, mail_from=installation.settings.mail_from, at=at)

    return render


def _asked(facts: Mapping[str, Any], installation: Installation, at: datetime) -> Context:
    """Invitation and reminder: from the terms, as frozen. A link already used asks for nothing more."""
    invitation = _found(Invitation, facts["invitation_id"])
    wave = db.session.get_one(Wave, invitation.wave_id)
    if wave.state != "open" or at >= wave.closes_at or invitation.spent:
        raise Withdrawn
    terms = chain.current(wave)
    zone = invitation.stakeholder.time_zone or terms.time_zone
    link = f"{installation.settings.base_url}/a/{personal.token(installation.links, invitation)}"
    return {
        "workspace": terms.workspace,
        "buyer": terms.buyer,
        "change": terms.change,
        "sponsor": terms.sponsor,
        "operator": terms.operator,
        "closes": moment(terms.closes_at, zone),
        "days_left": (
            terms.closes_at.astimezone(ZoneInfo(zone)).date() - at.astimezone(ZoneInfo(zone)).date()
        ).days,
        "minutes": MINUTES,
        "link": link,
        "stop_link": f"{link}/stop",
        "fingerprint": terms.fingerprint,
        "invited": terms.stakeholders,
        "k": terms.k,
    }


def _to_sponsor(facts: Mapping[str, Any], installation: Installation, at: datetime) -> Context:
    sponsor = _found(Sponsor, facts["sponsor_id"])
    engagement = db.session.get_one(Engagement, sponsor.engagement_id)
    token = installation.links.token("sponsor", bytes.fromhex(sponsor.link), sponsor.link_version)
    return {**_about(engagement), "link": f"{installation.settings.base_url}/s/{token}"}


def _to_seller(facts: Mapping[str, Any], installation: Installation, at: datetime) -> Context:
    engagement = _found(Engagement, facts["engagement_id"])
    return {
        **_about(engagement),
        "link": f"{installation.settings.base_url}/desk/engagements/{engagement.key}",
    }


def _about(engagement: Engagement) -> Context:
    workspace = db.session.get_one(Workspace, engagement.workspace_id)
    closes = moment(engagement.closes_at, engagement.time_zone) if engagement.closes_at else None
    return {
        "workspace": workspace.name,
        "buyer": engagement.buyer,
        "change": engagement.change,
        "closes": closes,
    }


def _to_account(path: str, make: Callable[[str, Account], str] | None) -> Callable[..., Context]:
    def context(facts: Mapping[str, Any], installation: Installation, at: datetime) -> Context:
        account = _found(Account, facts["account_id"])
        base = installation.settings.base_url
        return {"link": f"{base}{path}{make(installation.settings.secret, account) if make else ''}"}

    return context


def _to_colleague(facts: Mapping[str, Any], installation: Installation, at: datetime) -> Context:
    asked = _found(MemberInvitation, facts["member_invitation_id"])
    token = account_links.invitation_token(installation.settings.secret, asked)
    return {
        "workspace": asked.workspace.name,
        "invited_by": asked.invited_by,
        "link": f"{installation.settings.base_url}/join/{token}",
    }


def _found(record: type[Record], identity: int) -> Record:
    found = db.session.get(record, identity)
    if found is None:
        raise Withdrawn
    return found


CONTEXTS: dict[str, Callable[[Mapping[str, Any], Installation, datetime], Context]] = {
    "invitation": _asked,
    "reminder": _asked,
    "sponsor-approval": _to_sponsor,
    "sponsor-people": wave_letters.to_agree,
    "sponsor-named": wave_letters.named,
    "sponsor-report": _to_sponsor,
    "terms-amended": wave_letters.amended,
    "wave-lost": wave_letters.lost,
    "seller-launched": _to_seller,
    "seller-report": _to_seller,
    "confirm-address": _to_account("/confirm/", account_links.confirm_token),
    "already-registered": _to_account("/sign-in", None),
    "reset-password": _to_account("/reset/", account_links.reset_token),
    "member-invitation": _to_colleague,
}
