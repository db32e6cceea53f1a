"""The print room: ordered once, printed once, served from disk; a worker that dies loses nothing."""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey_service.reports import pdf, printing
from survey_service.reports.printing import PrintingFailed, PrintRoom

pytestmark = pytest.mark.pdf

PAGE = "<html lang=en><title>A</title><p>A page"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def room(tmp_path: Path) -> PrintRoom:
    return PrintRoom(tmp_path / "cache")


def test_a_page_waits_until_the_worker_comes_and_is_then_served_from_disk(
    room: PrintRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert room.fetch(PAGE, at=now()) is None
    assert room.fetch(PAGE, at=now()) is None
    assert room.print_waiting(at=now()) == 1
    monkeypatch.setattr(pdf, "render_pdf", None)  # from here on nothing can be printed
    made = room.fetch(PAGE, at=now())
    assert made
    assert made.startswith(b"%PDF-")
    assert room.print_waiting(at=now()) == 0
    assert room.printed(PAGE) == made


def test_who_waits_is_told_how_many_come_before(room: PrintRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [PAGE + sign for sign in "abc"]
    for minutes, page in zip((3, 2, 1), pages, strict=True):
        room.fetch(page, at=now())
        os.utime(room._file(page, printing.WAITING), (now().timestamp() - minutes * 60,) * 2)
    assert [room.before(page, at=now()) for page in pages] == [0, 1, 2]
    seen: list[int | None] = []

    def render(html: str) -> bytes:
        seen.append(room.before(html, at=now()))
        return b"%PDF-"

    monkeypatch.setattr(pdf, "render_pdf", render)
    assert room.print_waiting(at=now()) == 3
    assert seen == [None, None, None]
    assert room.before(pages[0], at=now()) is None


def test_two_workers_print_a_page_once(room: PrintRoom) -> None:
    room.fetch(PAGE, at=now())
    counts: list[int] = []
    workers = [threading.Thread(target=lambda: counts.append(room.print_waiting(at=now()))) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 1


def test_what_a_dead_worker_left_is_printed_by_the_next(room: PrintRoom) -> None:
    room.fetch(PAGE, at=now())
    waiting = next(room.folder.glob("*.html"))
    left = waiting.rename(waiting.with_suffix(printing.UNDER_WAY))
    os.utime(left)
    assert room.print_waiting(at=now()) == 0
    assert room.print_waiting(at=now() + timedelta(minutes=3)) == 1
    assert room.fetch(PAGE, at=now())


def test_a_page_that_cannot_be_printed_is_said_once_and_may_be_ordered_again(
    room: PrintRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> bytes:
        raise RuntimeError

    room.fetch(PAGE, at=now())
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "render_pdf", broken)
        assert room.print_waiting(at=now()) == 0
    with pytest.raises(PrintingFailed):
        room.fetch(PAGE, at=now())
    assert room.fetch(PAGE, at=now()) is None
    assert room.print_waiting(at=now()) == 1


def test_what_nobody_asks_for_in_thirty_days_is_thrown_away(room: PrintRoom) -> None:
    room.printed(PAGE)
    assert room.throw_away_old(at=now() + timedelta(days=29)) == 0
    room.fetch(PAGE, at=now() + timedelta(days=29))
    assert room.throw_away_old(at=now() + timedelta(days=31)) == 0
    assert room.throw_away_old(at=now() + timedelta(days=60)) == 1
    assert list(room.folder.iterdir()) == []


def test_the_folder_is_its_owners_alone(room: PrintRoom) -> None:
    room.fetch(PAGE, at=now())
    assert room.folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o077 for file in room.folder.iterdir()} == {0}
