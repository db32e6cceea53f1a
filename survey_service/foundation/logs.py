"""What is written down about running the site, and what never is.

In production one line of JSON an event, on standard error; in development a line for people. A fault is named
by its types and its places in the code, without its message, which could hold anything somebody typed; of the
answering pages the day alone is told, and no request, because a time beside a deposit would be a trail.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TextIO
from urllib.parse import urlsplit

from flask import g, has_request_context, request

from survey_service.foundation.settings import Settings
from survey_service.foundation.tokens import fresh_key

#: Doors opened by a link stand under these; what follows is the link.
LINKED: Final = "a|s|r|confirm|reset|join|new-address"
#: What looks like a secret or a person -> what is written in its place. In this order.
PATTERNS: Final = (
    (re.compile(r"://[^/\s@]+@"), "://[secret]@"),
    (re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*", re.UNICODE), "[address]"),
    (re.compile(rf"/({LINKED})/[^\s\"'<>,;)]+"), r"/\1/[link]"),
    (re.compile(r"\b[A-Z2-7]{4}(?:[\s–-]?[A-Z2-7]{4}){5}[\s–-]?[A-Z2-7]{2}\b", re.IGNORECASE), "[receipt]"),
    (re.compile(r"(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{24,}={0,2}"), "[secret]"),
    (re.compile(r"\b(?!127\.|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}\b"), "[network]"),
    (re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){1,7}:(?:[0-9a-f]{1,4}:?)*(?![\w:])"), "[network]"),
    (re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])"), "[network]"),
)
#: Gunicorn writes down the network address and the line of a request it cannot read.
UNREADABLE: Final = "Invalid request from ip="
FRAMES: Final = 6
RESPONDENT: Final = "respondent"


def request_id() -> str | None:
    """What a person can quote to whoever runs the server; None at the answering pages and elsewhere."""
    if not has_request_context() or is_answering():
        return None
    if "request_id" not in g:
        g.request_id = fresh_key(16)
    return str(g.request_id)


def is_answering() -> bool:
    """Whether this request came to the respondents' door, on whatever path."""
    return has_request_context() and (request.blueprint == RESPONDENT or request.path.startswith("/a/"))


class Redaction:
    """Takes out of a text whatever looks like a link, a receipt or somebody, and the settings' secrets."""

    def __init__(self, secrets: frozenset[str] = frozenset()) -> None:
        self._secrets = sorted((one for one in secrets if len(one) > 3), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        for pattern, instead in PATTERNS:
            text = pattern.sub(instead, text)
        return text


def secrets_of(settings: Settings) -> frozenset[str]:
    """The words of the settings that open something."""
    urls = (settings.database_url, settings.smtp_url or "", settings.limits_url or "")
    return frozenset({settings.secret, *(urlsplit(url).password or "" for url in urls)} - {""})


class Lines(logging.Formatter):
    """What both forms have in common."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self.redacted = redaction

    def says(self, record: logging.LogRecord) -> str:
        """The event's own words."""
        words = record.getMessage()
        if record.name == "gunicorn.error" and words.startswith(UNREADABLE):
            return "a request could not be read"
        return self.redacted(words)

    def facts(self, record: logging.LogRecord) -> dict[str, Any]:
        """Everything but words and fault."""
        at = datetime.fromtimestamp(record.created, UTC)
        about_answering = is_answering() or ".respondent" in record.name
        facts = {
            "at": f"{at:%Y-%m-%d}" if about_answering else at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "says": self.says(record),
        }
        if identity := request_id():
            facts |= {"request": identity, "route": request.endpoint or "-"}
        return facts


class ForMachines(Lines):
    """One line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Without the message of a fault."""
        facts = self.facts(record)
        if record.exc_info and record.exc_info[1] is not None:
            facts |= {"fault": list(_types(record.exc_info[1])), "places": _places(record.exc_info[1])}
        return json.dumps(facts, ensure_ascii=False)


class ForPeople(Lines):
    """A line to read while developing, with the whole trace; at the answering pages without one."""

    def format(self, record: logging.LogRecord) -> str:
        """Like Python's own, shorter."""
        facts = self.facts(record)
        line = f"{facts['at'][11:19]} {facts['level']:8} {facts['from']}: {facts['says']}".lstrip()
        if "request" in facts:
            line += f" (request {facts['request']}, {facts['route']})"
        if record.exc_info and not is_answering():
            line += "\n" + self.redacted(self.formatException(record.exc_info))
        return line


def _types(fault: BaseException | None) -> Iterator[str]:
    """The fault, and what caused it."""
    while fault is not None:
        yield f"{type(fault).__module__}.{type(fault).__qualname__}".removeprefix("builtins.")
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def _places(fault: BaseException) -> list[str]:
    frames = traceback.extract_tb(fault.__traceback__)
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-FRAMES:]]


def _short(name: str) -> str:
    return "/".join(Path(name).parts[-3:])


class _Chosen:
    """The form of this process; JSON until it is known better, as gunicorn's own process never asks."""

    formatter: logging.Formatter = ForMachines(Redaction())


def dress(logger: logging.Logger) -> None:
    """Let a logger's own handlers write in the form of this process."""
    for handler in logger.handlers:
        handler.setFormatter(_Chosen.formatter)


#: What is written from where on. Of the answering pages only faults: a visit there is never written down.
LEVELS: Final[Mapping[str, int]] = {
    "": logging.WARNING,
    "survey_service": logging.INFO,
    "survey_service.web.respondent": logging.WARNING,
    "alembic": logging.WARNING,
}


def set_up(settings: Settings, stream: TextIO | None = None) -> logging.Handler:
    """Write everything to standard error, in the form the settings want. For a process's start."""
    form = ForPeople if settings.development else ForMachines
    _Chosen.formatter = form(Redaction(secrets_of(settings)))
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Chosen.formatter)
    logging.getLogger().addHandler(handler)
    for name, level in LEVELS.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    dress(logging.getLogger("gunicorn.error"))
    return handler
