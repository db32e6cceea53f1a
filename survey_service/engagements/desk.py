"""Opening, finding and changing engagements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from survey_service import journal
from survey_service.collection import shelf
from survey_service.engagements import change_sentence
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotAllowed, NotFound, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.tokens import fresh_key
from survey_service.workspaces.models import Workspace
from survey_service.workspaces.schedule import Schedule
from survey_service.workspaces.scope import Scope

LONGEST_BUYER = 120
#: What may be changed until launch.
WORDS = (
    "buyer",
    "change",
    "language",
    "time_zone",
    "closes_at",
    "believed_step",
    "instrument",
    "has_no_sponsor",
    "reminders",
)


class Launched(Refusal):
    """The terms are frozen."""

    sentence = _l("This engagement has been launched; its terms are frozen.")


class BadChange(Refusal):
    """The change sentence would turn people against it."""

    sentence = _l("The sentence about the change cannot be used: %(reason)s")


class BadBuyer(Refusal):
    """No name, or a name nobody can read in a heading."""

    sentence = _l("Give the buying organisation's name, in at most %(most)d characters.")


class ClosesInThePast(Refusal):
    """A closing time that has gone by."""

    sentence = _l("The closing time has already passed. Choose a later day or time.")


def usual_reminders(scope: Scope) -> str:
    """The schedule a new engagement of the workspace begins with, as it is written."""
    return db.session.get_one(Workspace, scope.workspace_id).reminders


def find(scope: Scope, key: str) -> Engagement:
    """The workspace's engagement of that key. Raises NotFound."""
    chosen = select(Engagement).where(Engagement.key == key, Engagement.workspace_id == scope.workspace_id)
    found = db.session.scalar(chosen)
    if found is None:
        raise NotFound
    return found


def hold(scope: Scope, key: str) -> Engagement:
    """The same, its row locked until the transaction ends, so that nobody launches meanwhile."""
    found = find(scope, key)
    lock(found)
    return found


def lock(engagement: Engagement) -> None:
    """Read it as it is now, its row locked until the transaction ends. Raises NotFound: it was discarded."""
    held = select(Engagement).where(Engagement.id == engagement.id).with_for_update()
    if db.session.scalar(held.execution_options(populate_existing=True)) is None:
        raise NotFound


def all_of(scope: Scope) -> Sequence[Engagement]:
    """The workspace's engagements, newest first."""
    chosen = select(Engagement).where(Engagement.workspace_id == scope.workspace_id)
    return db.session.scalars(chosen.order_by(Engagement.id.desc())).all()


def open_engagement(
    scope: Scope,
    *,
    buyer: str,
    change: str,
    language: str,
    time_zone: str,
    closes_at: datetime | None,
    believed_step: int | None,
    instrument: str,
    sponsor_name: str,
    sponsor_email: str,
    has_no_sponsor: bool,
    at: datetime,
    reminders: Schedule | None = None,
) -> Engagement:
    """A new engagement, with its sponsor where one is named.

    ``reminders``: None takes the workspace's own schedule. Raises NotAllowed, NotFound for a strange
    instrument, BadBuyer, BadChange, ClosesInThePast, AddressRefused, sponsors.FromTheSeller.
    """
    _need_work(scope)
    shelf.need(scope, instrument)
    if closes_at is not None and closes_at <= at:
        raise ClosesInThePast
    made = Engagement(
        workspace_id=scope.workspace_id,
        key=fresh_key(),
        buyer=_buyer(buyer),
        change=_change(scope, change),
        language=language,
        time_zone=time_zone,
        created_at=at,
        closes_at=closes_at,
        believed_step=believed_step,
        instrument=instrument,
        has_no_sponsor=has_no_sponsor,
        reminders=reminders.written if reminders else usual_reminders(scope),
    )
    db.session.add(made)
    db.session.flush()
    if sponsor_email and not has_no_sponsor:
        sponsors.name_sponsor(made, name=sponsor_name, email=sponsor_email)
    _note("engagement opened", scope, made, at)
    return made


def change_engagement(
    scope: Scope,
    key: str,
    *,
    launched: bool,
    has_report: bool,
    at: datetime,
    sponsor_name: str = "",
    sponsor_email: str = "",
    **words: Any,  # noqa: ANN401 - the fields of WORDS, each with its own type
) -> Engagement:
    """Change what may be changed before launch; naming no address takes the sponsor back.

    ``has_report``: a wave has been released, so its sponsor stays. Raises NotAllowed, NotFound, Launched,
    BadBuyer, BadChange, AddressRefused, sponsors.FromTheSeller, sponsors.SponsorStays.
    """
    _need_work(scope)
    engagement = find(scope, key)
    need_unlaunched(engagement, launched=launched)
    if unknown := set(words) - set(WORDS):
        raise TypeError(f"not a field of an engagement: {unknown}")
    if "buyer" in words:
        words["buyer"] = _buyer(words["buyer"])
    if "change" in words:
        words["change"] = _change(scope, words["change"])
    if "instrument" in words:
        shelf.need(scope, words["instrument"])
    if "reminders" in words:
        words["reminders"] = words["reminders"].written
    for name, value in words.items():
        setattr(engagement, name, value)
    email = "" if engagement.has_no_sponsor else sponsor_email
    sponsors.settle(engagement, name=sponsor_name, email=email, stays=has_report)
    db.session.flush()
    _note("engagement changed", scope, engagement, at)
    return engagement


def need_unlaunched(engagement: Engagement, *, launched: bool) -> None:
    """Raises Launched; waves know, engagements are told."""
    if launched:
        raise Launched


def _need_work(scope: Scope) -> None:
    if not scope.may("work"):
        raise NotAllowed


def _buyer(text: str) -> str:
    plain = " ".join(text.split())
    if not plain or len(plain) > LONGEST_BUYER:
        raise BadBuyer(most=LONGEST_BUYER)
    return plain


def _change(scope: Scope, text: str) -> str:
    """The sentence, tidy and ending in a full stop."""
    plain = " ".join(text.split())
    for finding in change_sentence.lint(plain, seller_names=[scope.workspace_name]):
        if finding.severity == "refusal":
            raise BadChange(reason=str(finding))
    return plain if plain[-1:] in ".!?…" else f"{plain}."


def _note(event: str, scope: Scope, engagement: Engagement, at: datetime) -> None:
    journal.note(
        event, who=scope.who, at=at, workspace_id=engagement.workspace_id, engagement_id=engagement.id
    )
