"""Two processes under one roof: the site and the timetable; Ctrl-C stops both."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType
from urllib.parse import urlsplit

import click
from flask import current_app
from sqlalchemy import select

from survey_service.cli import demo
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.foundation.upgrade import is_current
from survey_service.scheduler import runner
from survey_service.workspaces.models import Workspace

STOP_SECONDS = 8


class PortTaken(Refusal):
    """Something else listens there."""

    sentence = _l(
        "Another program already listens on %(place)s. Stop it, or set SURVEY_BASE_URL to another port."
    )


class TablesOld(Refusal):
    """Another version's tables."""

    sentence = _l("The tables are not those of this version. Run: flask survey migrate")


def serve(bind: str | None) -> None:
    """Start both processes and wait; the first that ends takes the other with it."""
    settings = installation().settings
    place = bind or _place(settings.base_url)
    _need_free(place)
    if not is_current():
        raise TablesOld
    if settings.development and db.session.scalar(select(Workspace.id).limit(1)) is None:
        demo.make(installation())
    db.session.remove()
    db.engine.dispose()
    children = [
        _start(_web(place)),
        _start([sys.executable, "-m", "flask", "--app", "wsgi", "survey", "scheduler", "run"]),
    ]
    if settings.development:
        click.echo(demo.banner(settings.base_url))
    sys.exit(_wait(children))


def run_timetable() -> None:
    """The timetable alone, in this process."""
    if not is_current():
        raise TablesOld
    db.session.remove()
    runner.run_forever(current_app._get_current_object())  # type: ignore[attr-defined]


def _place(base_url: str) -> str:
    parts = urlsplit(base_url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _need_free(place: str) -> None:
    host, _, port = place.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as fault:
            raise PortTaken(place=place) from fault


def _web(place: str) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "--bind", place),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--log-level", "warning", "--graceful-timeout", "5", "wsgi:app"),
    ]


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """In a group of its own, so that Ctrl-C reaches it once, through us."""
    return subprocess.Popen(command, start_new_session=True, env=os.environ)  # noqa: S603 - our own commands


def _wait(children: Sequence[subprocess.Popen[bytes]]) -> int:
    """Until a signal or the end of either; then stop all. Exit status 0 after a signal."""
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)
    while not asked and all(child.poll() is None for child in children):
        time.sleep(0.2)
    codes = [child.poll() for child in children]
    _stop(children)
    return 0 if asked else next((code for code in codes if code), 1)


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
