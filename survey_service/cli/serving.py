"""Two processes under one roof: the site and the timetable; Ctrl-C stops both."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from types import FrameType
from typing import Any, Final
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from gunicorn.app.base import BaseApplication
from sqlalchemy import select

from survey_service.cli import demo
from survey_service.foundation import counting, site
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.foundation.upgrade import is_current
from survey_service.scheduler import runner
from survey_service.workspaces.models import Workspace

STOP_SECONDS = 8
STOPS = (signal.SIGINT, signal.SIGTERM)
#: As docs/operations.md starts it in production, without gunicorn's lines about its start.
GUNICORN: Final[Mapping[str, Any]] = {
    "worker_class": site.worker_class,
    "workers": site.workers,
    "threads": site.threads,
    "graceful_timeout": site.graceful_timeout,
    "forwarded_allow_ips": site.forwarded_allow_ips,
    "forwarder_headers": site.forwarder_headers,
    "secure_scheme_headers": site.secure_scheme_headers,
    "logger_class": site.logger_class,
    "loglevel": "warning",
}


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
    counting.need(settings.limits_url)
    if not is_current():
        raise TablesOld
    if settings.development and db.session.scalar(select(Workspace.id).limit(1)) is None:
        demo.make(installation())
    db.session.remove()
    db.engine.dispose()
    app = current_app._get_current_object()  # type: ignore[attr-defined] # a proxy, to mypy
    asked = _listen()
    children = [_start(Site(app, place).run), _start(partial(runner.run_forever, app))]
    if settings.development:
        click.echo(demo.banner(settings.base_url))
    sys.exit(_wait(children, asked))


def run_timetable() -> None:
    """The timetable alone, in this process."""
    if not is_current():
        raise TablesOld
    db.session.remove()
    runner.run_forever(current_app._get_current_object())  # type: ignore[attr-defined] # a proxy, to mypy


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


class Site(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """Gunicorn around an app that is already here."""

    def __init__(self, app: Flask, place: str) -> None:
        self._app, self._place = app, place
        super().__init__()

    def load_config(self) -> None:
        """Settings of foundation/site.py; nothing from a file."""
        for name, value in {**GUNICORN, "bind": self._place}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Nothing is imported again: each worker is a copy of this process."""
        return self._app


def _start(work: Callable[[], object]) -> ForkProcess:
    """A copy of this process at other work: it need not import everything once more, which takes seconds.

    In a session of its own, so that Ctrl-C reaches it once, through us.
    """
    child = get_context("fork").Process(target=_apart, args=(work,))
    child.start()
    return child


def _apart(work: Callable[[], object]) -> None:
    os.setsid()
    for number in STOPS:  # not as its parent listens; its work sets its own
        signal.signal(number, signal.SIG_DFL)
    work()


def _listen() -> list[int]:
    """The signals to stop that come from now on: before there are children, so that none is left behind."""
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in STOPS:
        signal.signal(number, note)
    return asked


def _wait(children: Sequence[ForkProcess], asked: Sequence[int]) -> int:
    """Until a signal or the end of either; then stop all. Exit status 0 after a signal."""
    while not asked and all(child.exitcode is None for child in children):
        time.sleep(0.2)
    codes = [child.exitcode for child in children]
    _stop(children)
    return 0 if asked else next((code for code in codes if code), 1)


def _stop(children: Sequence[ForkProcess]) -> None:
    for child in children:
        if child.exitcode is None:
            child.terminate()
    for child in children:
        child.join(STOP_SECONDS)
        if child.exitcode is None:
            child.kill()
