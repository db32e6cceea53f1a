"""Instruments in and out as TOML; what cannot be taken in is named by its line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from survey_service.collection import sentences, shelf
from survey_service.collection.models import OwnInstrument
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.instrument import limits, toml_text
from survey_service.instrument.toml_text import Unread, line_of
from survey_service.workspaces.scope import Scope

STRUCTURE: Final = "structure.toml"
#: Nobody reads further before putting the first ones right.
MOST_FAULTS: Final = 40


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a text. ``line`` counts from 1; 0: the text as a whole."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return (
            _("Line %(line)s: %(sentence)s", line=self.line, sentence=self.sentence)
            if self.line
            else self.sentence
        )


class NotTaken(Refusal):
    """Nothing was imported. ``faults`` says why, line by line."""

    sentence = _l("Nothing was imported:\n%(said)s")

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(said="\n".join(map(str, faults)))
        self.faults = tuple(faults)


class OddFiles(Refusal):
    """Several files without the structure among them."""

    sentence = _l("Of several files one has to be structure.toml; the others are languages, like en.toml.")


def take_in(scope: Scope, text: str, *, title: str = "", at: datetime) -> OwnInstrument:
    """A new instrument from a TOML text; one with faults in its words is taken in, to be put right here.

    ``title``: in place of the one in the text. Raises NotAllowed, NotTaken, shelf.BadTitle.
    """
    try:
        draft, named = toml_text.read(text)
        found = limits.structure(toml_text.as_typed(text))
    except Unread as fault:
        raise NotTaken([Fault(fault.line, sentences.of_unread(fault))]) from fault
    if found:
        raise NotTaken(
            [
                Fault(line_of(text, str(one.facts["id"])), sentences.of_finding(one))
                for one in found[:MOST_FAULTS]
            ]
        )
    return shelf.put(scope, draft, title or named, at=at)


def one_text(files: Mapping[str, str]) -> str:
    """One TOML text from a file that holds everything, or from files as the packaged ones lie.

    Raises OddFiles, NotTaken.
    """
    if len(files) == 1 and STRUCTURE not in files:
        return next(iter(files.values()))
    if STRUCTURE not in files:
        raise OddFiles
    try:
        return toml_text.joined(files)
    except Unread as fault:
        raise NotTaken([Fault(fault.line, sentences.of_unread(fault))]) from fault


def give_out(row: OwnInstrument) -> str:
    """The version as one TOML text, which ``take_in`` reads again."""
    return toml_text.write(shelf.definition(row))
