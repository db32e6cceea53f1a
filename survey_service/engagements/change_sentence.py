"""The change in one neutral sentence: what would turn people against it is found early. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from survey_service.engagements.roster_words import fold, listed, tidy
from survey_service.foundation.i18n import lazy_gettext as _l

MOST_CHARACTERS: Final = 140
MOST_WORDS: Final = 25
READ: Final = 1000  #: characters looked at; beyond, too long is all there is to say

Severity = Literal["refusal", "warning"]

#: Code -> sentence; its placeholders are the facts of the finding.
FINDINGS: Final[Mapping[str, Any]] = {
    "empty": _l("Say in one sentence what would change."),
    "too-long": _l("This has %(characters)s characters; at most %(most)s are possible."),
    "too-many-words": _l("This has %(words)s words. Up to %(most)s read well on a phone."),
    "several-sentences": _l("Say it in one sentence."),
    "names-seller": _l("“%(name)s” names a supplier. Say what would change, whoever supplies it."),
    "seems-to-name-seller": _l("“%(name)s” is also a supplier's name. Another word would be clearer."),
    "link": _l("Leave out links and addresses: “%(text)s”."),
    "trademark": _l("Leave out %(sign)s: the sentence names no product."),
    "exclamation": _l("An exclamation mark sounds like advertising. Leave it out."),
    "question": _l("Write a statement rather than a question."),
    "shouting": _l("“%(text)s” in capital letters reads as shouting."),
    "praise": _l("“%(word)s” praises the change. Let people judge for themselves."),
}

#: What stops the sentence; everything else is advice.
REFUSED: Final = frozenset({"empty", "too-long", "several-sentences", "names-seller", "link", "trademark"})

LEGAL_FORMS: Final = listed(
    """
    ab ag bv co company corp corporation eg gmbh group gruppe holding inc kg kgaa limited llc llp ltd
    mbh nv oy plc pty sa sarl sas se spa srl the ug und and
    """
)
LINK: Final = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b(?:[\w-]+\.)+(?:com|org|net|io|de|at|ch|eu|fr|es|uk|ai|app|biz|info)\b",
    re.IGNORECASE,
)
TRADEMARK: Final = re.compile(r"[™®©℠]|\((?:tm|r|c)\)", re.IGNORECASE)
SHOUTED: Final = re.compile(r"\b[^\W\d_a-zß-öø-ÿ]{7,}\b|\b[^\W\d_a-z]{3,}(?:\s+[^\W\d_a-z]{2,})+\b")
ENDING: Final = re.compile(r"(\S*?)[.!?…؟۔。]+[\"'”“»)]*\s+(?=\S)")
ABBREVIATIONS: Final = listed(
    """
    abt approx bspw bzw ca co corp dept dr eg engl etc evtl ggf ie inc incl inkl ltd max min mr mrs ms
    no nr prof rd resp s sog st str ua usw vgl vs z zzt
    """
)
PRAISE: Final = re.compile(
    r"\b(?:"
    r"best|leading(?! to)|innovative|innovation|cutting[ -]edge|world[ -]class|state[ -]of[ -]the[ -]art|"
    r"revolutionary|game[ -]chang\w+|seamless(?:ly)?|superior|unique|powerful|award[ -]winning|"
    r"next[ -]generation|groundbreaking|unrivalled|amazing|great|exciting|smart|modern|beste[nmrs]?|"
    r"(?:führend|innovativ|einzigartig|erstklassig|revolutionär|wegweisend|zukunftsweisend|zukunftssicher|"
    r"nahtlos|modernst|leistungsstark|preisgekrönt|überlegen|großartig|spannend|bahnbrechend|smart|modern|"
    r"marktführend|hochmodern)(?:e[nmrs]?)?"
    r")\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Finding:
    """Something about the sentence: a key of FINDINGS and its facts."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Whether the sentence cannot be used so, or merely could be better."""
        return "refusal" if self.code in REFUSED else "warning"

    def __str__(self) -> str:
        return str(FINDINGS[self.code]) % self.facts


def lint(sentence: str, *, seller_names: Iterable[str]) -> tuple[Finding, ...]:
    """What is wrong with the change sentence, refusals first; () for a good one.

    ``seller_names`` are the workspace's name and any other by which the supplier is known; company forms
    ("GmbH") in them do not count.
    """
    text = tidy(sentence)
    if not text:
        return (Finding("empty"),)
    found = list(_length(text))
    found += [finding for look in _LOOKS for finding in look(text[:READ])]
    if len(sentence.strip().splitlines()) > 1 and Finding("several-sentences") not in found:
        found.append(Finding("several-sentences"))
    found += _sellers(text[:READ], seller_names)
    return tuple(sorted(found, key=lambda finding: finding.severity))


def _length(text: str) -> Iterator[Finding]:
    if len(text) > MOST_CHARACTERS:
        yield Finding("too-long", {"characters": len(text), "most": MOST_CHARACTERS})
    words = len(text.split())
    if words > MOST_WORDS:
        yield Finding("too-many-words", {"words": words, "most": MOST_WORDS})


def _sentences(text: str) -> Iterator[Finding]:
    if any(not _is_abbreviation(end[1]) or end[0].strip()[-1] in "!?" for end in ENDING.finditer(text)):
        yield Finding("several-sentences")


def _is_abbreviation(word: str) -> bool:
    plain = fold(word).replace(" ", "")
    return len(plain) <= 1 or plain.isdigit() or plain in ABBREVIATIONS or "." in word


def _signs(text: str) -> Iterator[Finding]:
    for link in LINK.finditer(text):
        yield Finding("link", {"text": link[0]})
    for sign in dict.fromkeys(TRADEMARK.findall(text)):
        yield Finding("trademark", {"sign": sign})
    if re.search("[!¡]", text):
        yield Finding("exclamation")
    if re.search("[?¿؟]", text):
        yield Finding("question")


def _tone(text: str) -> Iterator[Finding]:
    shouted = SHOUTED.search(text)
    if shouted:
        yield Finding("shouting", {"text": shouted[0]})
    for word in dict.fromkeys(PRAISE.findall(text)):
        yield Finding("praise", {"word": word})


_LOOKS: Final[tuple[Callable[[str], Iterator[Finding]], ...]] = (_sentences, _signs, _tone)


def _sellers(text: str, names: Iterable[str]) -> Iterator[Finding]:
    for name in dict.fromkeys(tidy(name) for name in names):
        core = _core(name)
        if core and f" {core} " in f" {fold(text)} ":
            yield Finding(
                "seems-to-name-seller" if _is_common_word(core, text) else "names-seller", {"name": name}
            )


def _core(name: str) -> str:
    """The name's words without company forms; the whole name where nothing else is left."""
    words = fold(name).split()
    return " ".join(word for word in words if word not in LEGAL_FORMS) or " ".join(words)


def _is_common_word(core: str, text: str) -> bool:
    """A one-word name that the sentence uses in small letters only ("move") may simply be the word."""
    spelled = [word for word in re.findall(r"\w+", text) if fold(word) == core]
    return bool(spelled) and all(word.islower() for word in spelled)
