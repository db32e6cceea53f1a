"""How old one has to be to read an English text: Flesch-Kincaid grade (1975) plus six years."""

import re

VOWELS = re.compile(r"[aeiouy]+")


def words(text: str) -> list[str]:
    """The words of a text."""
    return re.findall(r"[A-Za-z][A-Za-z'’-]*|\d+", text)


def reading_age(text: str) -> float:
    """Years of age at which the text is read with ease."""
    found = words(text)
    sentences = max(1, len(re.findall(r"[.!?](?:\s|$)", text)))
    grade = 0.39 * len(found) / sentences + 11.8 * sum(map(_syllables, found)) / len(found) - 15.59
    return grade + 6


def _syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end."""
    plain = word.lower()
    count = len(VOWELS.findall(plain))
    if plain.endswith(("e", "es", "ed")) and not plain.endswith(("le", "ted", "ded")) and count > 1:
        count -= 1
    return max(1, count)
