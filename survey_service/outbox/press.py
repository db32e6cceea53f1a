"""Setting letters: what many of them share is set once, with holes; the rest is put in for each recipient.

Ten thousand invitations of a wave differ in name, address, link and Message-ID. Drawing templates and folding
headers for each took 4 ms of processor time a letter; filling holes takes a quarter of one.
"""

import re
import secrets
from binascii import b2a_qp
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from typing import Any

from email_validator import validate_email
from markupsafe import escape

from survey_service.outbox import logos, wording
from survey_service.outbox.envelope import PLAIN_ADDRESS, Letter
from survey_service.outbox.headers import POLICY
from survey_service.outbox.letters import LETTERS, UNSEEN
from survey_service.outbox.models import Dispatch

LONGEST_NAME = 100
LONGEST_SUBJECT = 200
LINE = 70
#: Facts that differ from recipient to recipient; templates may show them, and ask whether they are there.
PERSONAL = ("recipient_name", "link", "stop_link")
#: Nobody can write a hole into a name or a change: its mark is this process's own.
MARK = f"hole{secrets.token_hex(8)}"
_HOLES = {name: f"{MARK}{name}" for name in (*PERSONAL, "to", "identity", "text", "html")}
_FIND = re.compile(f"({'|'.join(_HOLES.values())})")
_NAMES = {mark: name for name, mark in _HOLES.items()}
_SOFT = b"=\r\n"
#: Sets kept at once; letters to accounts and sellers hardly ever share one.
MOST_KEPT = 64


@dataclass(frozen=True)
class _Set:
    """A letter with holes: bytes as they leave, none where a hole is, and the place and filling of each hole.

    Those of headers and HTML are filled by their marks; those of the text are whole lines with marks in them.
    """

    pieces: list[bytes]
    headers: list[tuple[int, str]]
    lines: list[tuple[int, str]]
    html: list[tuple[int, str]]

    def add(self, pieces: Iterable[bytes | str], holes: list[tuple[int, str]]) -> None:
        """Bytes, and what fills a hole."""
        for piece in pieces:
            if isinstance(piece, str):
                holes.append((len(self.pieces), piece))
            self.pieces.append(piece if isinstance(piece, bytes) else b"")

    def filled(self, headers: Mapping[str, bytes], facts: Mapping[str, str]) -> bytes:
        """The letter whose holes these are; ``facts``: mark -> what the recipient reads there."""
        pieces = list(self.pieces)
        for place, mark in self.headers:
            pieces[place] = headers[mark]
        for place, one in self.lines:
            pieces[place] = _line_of_text(one, facts)
        inside = {mark: _inside_html(fact) for mark, fact in facts.items()}
        for place, mark in self.html:
            pieces[place] = inside[mark]
        return b"".join(pieces)


class Press:
    """Sets letters for one moment, that of their Date, and one sender's address."""

    def __init__(self, *, mail_from: str, at: datetime) -> None:
        self._own_name, self._address = parseaddr(mail_from)
        self._at = at
        self._kept: dict[object, _Set] = {}

    def letter(self, dispatch: Dispatch, context: Mapping[str, Any]) -> Letter:
        """The letter as it leaves: text and HTML from the kind's templates, in the dispatch's language.

        ``context``: what the templates need; besides, ``sender`` is the name it comes from, ``logo`` a PNG's
        or JPEG's bytes shown at its top, ``stop_link`` makes List-Unsubscribe headers and ``reply_to`` an
        address for answers, where the kind has one. Raises ValueError for an address that cannot stand in a
        header, and what the templates raise.
        """
        facts = {_HOLES[name]: unseen(str(context[name])) for name in PERSONAL if context.get(name)}
        stop_link = facts.get(_HOLES["stop_link"], "")
        pieces = self._set_for(dispatch, context, facts, is_secure=stop_link.startswith("https:"))
        address = _addressable(dispatch.to_address)
        headers = {
            _HOLES["to"]: _to(dispatch.to_name, address),
            _HOLES["identity"]: dispatch.message_id.encode("ascii"),
            _HOLES["stop_link"]: _unfolded(stop_link),
        }
        return Letter(sender=self._address, recipient=address, content=pieces.filled(headers, facts))

    def _set_for(
        self, dispatch: Dispatch, context: Mapping[str, Any], holes: Mapping[str, str], *, is_secure: bool
    ) -> _Set:
        shared = tuple(item for item in context.items() if item[0] not in PERSONAL)
        key = (dispatch.kind, dispatch.language, is_secure, *holes, *shared)
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            names = [_NAMES[mark] for mark in holes]
            self._kept[key] = self._set(dispatch, context, names, is_secure=is_secure)
        return self._kept[key]

    def _set(
        self, dispatch: Dispatch, context: Mapping[str, Any], personal: Sequence[str], *, is_secure: bool
    ) -> _Set:
        kind, picture = LETTERS[dispatch.kind], logos.fitting(context.get("logo"))
        reply_to = context.get("reply_to") if kind.may_be_answered else None
        holes = {name: _HOLES[name] for name in personal}
        shown = {
            **context,
            **holes,
            "may_be_answered": bool(reply_to),
            "logo": logos.NAME if picture else None,
        }
        words = wording.render(dispatch.kind, dispatch.language, shown)
        letter = self._addressed(context.get("sender"), reply_to)
        letter["Subject"] = line(words.subject, LONGEST_SUBJECT)
        letter["Date"] = self._at
        if kind.may_be_stopped and "stop_link" in personal:
            _add_stop(letter, is_secure=is_secure)
        letter.set_content(_HOLES["text"], cte="quoted-printable")
        letter.add_alternative(_HOLES["html"], subtype="html", cte="quoted-printable")
        letter["Content-Language"] = words.language  # last: a change of content drops the Content- headers
        if picture:
            logos.attach(letter, picture)
        return _taken_apart(letter, _lines(words.text), _markup(words.html))

    def _addressed(self, sender: str | None, reply_to: str | None) -> EmailMessage:
        """The envelope: who writes, under which name it is known, and that a machine sent it."""
        letter = EmailMessage(policy=POLICY)
        letter["From"] = _address(sender or self._own_name, self._address)
        letter["To"] = _HOLES["to"]
        if reply_to:
            letter["Reply-To"] = _address("", reply_to)
        letter["Message-ID"] = f"<{_HOLES['identity']}@{self._address.rpartition('@')[2]}>"
        # RFC 3834, and what Exchange heeds: no out-of-office answer may tell who was written to.
        letter["Auto-Submitted"] = "auto-generated"
        letter["X-Auto-Response-Suppress"] = "All"
        return letter


def compose(dispatch: Dispatch, context: Mapping[str, Any], *, mail_from: str, at: datetime) -> Letter:
    """One letter by itself; see Press.letter."""
    return Press(mail_from=mail_from, at=at).letter(dispatch, context)


def _taken_apart(letter: EmailMessage, text: list[bytes | str], html: list[bytes | str]) -> _Set:
    """Headers and parts, the bodies put in where their holes are."""
    made = _Set([], [], [], [])
    for piece in _FIND.split(letter.as_bytes().decode("ascii")):
        if piece == _HOLES["text"]:
            made.add(text, made.lines)
        elif piece == _HOLES["html"]:
            made.add(html, made.html)
        else:
            made.add([piece if piece in _NAMES else piece.encode()], made.headers)
    return made


def _lines(text: str) -> list[bytes | str]:
    """The text's lines, encoded up to those with a hole, which are wrapped when they are filled."""
    pieces: list[bytes | str] = []
    done = ""
    for one in wording.plain(text, leave=MARK).splitlines(keepends=True):
        if MARK in one:
            pieces += [_encoded(done), one.removesuffix("\n")]
            done = ""
        else:
            done += one
    return [*pieces, _encoded(done.removesuffix("\n"))]  # the last line's end is the frame's


def _line_of_text(one: str, facts: Mapping[str, str]) -> bytes:
    filled = _FIND.sub(lambda found: facts[found[0]], one)
    return _encoded(f"{wording.wrapped(filled)}\n")


def _markup(html: str) -> list[bytes | str]:
    """The HTML, encoded around its holes; "=" and a line's end, which say nothing, lie between the pieces."""
    pieces = _FIND.split(html.removesuffix("\n"))
    return [piece if piece in _NAMES else _encoded(piece) + _SOFT for piece in pieces[:-1]] + [
        _encoded(pieces[-1])
    ]


def _inside_html(fact: str) -> bytes:
    return _encoded(escape(fact)) + _SOFT


def _encoded(text: str) -> bytes:
    """Quoted-printable, lines ended by CRLF."""
    return b2a_qp(text.encode("utf-8", "replace").replace(b"\n", b"\r\n"), istext=True)


def _add_stop(letter: EmailMessage, *, is_secure: bool) -> None:
    """RFC 8058: a mail program may stop by one POST; only https counts."""
    letter["List-Unsubscribe"] = f"<{_HOLES['stop_link']}>"
    if is_secure:
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _unfolded(link: str) -> bytes:
    """A link as it stands in a header. Raises ValueError where it is more than printable ASCII."""
    if not (link.isascii() and link.isprintable()):
        raise ValueError("a header of links holds printable ASCII only")
    return link.encode()


def _address(name: str, address: str) -> Address:
    """Name and address for a header the standard library writes."""
    return Address(line(name, LONGEST_NAME), addr_spec=_addressable(address))


def _addressable(address: str) -> str:
    """As it may stand in a header; a domain in letters of its own becomes xn--. Raises ValueError."""
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    if not address.isascii():
        checked = validate_email(address, check_deliverability=False, globally_deliverable=False)
        address = checked.ascii_email or address
    return Address(addr_spec=address).addr_spec


def _to(name: str, address: str) -> bytes:
    """The recipient, folded. (The standard library parses what it writes: 0.25 ms; 0.5 with an umlaut.)"""
    shown = line(name, LONGEST_NAME)
    if not shown.isascii():
        shown = Header(shown, "utf-8", header_name="To").encode(linesep="\r\n")
    elif shown:
        shown = formataddr((shown, "")).removesuffix(" <>")
    fold = "\r\n" if len(shown) + len(address) > LINE else ""
    return (f"{shown}{fold} <{address}>" if shown else address).encode("ascii")


def line(text: str, longest: int) -> str:
    """One line for a header, without anything unseen, cut at ``longest`` characters.

    An encoded word (RFC 2047) in a name is broken up: the standard library would decode it on the way into
    the header, line ends and all.
    """
    clean = unseen(text.replace("=?", "= ?"))
    return clean if len(clean) <= longest else f"{clean[: longest - 1].rstrip()}…"


def unseen(text: str) -> str:
    """The text on one line, without control characters and marks that turn the reading direction."""
    return " ".join(UNSEEN.sub(" ", text).split())
