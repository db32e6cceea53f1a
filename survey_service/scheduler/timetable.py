"""The timetable: what is done when. Every entry is idempotent; any number of clocks may run it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from survey_service.foundation import vacuum
from survey_service.foundation.db import db, transaction
from survey_service.foundation.installation import Installation
from survey_service.outbox import delivery, keeping, paces
from survey_service.outbox.paces import Pace
from survey_service.outbox.postman import Postman, Watch
from survey_service.outbox.transports import Transport, transport_for
from survey_service.reports.printing import PrintRoom
from survey_service.scheduler import letters, reminding
from survey_service.waves import close, handover, leaving, lost, participation, retention
from survey_service.workspaces import sessions
from survey_service.workspaces.sessions import Limits

log = logging.getLogger(__name__)

Work = Callable[[Installation, datetime, Postman], object]


@dataclass(frozen=True)
class Every:
    """One line of the timetable. ``is_shared``: of several clocks one does it; else each does its part."""

    interval: timedelta
    name: str
    work: Work
    is_shared: bool = True


def postman(installation: Installation, *, is_stopped: Callable[[], bool] = lambda: False) -> Postman:
    """A worker as the settings want it; the development mailbox sets no pace."""
    settings = installation.settings
    has_server = settings.smtp_url is not None
    pace = Pace(settings.mail_per_host, settings.mail_per_workspace) if has_server else Pace()
    return Postman(pace=pace, watch=Watch(), is_stopped=is_stopped)


def _deliver(installation: Installation, at: datetime, postman: Postman) -> object:
    transport: Transport = transport_for(installation.settings)
    render = letters.renderer(installation, at=at)
    return delivery.deliver_due(
        transport=transport, render=render, look_ahead=render.look_ahead, at=at, postman=postman
    )


def _remind(_: Installation, at: datetime, postman: Postman) -> object:
    return reminding.remind_due(at=at, is_stopped=postman.is_stopped)


def _forget_letters(_: Installation, at: datetime, postman: Postman) -> object:
    with transaction():
        return keeping.forget_old(at=at)


def _forget_sessions(installation: Installation, at: datetime, _: Postman) -> object:
    settings = installation.settings
    limits = Limits(timedelta(minutes=settings.session_idle), timedelta(days=settings.session_days))
    with transaction():
        return sessions.forget_over(limits, at=at)


def _forget_pace(_: Installation, at: datetime, postman: Postman) -> object:
    with transaction():
        return paces.forget(at=at)


def _watch(installation: Installation, at: datetime, _: Postman) -> object:
    return lost.watch_due(installation.keys, at=at)


def _close(installation: Installation, at: datetime, _: Postman) -> object:
    return close.close_due(installation.keys, at=at)


def _hand_over(installation: Installation, at: datetime, _: Postman) -> object:
    with transaction():
        return handover.hand_over_due(at=at)


def _forget(installation: Installation, at: datetime, _: Postman) -> object:
    with transaction():
        handover.forget_unread(at=at)
    handover.destroy_read_keys(installation.keys)
    return PrintRoom(installation.print_room).throw_away_old(at=at)


def _retain(installation: Installation, at: datetime, _: Postman) -> object:
    def delete() -> int:
        return retention.retain_due(installation.keys, at=at) + leaving.delete_due(installation.keys, at=at)

    mark = installation.settings.data_dir / "cleaning-owed"
    gone = vacuum.vacuum_what_is_owed(leaving.TABLES, delete, mark=mark)
    if gone:
        PrintRoom(installation.print_room).empty()
    return gone


def _print(installation: Installation, at: datetime, _: Postman) -> object:
    return PrintRoom(installation.print_room).print_waiting(at=at)


def _participation(installation: Installation, at: datetime, _: Postman) -> object:
    with transaction():
        return participation.refresh_due(at=at)


TIMETABLE = (
    Every(timedelta(minutes=5), "watch keys", _watch),
    Every(timedelta(minutes=1), "close waves", _close),
    Every(timedelta(minutes=5), "hand reports over", _hand_over),
    Every(timedelta(minutes=5), "remind", _remind),
    Every(timedelta(minutes=30), "refresh participation", _participation),
    Every(timedelta(hours=6), "forget unread texts", _forget),
    Every(timedelta(hours=6), "forget old letters", _forget_letters),
    Every(timedelta(minutes=1), "forget last minute's pace", _forget_pace),
    Every(timedelta(hours=6), "archive and erase", _retain),
    Every(timedelta(hours=6), "forget sessions", _forget_sessions),
    Every(timedelta(seconds=3), "deliver letters", _deliver, is_shared=False),
    Every(timedelta(seconds=1), "print reports", _print, is_shared=False),
)


def run(entry: Every, installation: Installation, *, at: datetime, postman: Postman | None = None) -> bool:
    """Do one line; a failure is logged and never stops the clock. Whether it went well."""
    try:
        entry.work(installation, at, postman or Postman())
    except Exception:
        log.exception("the timetable's %r failed; it is tried again at its next turn", entry.name)
        return False
    finally:
        db.session.remove()
    return True


def tick(installation: Installation, *, at: datetime) -> list[str]:
    """The whole timetable once, as if it were ``at``; the names of the lines that failed."""
    worker = Postman()
    return [entry.name for entry in TIMETABLE if not run(entry, installation, at=at, postman=worker)]
