"""The development mailbox: letters as files, one each, to be read in the browser."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path
from types import TracebackType
from typing import Self

from survey_service.foundation.errors import NotFound
from survey_service.outbox.envelope import Letter
from survey_service.outbox.headers import POLICY

NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{12}")
ENDING = ".eml"


@dataclass(frozen=True)
class Kept:
    """One letter in the mailbox, by its headers."""

    name: str
    to: str
    address: str
    subject: str
    at: datetime


class Mailbox:
    """A directory of .eml files. Sending the same letter again at the same moment keeps one."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __enter__(self) -> Self:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def send(self, letter: Letter, begin: Callable[[], bool] = lambda: True) -> None:
        """Keep the letter; it is there whole or not at all."""
        if not begin():
            return
        headers = BytesHeaderParser(policy=POLICY).parsebytes(letter.content)
        mark = hashlib.sha256(str(headers["Message-ID"]).encode()).hexdigest()[:12]
        path = self.directory / f"{headers['Date'].datetime:%Y%m%dT%H%M%S}-{mark}{ENDING}"
        draft = path.with_suffix(".part")
        draft.write_bytes(letter.content)
        draft.replace(path)

    def letters(self, to: str = "") -> Iterator[Kept]:
        """Newest first; ``to``: only those whose recipient holds this text, in any case."""
        for path in self._paths():
            with path.open("rb") as file:
                headers = BytesHeaderParser(policy=POLICY).parse(file)
            kept = _kept(path.stem, headers)
            if to.casefold() in kept.to.casefold():
                yield kept

    def read(self, name: str) -> EmailMessage:
        """One letter. Raises NotFound."""
        path = self.directory / f"{name}{ENDING}"
        if not NAME.fullmatch(name) or not path.is_file():
            raise NotFound
        with path.open("rb") as file:
            return BytesParser(policy=POLICY).parse(file)

    def _paths(self) -> list[Path]:
        """Within one second, as they were written."""
        found = [
            (path.name[:15], path.stat().st_mtime_ns, path) for path in self.directory.glob(f"*{ENDING}")
        ]
        return [path for _, _, path in sorted(found, reverse=True)]


def _kept(name: str, headers: EmailMessage) -> Kept:
    return Kept(
        name=name,
        to=str(headers["To"]),
        address=headers["To"].addresses[0].addr_spec,
        subject=str(headers["Subject"]),
        at=headers["Date"].datetime,
    )
