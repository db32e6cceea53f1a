"""Whether what would be asked may be asked, and of these people: every one in a language it is written in."""

from collections.abc import Collection, Iterator

from survey_service.collection import shelf
from survey_service.engagements import roster
from survey_service.engagements.models import Engagement
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import LANGUAGES, listed
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.instrument import limits


class InstrumentUnfit(Refusal):
    """Something in it has to be put right first. Facts: title."""

    sentence = _l("“%(title)s” cannot be asked yet: something in it has to be put right.")


class NotWritten(Refusal):
    """Someone would be asked in a language it is not written in. Facts: title, languages."""

    sentence = _l(
        "“%(title)s” is not written in all languages of this survey. Missing: %(languages)s. "
        "Write it there, or choose another language for these people."
    )


def obstacles(engagement: Engagement) -> Iterator[Refusal]:
    """InstrumentUnfit, NotWritten; a packaged instrument has neither."""
    if shelf.fingerprint(engagement.instrument) is None:
        return
    asked = shelf.find(engagement.instrument)
    title = next(iter(asked.words.values())).title
    missing = unwritten(engagement.instrument, {engagement.language, *roster.spoken(engagement)})
    if missing:
        yield NotWritten(title=title, languages=listed(missing))
    if limits.structure(asked) or any(limits.remarks(asked, one) for one in asked.words):
        yield InstrumentUnfit(title=title)


def need_written(engagement: Engagement, languages: Collection[str]) -> None:
    """For people who join a running survey. Raises NotWritten."""
    if missing := unwritten(engagement.instrument, languages):
        title = next(iter(shelf.find(engagement.instrument).words.values())).title
        raise NotWritten(title=title, languages=listed(missing))


def unwritten(key: str, languages: Collection[str]) -> list[str]:
    """Those of the languages it is not written in, by their own names."""
    whole = shelf.find(key).languages
    return [name for code, name in LANGUAGES.items() if code in languages and code not in whole]
