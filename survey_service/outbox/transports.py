"""How a letter leaves: by SMTP, or into the development mailbox. Only here is SMTP spoken."""

import smtplib
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from survey_service.foundation.settings import Settings
from survey_service.outbox.envelope import PLAIN_ADDRESS, Letter
from survey_service.outbox.mailbox import Mailbox

TIMEOUT = 30.0
#: A server may take this many seconds to accept a letter it has read (RFC 5321, 4.5.3.2.6 allows 600).
PATIENCE = 300.0
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
#: Answers about us, not about the recipient: authentication wanted, refused or too weak (RFC 4954).
ABOUT_US = {530, 534, 535, 538}


class NotSent(Exception):
    """A letter did not certainly leave. ``code``: the server's answer, or one word for what happened."""

    def __init__(self, code: object) -> None:
        super().__init__(str(code))
        self.code = str(code)


class Later(NotSent):
    """The server did not take this letter now."""


class Refused(NotSent):
    """The server will never take this letter for this recipient."""


class Unreachable(NotSent):
    """The server takes no letters from us now, whoever they are for."""


class Unsure(NotSent):
    """The letter was handed over, and the connection broke before the answer."""


#: Whether the letter may leave; the caller writes down that it is leaving.
Begin = Callable[[], bool]


class Transport(Protocol):
    """Carries letters; a context manager that may keep one connection for many."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, letter: Letter, begin: Begin = lambda: True) -> None:
        """Hand the letter over. Raises Later, Refused, Unreachable, Unsure.

        ``begin`` is called once, before any of the letter's content leaves; where it says no, none does.
        """


def transport_for(settings: Settings) -> Transport:
    """The mail server if there is one, else the development mailbox."""
    if settings.smtp_url is None:
        return Mailbox(settings.data_dir / "mailbox")
    return Smtp(settings.smtp_url)


class Smtp:
    """A mail server: smtp://, smtp+starttls:// or smtps://, with name:password percent-encoded.

    The connection is made at the first letter and kept; certificates are checked against ``context``, by
    default the system's. At most one letter takes eight time-outs and one PATIENCE, twice.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT, context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or PORTS[parts.scheme]
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._timeout = timeout
        self._context = context
        self._connection: smtplib.SMTP | None = None
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._hang_up()
        self._connection = None

    def greet(self) -> None:
        """Call the server, with TLS and name as letters would, and hang up. Raises Unreachable."""
        with self:
            self._connected()

    def send(self, letter: Letter, begin: Begin = lambda: True) -> None:
        """Hand the letter over. A connection that has served and then tires is replaced once."""
        was_used = self._connection is not None and self._carried > 0
        permit = _Permit(begin)
        try:
            self._carry(letter, permit)
        except Unreachable:
            self._hang_up()
            if not was_used:
                raise
            self._carry(letter, permit)
        except NotSent:
            raise
        except BaseException:  # the caller's own: nothing of this letter may stay on the connection
            self._hang_up()
            raise

    def _carry(self, letter: Letter, permit: "_Permit") -> None:
        smtp = self._connected()
        try:
            codes = self._announce(smtp, letter, permit)
        except (OSError, smtplib.SMTPException) as trouble:
            raise Unreachable(_name(trouble)) from trouble
        if codes[0] != 250:  # that is about us, not about the recipient
            raise Unreachable(codes[0])
        try:
            for code, good in zip(codes[1:], ((250, 251, 252), (354,)), strict=False):
                _accept(code, *good)
        except (Later, Refused):
            self._forget_letter(is_open=codes[-1] == 354)
            raise
        if not permit.is_given():
            self._hang_up()
            return
        self._hand_over(smtp, letter.content)
        self._carried += 1

    def _announce(self, smtp: smtplib.SMTP, letter: Letter, permit: "_Permit") -> list[int]:
        """MAIL, RCPT and DATA, and the answers' codes up to one that is no; ``permit`` is asked meanwhile.

        Where the server takes commands in one go (RFC 2920) this is one round trip and not three.
        """
        commands = [
            f"MAIL FROM:{_angled(letter.sender)}",
            f"RCPT TO:{_angled(letter.recipient)}",
            "DATA",
        ]
        if smtp.has_extn("pipelining"):
            smtp.send("".join(f"{command}\r\n" for command in commands))
            permit.is_given()
            return [smtp.getreply()[0] for _ in commands]
        codes: list[int] = []
        for command in commands:
            smtp.send(f"{command}\r\n")
            permit.is_given()
            codes.append(smtp.getreply()[0])
            if codes[-1] >= 400:
                break
        return codes

    def _hand_over(self, smtp: smtplib.SMTP, content: bytes) -> None:
        """Content and final dot in one go; from here on a break leaves it open whether the letter left."""
        stuffed = content.replace(b"\r\n.", b"\r\n..")
        end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            smtp.send(stuffed + end)
            if smtp.sock is not None:
                smtp.sock.settimeout(max(PATIENCE, self._timeout))
            code, _ = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._timeout)
        except (OSError, smtplib.SMTPException) as trouble:
            self._hang_up()
            raise Unsure(_name(trouble)) from trouble
        if code == 421:
            self._hang_up()
            raise Later(code)
        _accept(code, 250)

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._call()
            except (OSError, smtplib.SMTPException) as trouble:
                raise Unreachable(_name(trouble)) from trouble
            self._carried = 0
        return self._connection

    def _call(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            context = self._context or ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=context
            )
        else:
            smtp = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            if self._scheme == "smtp+starttls":
                smtp.starttls(context=self._context or ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if self._login:
                smtp.login(*self._login)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _forget_letter(self, *, is_open: bool) -> None:
        """Ready for the next letter, or for a new connection; ``is_open``: the server waits for content."""
        try:
            if self._connection is not None and is_open:
                self._connection.docmd(".")  # RFC 2920, 3.1: nobody is left to take it
            elif self._connection is not None:
                self._connection.rset()
        except (OSError, smtplib.SMTPException):
            self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


class _Permit:
    """Asked as often as it takes, given or refused once."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._answer: bool | None = None

    def is_given(self) -> bool:
        """What the caller said."""
        if self._answer is None:
            self._answer = self._begin()
        return self._answer


def _angled(address: str) -> str:
    """As it stands in a command. (The standard library takes any address apart: 0.03 ms.)"""
    return f"<{address}>" if PLAIN_ADDRESS.fullmatch(address) else smtplib.quoteaddr(address)


def _accept(code: int, *good: int) -> None:
    """Raises what the answer means; 421 says the server is closing, whatever was asked."""
    if code in good:
        return
    if code == 421 or code in ABOUT_US:
        raise Unreachable(code)
    raise Refused(code) if code >= 500 else Later(code)


def _name(trouble: Exception) -> str:
    """The answer's code where there is one, else the kind of trouble; never words, they may name people."""
    code = getattr(trouble, "smtp_code", None)
    return str(code) if isinstance(code, int) else type(trouble).__name__
