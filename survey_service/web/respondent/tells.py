"""Words in a free text that may tell who wrote it: people are shown them before they send."""

import re
from collections.abc import Iterable, Iterator

from survey_service.engagements import roster
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import speaking
from survey_service.waves import booth as booths
from survey_service.web.respondent.callers import Caller

SHORTEST_NAME = 3


def found(caller: Caller, texts: Iterable[str]) -> list[str]:
    """Names from the roster, titles and phrases like 'as the only' as they stand in the texts, each once."""
    written = "\n".join(texts)
    if not written.strip():
        return []
    people = roster.people(booths.engagement(caller.booth))
    names = {part for person in people for part in person.name.split() if len(part) >= SHORTEST_NAME}
    with speaking(caller.visit.language):
        return list(dict.fromkeys([*_in_text(names, written), *_in_text(_phrases(), written)]))


def _phrases() -> list[str]:
    """Phrases that single someone out, in the language being spoken."""
    listed: str = _(
        "as the only|I am the only|only one who|as head of|as the head|as a manager|as director|"
        "my position as|since I joined|my deputy|my secretary"
    )
    return listed.split("|")


def _in_text(words: Iterable[str], text: str) -> Iterator[str]:
    """The words that stand in the text by themselves, in the text's own spelling and order."""
    wanted = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    if wanted:
        standing = re.compile(rf"(?<!\w)(?:{wanted})(?!\w)", re.IGNORECASE)
        yield from (match.group() for match in standing.finditer(text))
