"""What lies inside a box, and its fixed length: a box's size must say nothing about its content."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from survey_service.instrument.model import Instrument

Answer = int | str
LONGEST_CODE = "dk"
BYTES_PER_CHARACTER = 4  # UTF-8's longest; JSON's escapes of what may stand in a text are shorter


#: Bytes of a text that waits: 400 characters of four bytes, and what stands around them.
NOTE_LENGTH = 2048


class TooLong(ValueError):
    """Content beyond what the terms made room for."""


@dataclass(frozen=True)
class Ballot:
    """One person's answers on their way into the box.

    ``answers`` maps question ids to 1..5, 'dk' or 'na' (skipped: absent); ``texts`` are the two open answers.
    """

    answers: Mapping[str, Answer]
    concerns: tuple[str, ...]
    texts: tuple[str, str] = ("", "")


def sheet_length(instrument: Instrument, groups: Iterable[str]) -> int:
    """Bytes of the largest possible sheet of a wave: all answered, every concern, the longest group."""
    full = Ballot(
        answers={question.id: LONGEST_CODE for question in instrument.questions},
        concerns=tuple(concern.id for concern in instrument.concerns),
    )
    return max(len(_encode(_sheet(group, full))) for group in groups)


def text_length(instrument: Instrument) -> int:
    """Bytes of the largest possible pair of texts, in any language."""
    room = sum(text.limit * BYTES_PER_CHARACTER for text in instrument.open_questions)
    return len(_encode({"texts": ["", ""]})) + room


def sheet(group: str, ballot: Ballot, length: int) -> bytes:
    """The padded plaintext of a sheet box. Raises TooLong."""
    return _padded(_sheet(group, ballot), length)


def texts(ballot: Ballot, length: int) -> bytes:
    """The padded plaintext of a text box: the two texts and no group. Raises TooLong."""
    return _padded({"texts": [clean(text) for text in ballot.texts]}, length)


def note(question: str, text: str) -> bytes:
    """One text as it waits for the sponsor; all of one length, beyond any limit of an instrument of ours."""
    return _encode({"question": question, "text": text}).ljust(NOTE_LENGTH)


def read(plaintext: bytes) -> dict[str, Any]:
    """What a box held. Raises ValueError where it is no paper of ours."""
    content = json.loads(plaintext)
    if not isinstance(content, dict):
        raise ValueError("a box holds an object")
    return content


def clean(text: str) -> str:
    """The text without control characters and half characters; line breaks stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(one for one in lines if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs"))
    return kept.strip()


def _sheet(group: str, ballot: Ballot) -> dict[str, Any]:
    return {
        "group": group,
        "answers": {question: ballot.answers[question] for question in sorted(ballot.answers)},
        "concerns": sorted(ballot.concerns),
    }


def _encode(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _padded(content: Mapping[str, Any], length: int) -> bytes:
    """Trailing spaces are no part of JSON's value, so padding needs no marker."""
    plain = _encode(content)
    if len(plain) > length:
        raise TooLong
    return plain.ljust(length)
