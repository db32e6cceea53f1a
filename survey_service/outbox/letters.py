"""Letters: which kinds there are, how one is put into the outbox, and what leaves in the end."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from email_validator import validate_email

from survey_service.foundation.db import db
from survey_service.outbox import logos, wording
from survey_service.outbox.headers import POLICY
from survey_service.outbox.models import Dispatch

#: What must not stand in a header: control characters, and marks that turn the reading direction.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
LONGEST_NAME = 100
LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Kind:
    """How letters of one kind are treated.

    ``resend``: a letter that may or may not have left is sent again, under the same Message-ID; else it
    stays uncertain. ``may_be_answered``: a reply may go to ``reply_to`` of the context. ``may_be_stopped``:
    a mail program's own button leads to ``stop_link`` of the context. ``is_quiet``: says that a link was not
    used when it was written; nothing of it is shown, logged or counted, and its row goes when it has left.
    """

    resend: bool = True
    may_be_answered: bool = False
    may_be_stopped: bool = False
    is_quiet: bool = False


REMINDING = Kind(resend=False, may_be_stopped=True, is_quiet=True)

#: Every kind of letter; each has templates/letters/<kind>.subject.txt, .txt and .html.
LETTERS: Mapping[str, Kind] = {
    "invitation": Kind(may_be_answered=True, may_be_stopped=True),
    "reminder": REMINDING,
    "last-day": REMINDING,
    "link-again": Kind(),
    "terms-amended": Kind(),
    "wave-lost": Kind(),
    "wave-cancelled": Kind(),
    "report-for-all": Kind(),
    "sponsor-approval": Kind(),
    "sponsor-people": Kind(),
    "sponsor-named": Kind(),
    "sponsor-report": Kind(),
    "sponsor-cancelled": Kind(),
    "sponsor-texts": Kind(),
    "wrong-person": Kind(),
    "seller-correction": Kind(),
    "seller-launched": Kind(),
    "seller-low": Kind(),
    "seller-unreachable": Kind(),
    "seller-report": Kind(),
    "test-letter": Kind(),
    "confirm-address": Kind(),
    "already-registered": Kind(),
    "reset-password": Kind(),
    "member-invitation": Kind(),
}
QUIET = tuple(kind for kind, how in LETTERS.items() if how.is_quiet)
RESENT = tuple(kind for kind, how in LETTERS.items() if how.resend)


def write(
    kind: str,
    *,
    to_address: str,
    to_name: str,
    language: str,
    facts: dict[str, Any],
    due_at: datetime,
    workspace_id: int | None = None,
    wave_id: int | None = None,
) -> Dispatch:
    """Put a letter into the outbox, in the caller's transaction; flushed.

    ``facts``: keys of records the renderer looks up when the letter is sent, never a link. Raises KeyError
    for a kind that is not in LETTERS.
    """
    LETTERS[kind]
    dispatch = Dispatch(
        kind=kind,
        to_address=to_address,
        to_name=to_name,
        language=language,
        facts=facts,
        message_id=secrets.token_hex(16),
        due_at=due_at,
        workspace_id=workspace_id,
        wave_id=wave_id,
    )
    db.session.add(dispatch)
    db.session.flush()
    return dispatch


def compose(dispatch: Dispatch, context: Mapping[str, Any], *, mail_from: str, at: datetime) -> EmailMessage:
    """The letter as it leaves: text and HTML from the kind's templates, in the dispatch's language.

    ``context``: what the templates need; besides, ``sender`` is the name it comes from, ``logo`` a PNG's or
    JPEG's bytes shown at its top, ``stop_link`` makes List-Unsubscribe headers and ``reply_to`` an address
    for answers, where the kind has one. ``at``: the Date. Raises ValueError for an address that cannot stand
    in a header.
    """
    kind, picture = LETTERS[dispatch.kind], logos.fitting(context.get("logo"))
    reply_to = context.get("reply_to") if kind.may_be_answered else None
    shown = {**context, "may_be_answered": bool(reply_to), "logo": logos.NAME if picture else None}
    words = wording.render(dispatch.kind, dispatch.language, shown)
    letter = _addressed(dispatch, context.get("sender"), reply_to, mail_from)
    letter["Subject"] = _line(words.subject, LONGEST_SUBJECT)
    letter["Date"] = at
    if kind.may_be_stopped:
        _add_stop(letter, context.get("stop_link"))
    letter.set_content(words.text)
    letter.add_alternative(words.html, subtype="html")
    letter["Content-Language"] = words.language  # last: a change of content drops the Content- headers
    if picture:
        logos.attach(letter, picture)
    return letter


def _addressed(dispatch: Dispatch, sender: str | None, reply_to: str | None, mail_from: str) -> EmailMessage:
    """The envelope: who writes to whom, under which name it is known, and that a machine sent it."""
    name, address = parseaddr(mail_from)
    letter = EmailMessage(policy=POLICY)
    letter["From"] = _address(sender or name, address)
    letter["To"] = _address(dispatch.to_name, dispatch.to_address)
    if reply_to:
        letter["Reply-To"] = _address("", reply_to)
    letter["Message-ID"] = f"<{dispatch.message_id}@{address.rpartition('@')[2]}>"
    # RFC 3834, and what Exchange heeds: no out-of-office answer may tell who was written to.
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    return letter


def _add_stop(letter: EmailMessage, stop_link: str | None) -> None:
    """RFC 8058: a mail program may stop by one POST; only https counts."""
    if stop_link is None:
        return
    letter["List-Unsubscribe"] = f"<{stop_link}>"
    if stop_link.startswith("https:"):
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _address(name: str, address: str) -> Address:
    """Name and address for a header; a domain in letters of its own becomes xn--."""
    if not address.isascii():
        checked = validate_email(address, check_deliverability=False, globally_deliverable=False)
        address = checked.ascii_email or address
    return Address(_line(name, LONGEST_NAME), addr_spec=address)


def _line(text: str, longest: int) -> str:
    """One line without anything unseen, cut at ``longest`` characters.

    An encoded word (RFC 2047) in a name is broken up: the standard library would decode it on the way into
    the header, line ends and all.
    """
    line = " ".join(UNSEEN.sub(" ", text).replace("=?", "= ?").split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
