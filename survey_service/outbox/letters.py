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
from survey_service.outbox import wording
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
    stays uncertain. ``may_be_answered``: a reply may go to ``reply_to`` of the context.
    """

    resend: bool = True
    may_be_answered: bool = False


#: Every kind of letter; each has templates/letters/<kind>.subject.txt, .txt and .html.
LETTERS: Mapping[str, Kind] = {
    "invitation": Kind(may_be_answered=True),
    "reminder": Kind(resend=False),
    "sponsor-approval": Kind(may_be_answered=True),
    "sponsor-people": Kind(may_be_answered=True),
    "sponsor-named": Kind(may_be_answered=True),
    "sponsor-report": Kind(),
    "terms-amended": Kind(may_be_answered=True),
    "wave-lost": Kind(may_be_answered=True),
    "seller-launched": Kind(),
    "seller-report": Kind(),
    "confirm-address": Kind(),
    "already-registered": Kind(),
    "reset-password": Kind(),
    "member-invitation": Kind(),
}


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

    ``context``: what the templates need; besides, ``stop_link`` makes List-Unsubscribe headers and
    ``reply_to`` an address for answers, where the kind has one. ``at``: the Date. Raises ValueError for an
    address that cannot stand in a header.
    """
    reply_to = context.get("reply_to") if LETTERS[dispatch.kind].may_be_answered else None
    words = wording.render(dispatch.kind, dispatch.language, {**context, "may_be_answered": bool(reply_to)})
    sender = _address(*parseaddr(mail_from))
    letter = EmailMessage(policy=POLICY)
    letter["From"] = sender
    letter["To"] = _address(dispatch.to_name, dispatch.to_address)
    if reply_to:
        letter["Reply-To"] = _address("", reply_to)
    letter["Subject"] = _line(words.subject, LONGEST_SUBJECT)
    letter["Date"] = at
    letter["Message-ID"] = f"<{dispatch.message_id}@{sender.domain}>"
    # RFC 3834, and what Exchange heeds: no out-of-office answer may tell who was written to.
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    _add_stop(letter, context.get("stop_link"))
    letter.set_content(words.text)
    letter.add_alternative(words.html, subtype="html")
    letter["Content-Language"] = words.language  # last: a change of content drops the Content- headers
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
