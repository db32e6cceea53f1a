"""A post office for tests: letters to send, a mail server on this machine that takes or refuses them."""

import asyncio
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from flask import Flask
from sqlalchemy import select

from survey_service.app import create_app
from survey_service.foundation.db import db, transaction
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.outbox import delivery, letters, press
from survey_service.outbox.envelope import Letter
from survey_service.outbox.headers import POLICY
from survey_service.outbox.ledger import Report
from survey_service.outbox.models import Dispatch
from survey_service.outbox.transports import Smtp

MONDAY: Final = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
MAIL_FROM: Final = "Common Ground <no-reply@survey.example.org>"
CERTIFICATE: Final = Path(__file__).parent / "outbox" / "localhost.pem"

BASE: Final = "https://survey.example.org"
LINK: Final = f"{BASE}/a/q1w2e3r4t5z6u7i8o9p0a1s2"
BUYER: Final = {
    "workspace": "Hanse Systems",
    "buyer": "Nordlicht Energie",
    "change": "Move order handling from e-mail to one shared list.",
    "closes": "Friday, 11 December 2026, 17:00 (Berlin)",
}
ASKED: Final = {
    **BUYER,
    "sponsor": "Sam Sponsor",
    "operator": "Hanse Hosting",
    "minutes": 5,
    "days_left": 3,
    "k": 5,
    "link": LINK,
    "stop_link": f"{LINK}/stop",
    "fingerprint": "0a1b 2c3d 4e5f",
    "invited": 22,
    "closing_day": "Friday",
}
TO_SPONSOR: Final = {**BUYER, "link": f"{BASE}/s/q1w2e3r4t5z6u7i8o9p0a1s2"}
TO_SELLER: Final = {**BUYER, "link": f"{BASE}/desk/engagements/abcdefghijkm"}
TOKEN: Final = "q1w2e3r4t5z6u7i8o9p0a1s2d3f4"
CONTEXTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "invitation": ASKED,
    "reminder": ASKED,
    "last-day": {**ASKED, "days_left": 1},
    "link-again": ASKED,
    "sponsor-people": {
        **BUYER,
        "count": 3,
        "proposed_by": "Ines",
        "link": f"{BASE}/s/q1w2e3r4t5z6u7i8o9p0a1s2",
    },
    "sponsor-named": {**BUYER, "link": f"{BASE}/s/q1w2e3r4t5z6u7i8o9p0a1s2"},
    "terms-amended": {
        **BUYER,
        "kind": "closing moved",
        "added": "",
        "invited": 22,
        "sponsor": "Sam Sponsor",
        "fingerprint": "0a1b 2c3d 4e5f",
        "fingerprint_before": "5f4e 3d2c 1b0a",
        "link": LINK,
    },
    "wave-lost": {**BUYER, "is_asked": True, "link": LINK},
    "wave-cancelled": ASKED,
    "report-for-all": {
        **ASKED,
        "link": f"{BASE}/r/q1w2e3r4t5z6u7i8o9p0a1s2",
        "open_until": "Sunday, 10 January 2027, 17:00 (Berlin)",
    },
    "sponsor-approval": TO_SPONSOR,
    "sponsor-report": TO_SPONSOR,
    "sponsor-cancelled": TO_SPONSOR,
    "sponsor-texts": {
        **BUYER,
        "link": f"{BASE}/s/q1w2e3r4t5z6u7i8o9p0a1s2/texts",
        "deleted_on": "Sunday, 10 January 2027",
    },
    "wrong-person": {**TO_SPONSOR, "address": "anna@nordlicht.example", "suggestion": "Ben, in dispatch"},
    "seller-correction": {**TO_SELLER, "sponsor": "Sam Sponsor", "note": "Karl left; ask Kim."},
    "seller-launched": TO_SELLER,
    "seller-low": {**TO_SELLER, "participation": "5 answers or more", "invited": 22},
    "seller-unreachable": {**TO_SELLER, "unreachable": 3},
    "seller-report": TO_SELLER,
    "seller-erasure": {**TO_SELLER, "erased_on": "Monday, 11 December 2028"},
    "workspace-leaving": {
        "workspace": "Hanse Systems",
        "asked_by": "Ines",
        "erased_on": "Monday, 14 December 2026",
        "link": f"{BASE}/desk/settings",
    },
    "sponsor-leaving": {**TO_SPONSOR, "erased_on": "Monday, 14 December 2026"},
    "workspace-gone": {"workspace": "Hanse Systems"},
    "workspace-stays": {"workspace": "Hanse Systems", "called_back_by": "Ines", "link": f"{BASE}/desk/"},
    "sponsor-stays": TO_SPONSOR,
    "sponsor-erasure": {**TO_SPONSOR, "erased_on": "Monday, 11 December 2028"},
    "test-letter": {
        **ASKED,
        "link": f"{BASE}/desk/engagements/abcdefghijkm/preview",
        "stop_link": f"{BASE}/desk/engagements/abcdefghijkm/preview",
    },
    "confirm-address": {"link": f"{BASE}/confirm/{TOKEN}"},
    "already-registered": {"link": f"{BASE}/sign-in"},
    "password-changed": {"link": f"{BASE}/forgotten-password"},
    "confirm-new-address": {
        "name": "Anna Berg",
        "old_address": "anna@old.example",
        "link": f"{BASE}/new-address/{TOKEN}",
    },
    "address-taken": {"link": f"{BASE}/sign-in"},
    "address-changing": {"link": f"{BASE}/forgotten-password"},
    "address-changed": {"operator": "Example Hosting"},
    "reset-password": {"link": f"{BASE}/reset/{TOKEN}"},
    "member-invitation": {
        "workspace": "Hanse Systems",
        "invited_by": "Ines",
        "link": f"{BASE}/join/{TOKEN}",
    },
}
#: Nothing is left to open.
WITHOUT_LINK: Final = {"wave-cancelled", "workspace-gone", "address-changed"}


def put(to: str, kind: str = "invitation", *, name: str = "Anna Berg", due_at: datetime = MONDAY) -> Dispatch:
    """A letter in the outbox; flushed, not committed."""
    return letters.write(kind, to_address=to, to_name=name, language="en", facts={}, due_at=due_at)


def queue(*people: str, kind: str = "invitation") -> None:
    """Letters to each of these, committed."""
    with transaction():
        for person in people:
            put(person, kind)


def render(dispatch: Dispatch) -> Letter:
    """As the scheduler does, with facts made up."""
    context = {"recipient_name": dispatch.to_name, **CONTEXTS[dispatch.kind]}
    return press.compose(dispatch, context, mail_from=MAIL_FROM, at=MONDAY)


def read(letter: Letter) -> EmailMessage:
    """As the other side reads it."""
    return message_from_bytes(letter.content, policy=POLICY)


def deliver(port: int, *, at: datetime = MONDAY, render: Callable[[Dispatch], Letter] = render) -> Report:
    """One round, to the mail server at the port."""
    return delivery.deliver_due(transport=Smtp(f"smtp://127.0.0.1:{port}", timeout=5), render=render, at=at)


def deliver_elsewhere(database_url: str, place: str, port: int, at: datetime = MONDAY) -> None:
    """The same in a process of its own."""
    environ = {"SURVEY_ENV": "development", "SURVEY_DATA_DIR": place, "SURVEY_DATABASE_URL": database_url}
    with create_app(furnish(Settings.from_environ(environ))).app_context():
        deliver(port, at=at)
        db.session.remove()
        db.engine.dispose()


def rows(app: Flask) -> dict[str, Dispatch]:
    """Address -> its letter's row, as the database has it now. Needs an app context."""
    db.session.rollback()
    db.session.expire_all()
    return {row.to_address: row for row in db.session.scalars(select(Dispatch).order_by(Dispatch.id))}


class Sink:
    """A mail server: keeps what it takes, and answers as it is told.

    ``answers``: address -> answers to RCPT, used up one after the other; then it takes letters.
    ``drops``: addresses at whose letters it breaks the connection after it has read them.
    ``holds``: addresses at whose letters it says ``reading`` and waits for ``go_on``. ``pause``: seconds it
    takes for each letter. ``takes_several``: says that commands may come in one go.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: dict[str, list[str]] = {}
        self.drops: set[str] = set()
        self.holds: set[str] = set()
        self.reading, self.go_on = threading.Event(), threading.Event()
        self.most_per_connection = 1_000_000
        self.connections: Counter[Session] = Counter()
        self.logins: list[tuple[str, str]] = []
        self.lets_in = True
        self.takes_several = False
        self.pause = 0.0
        self.port = 0
        self.manner: dict[str, Any] = {}
        self._controller: Controller | None = None

    def come_back(self) -> None:
        """Listen; on the same port as before."""
        self.port = self.port or free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self.manner)
        self._controller.start()

    def leave(self) -> None:
        """Nobody listens any more."""
        if self._controller is not None:
            self._controller.stop()
        self._controller = None

    @property
    def recipients(self) -> list[str]:
        """Whom letters were taken for, in order."""
        return [letter["To"].addresses[0].addr_spec for letter in self.letters]

    def identities(self, to: str) -> list[str]:
        """The Message-IDs of the letters taken for an address."""
        return [
            str(letter["Message-ID"]) for letter in self.letters if letter["To"].addresses[0].addr_spec == to
        ]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """What it can do."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.takes_several else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A server that tires, if told so."""
        self.connections[session] += 1
        if self.connections[session] > self.most_per_connection:
            return "421 too many letters on this connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """As told for the address."""
        if self.answers.get(address):
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep it; then break the connection or wait, if told so."""
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.SMTP)
        if self.pause:
            await asyncio.sleep(self.pause)
        self.letters.append(letter)
        if self.holds & set(envelope.rcpt_tos):
            self.reading.set()
            await server.loop.run_in_executor(None, self.go_on.wait, 30)
        if self.drops & set(envelope.rcpt_tos):
            self.drops -= set(envelope.rcpt_tos)
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"

    def __call__(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """Whoever comes may come in, unless told otherwise; their credentials are kept."""
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=self.lets_in, handled=False)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@contextmanager
def sink(
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    auth_in_clear: bool = False,
) -> Iterator[Sink]:
    """A mail server on 127.0.0.1, as long as the block lasts."""
    kept = Sink()
    kept.manner = {
        "ssl_context": tls,
        "tls_context": starttls,
        "require_starttls": starttls is not None,
        "authenticator": kept,
        "auth_require_tls": not auth_in_clear,
    }
    kept.come_back()
    try:
        yield kept
    finally:
        kept.go_on.set()
        kept.leave()


def server_context() -> ssl.SSLContext:
    """The tests' own certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context
