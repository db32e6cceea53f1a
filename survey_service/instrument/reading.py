"""How old readers have to be, by the formula each language has. A hint for writers, never a refusal."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
VOWELS: Final = {
    "en": re.compile(r"[aeiouy]+", re.IGNORECASE),
    "de": re.compile(r"ei|ai|au|eu|äu|ie|[aeiouyäöü]", re.IGNORECASE),
    "fr": re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+", re.IGNORECASE),
    "es": re.compile(r"[iuü]?[aeoáéó][iuyü]?|[iuíúüy]", re.IGNORECASE),
}
#: Letters at the end that are written and not spoken.
SILENT: Final = {"en": re.compile(r"(?<=[^aeiouyl])es?$|(?<=[^td])ed$"), "fr": re.compile(r"e[sn]?t?$")}
#: Score of ease, from the top: at least so much -> age. Flesch’s own table, and INFLESZ (Barrio-Cantalejo
#: et al. 2008: very easy, primary school, newspapers, somewhat hard, hard).
EASE: Final = ((90, 11), (80, 12), (70, 13), (60, 15), (50, 18), (-1000, 19))
INFLESZ: Final = ((80, 9), (65, 12), (55, 15), (40, 18), (-1000, 20))
YOUNGEST, OLDEST = 6, 22


@dataclass(frozen=True)
class Counts:
    """Of some sentences: how many words, syllables in each word, letters in each word."""

    sentences: int
    syllables: tuple[int, ...]
    letters: tuple[int, ...]

    @property
    def words_a_sentence(self) -> float:
        """Mean length of a sentence."""
        return len(self.syllables) / self.sentences

    @property
    def syllables_a_word(self) -> float:
        """Mean length of a word."""
        return sum(self.syllables) / len(self.syllables)


def age(sentences: Iterable[str], language: str) -> int | None:
    """Years; None where nothing is to be read, or by no formula (Arabic writes few of its vowels)."""
    formula, counts = FORMULAS.get(language), _count(list(sentences), language)
    if formula is None or counts is None:
        return None
    return max(YOUNGEST, min(OLDEST, round(formula(counts))))


def _count(sentences: list[str], language: str) -> Counts | None:
    words = [word for sentence in sentences for word in WORD.findall(sentence)]
    if not words:
        return None
    return Counts(len(sentences), tuple(_syllables(word, language) for word in words), tuple(map(len, words)))


def _syllables(word: str, language: str) -> int:
    if language not in VOWELS:
        return 1
    spoken = SILENT[language].sub("", word) if language in SILENT and len(word) > 3 else word
    return max(1, len(VOWELS[language].findall(spoken)))


def _english(counts: Counts) -> float:
    """Kincaid et al. 1975: a school year; children are five years older than their year."""
    return 0.39 * counts.words_a_sentence + 11.8 * counts.syllables_a_word - 15.59 + 5


def _german(counts: Counts) -> float:
    """Bamberger & Vanecek 1984, first Wiener Sachtextformel: a school year; six years older than that."""
    words = len(counts.syllables)
    long = 100 * sum(one >= 3 for one in counts.syllables) / words
    short = 100 * sum(one == 1 for one in counts.syllables) / words
    wide = 100 * sum(one > 6 for one in counts.letters) / words
    return 0.1935 * long + 0.1672 * counts.words_a_sentence + 0.1297 * wide - 0.0327 * short - 0.875 + 6


def _french(counts: Counts) -> float:
    """Kandel & Moles 1958, for French."""
    return _by(EASE, 207 - 1.015 * counts.words_a_sentence - 73.6 * counts.syllables_a_word)


def _spanish(counts: Counts) -> float:
    """Szigriszt-Pazos 1993, for Spanish."""
    return _by(INFLESZ, 206.835 - counts.words_a_sentence - 62.3 * counts.syllables_a_word)


def _by(table: Iterable[tuple[int, int]], score: float) -> int:
    return next(years for least, years in table if score >= least)


FORMULAS: Final[Mapping[str, Callable[[Counts], float]]] = {
    "en": _english,
    "de": _german,
    "fr": _french,
    "es": _spanish,
}
