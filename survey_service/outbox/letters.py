"""Letters: which kinds there are, how one is put into the outbox, and what leaves in the end."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey_service.foundation.db import db
from survey_service.outbox.models import Dispatch

#: What must not stand in a header: control characters, and marks that turn the reading direction.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


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
    "seller-erasure": Kind(),
    "sponsor-erasure": Kind(),
    "workspace-leaving": Kind(),
    "sponsor-leaving": Kind(),
    "workspace-gone": Kind(),
    "workspace-stays": Kind(),
    "sponsor-stays": Kind(),
    "test-letter": Kind(),
    "confirm-address": Kind(),
    "already-registered": Kind(),
    "reset-password": Kind(),
    "password-changed": Kind(),
    "confirm-new-address": Kind(),
    "address-taken": Kind(),
    "address-changing": Kind(),
    "address-changed": Kind(),
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
