"""What is wrong with how a statement is worded: it leads, asks two things, names a product, or is too long.

An answer to such a statement says nothing sure. Looked for by words and signs, so a clever sentence can slip
through and a reader still has the last word; but nothing that is found may be asked.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from survey_service.instrument.model import Words

MOST_WORDS: Final = 14
#: Kind of fault -> language -> expressions to look for.
SUSPECT: Final[Mapping[str, Mapping[str, list[str]]]] = tomllib.loads(
    (Path(__file__).parent / "suspect_words.toml").read_text(encoding="utf-8")
)
#: A slash between words joins two ideas in every language.
SLASH: Final = re.compile(r"\w\s?/\s?\w+")
#: Signs of a product: a trademark, an address, small and capital letters mixed (ShopFlow, iPhone), a name
#: with the number of its version (Suite 365, Planner 2.0).
PRODUCT: Final = re.compile(
    r"\w*\s?[™®℠]|https?://\S+|www\.\S+|"
    r"\b(?:[A-Z]?[a-zà-ÿ]+[A-Z][A-Za-zà-ÿ]+)\b|\b[A-Z][\w-]+ v?\d+(?:\.\d+)*\b"
)
SENTENCES: Final[Mapping[str, str]] = {
    "leading": "“{words}” pushes towards an answer",
    "double": "asks two things at once (“{words}”)",
    "product": "“{words}” names a product or a supplier",
    "long": "has {words} words; {most} are the most",
}


@dataclass(frozen=True)
class Fault:
    """One fault of a statement: a key of SENTENCES, and the facts it needs."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**self.facts)


def lint(text: str, language: str, *, names: Iterable[str] = ()) -> list[Fault]:
    """What is wrong with a statement; ``names`` are those of suppliers and products to keep out."""
    return [fault for look in _LOOKS for fault in look(text, language)] + list(_named(text, names))


def check(words: Words, *, names: Iterable[str] = ()) -> Iterator[str]:
    """One sentence for each fault of an instrument's words. Concerns may be joined, statements may not."""
    named = tuple(names)
    for id_, text in words.questions.items():
        yield from (f"{words.language} {id_} {fault}." for fault in lint(text, words.language, names=named))
    for id_, text in {**words.concerns, **words.open_questions}.items():
        faults = (fault for fault in lint(text, words.language, names=named) if fault.code in ANYWHERE)
        yield from (f"{words.language} {id_} {fault}." for fault in faults)


#: Faults that are faults of a concern or an open question too.
ANYWHERE: Final = frozenset({"leading", "product"})


def _leading(text: str, language: str) -> Iterator[Fault]:
    yield from (
        Fault("leading", {"words": found}) for found in _words(SUSPECT["leading"].get(language, []), text)
    )
    if text.rstrip().endswith(("!", "؟!", "?!")):
        yield Fault("leading", {"words": "!"})


def _double(text: str, language: str) -> Iterator[Fault]:
    joined = [
        *_words(SUSPECT["joining"].get(language, []), text),
        *(found[0] for found in SLASH.finditer(text)),
    ]
    if joined:
        yield Fault("double", {"words": joined[0]})


def _product(text: str, _language: str) -> Iterator[Fault]:
    yield from (Fault("product", {"words": found[0].strip()}) for found in PRODUCT.finditer(text))


def _long(text: str, _language: str) -> Iterator[Fault]:
    count = len(text.split())
    if count > MOST_WORDS:
        yield Fault("long", {"words": count, "most": MOST_WORDS})


_LOOKS: Final[tuple[Callable[[str, str], Iterator[Fault]], ...]] = (_leading, _double, _product, _long)


def _named(text: str, names: Iterable[str]) -> Iterator[Fault]:
    listed = [re.escape(name.strip()) for name in names if name.strip()]
    yield from (Fault("product", {"words": found}) for found in _words(listed, text))


def _words(expressions: Sequence[str], text: str) -> Iterator[str]:
    """What of them stands in the text by itself."""
    if expressions:
        standing = re.compile(rf"(?<!\w)(?:{'|'.join(expressions)})(?!\w)", re.IGNORECASE)
        yield from (found[0] for found in standing.finditer(text))
