"""The print room: pages that wait to become PDFs, and finished PDFs, as files in one folder.

A page is named by its own hash, so the same page is printed once: a second request is served from disk. A
file's name says its state; renaming is the claim, and whoever renamed it prints it.
"""

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.reports import pdf

log = logging.getLogger(__name__)

#: A page that has been printing for so long was left by a worker that died.
ABANDONED = timedelta(minutes=2)
#: A finished PDF nobody asked for in so long is thrown away.
KEPT = timedelta(days=30)
WAITING, UNDER_WAY, FINISHED, FAILED = ".html", ".printing", ".pdf", ".failed"


class PrintingFailed(Refusal):
    """The worker could not make the PDF."""

    sentence = _l("The PDF could not be made. It has been noted; ask for it once more in a while.")


@dataclass(frozen=True)
class PrintRoom:
    """Where pages wait and PDFs lie; the site and its worker share the folder."""

    folder: Path

    def printed(self, html: str) -> bytes:
        """The page as PDF, at once: from disk, or made here and kept. Raises PdfUnavailable."""
        kept = self._file(html, FINISHED)
        if not kept.is_file():
            self._write(kept, pdf.render_pdf(html))
        return kept.read_bytes()

    def fetch(self, html: str, *, at: datetime) -> bytes | None:
        """The page's PDF if it is finished, else None; it is then ordered. Raises PrintingFailed, once."""
        kept = self._file(html, FINISHED)
        if kept.is_file():
            os.utime(kept, (at.timestamp(), at.timestamp()))
            return kept.read_bytes()
        failed = self._file(html, FAILED)
        if failed.is_file():
            failed.unlink(missing_ok=True)
            raise PrintingFailed
        if not self._file(html, WAITING).is_file() and not self._file(html, UNDER_WAY).is_file():
            self._write(self._file(html, WAITING), html.encode())
        return None

    def before(self, html: str, *, at: datetime) -> int | None:
        """How many pages are printed before this one; None once its own turn has come."""
        page = self._file(html, WAITING)
        if not page.is_file():
            return None
        return sum(_age(one, at) > _age(page, at) for one in self._files(f"*{WAITING}"))

    def print_waiting(self, *, at: datetime) -> int:
        """Print every page that waits, oldest first; how many. One that fails is marked and logged."""
        return sum(self._print(page) for page in self._waiting(at))

    def throw_away_old(self, *, at: datetime) -> int:
        """Delete what nobody has asked for in KEPT, whatever its state; how many."""
        old = [file for file in self._files("*") if _age(file, at) > KEPT]
        for file in old:
            file.unlink(missing_ok=True)
        return len(old)

    def empty(self) -> None:
        """Delete every page and PDF: one of them may show what has just been erased."""
        for file in self._files("*"):
            file.unlink(missing_ok=True)

    def _waiting(self, at: datetime) -> Iterator[Path]:
        for left in self._files(f"*{UNDER_WAY}"):
            if _age(left, at) > ABANDONED:
                _renamed(left, WAITING)
        yield from sorted(
            self._files(f"*{WAITING}"), key=lambda file: (_age(file, at), file.name), reverse=True
        )

    def _print(self, page: Path) -> bool:
        claimed = _renamed(page, UNDER_WAY)
        if claimed is None:
            return False
        os.utime(claimed)
        try:
            self._write(page.with_suffix(FINISHED), pdf.render_pdf(claimed.read_text("utf-8")))
        except Exception:
            log.exception("a report could not be printed")
            self._write(page.with_suffix(FAILED), b"")
            return False
        finally:
            claimed.unlink(missing_ok=True)
        return True

    def _files(self, pattern: str) -> list[Path]:
        return [file for file in self.folder.glob(pattern) if file.is_file()]

    def _file(self, html: str, state: str) -> Path:
        return self.folder / f"{hashlib.sha256(html.encode()).hexdigest()}{state}"

    def _write(self, path: Path, content: bytes) -> None:
        """Whole or not at all: another process may be reading."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)


def _renamed(file: Path, state: str) -> Path | None:
    """The file under its new name; None where another was faster."""
    try:
        return file.rename(file.with_suffix(state))
    except FileNotFoundError:
        return None


def _age(file: Path, at: datetime) -> timedelta:
    try:
        return timedelta(seconds=at.timestamp() - file.stat().st_mtime)
    except FileNotFoundError:  # another worker took it
        return timedelta()
