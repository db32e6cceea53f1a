"""Every letter as it is sent, in every language, kept in golden/letters/ to be read.

`PYTHONPATH=. python tests/golden_letters.py` writes them anew.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import post
from post import CONTEXTS, MAIL_FROM, MONDAY

from survey_service.app import create_app
from survey_service.foundation.i18n import LANGUAGES, day, moment, speaking, weekday
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.outbox import press
from survey_service.outbox.models import Dispatch

FOLDER = Path(__file__).parent / "golden" / "letters"
CLOSES = datetime(2026, 12, 11, 16, 0, tzinfo=UTC)
MONTH_LATER = datetime(2027, 1, 10, 16, 0, tzinfo=UTC)
YEARS_LATER = datetime(2028, 12, 11, 16, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
#: What the scheduler says in the letter's language.
SAID: dict[str, Callable[[], str]] = {
    "closes": lambda: moment(CLOSES, BERLIN),
    "open_until": lambda: moment(MONTH_LATER, BERLIN),
    "erased_on": lambda: day(YEARS_LATER, BERLIN),
    "deleted_on": lambda: day(MONTH_LATER, BERLIN),
    "closing_day": lambda: weekday(CLOSES, BERLIN),
}
HEADERS = ("From", "To", "Reply-To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted")


def whole(kind: str, language: str) -> dict[str, str]:
    """File name -> content: the letter's headers and text, and its HTML. Needs an app context."""
    dispatch = Dispatch(
        kind=kind,
        to_address="anna@nordlicht.example",
        to_name="Anna Berg",
        language=language,
        facts={},
        message_id="abc",
        due_at=MONDAY,
    )
    context = {"recipient_name": "Anna Berg", "reply_to": "ines@hanse.example", **CONTEXTS[kind]}
    with speaking(language):
        context |= {name: say() for name, say in SAID.items() if name in context}
    letter = post.read(press.compose(dispatch, context, mail_from=MAIL_FROM, at=MONDAY))
    head = "\n".join(f"{name}: {letter[name]}" for name in HEADERS if letter[name])
    return {f"{kind}.txt": f"{head}\n\n{_part(letter, 'plain')}", f"{kind}.html": _part(letter, "html")}


def _part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")


def every(language: str) -> Iterator[tuple[str, str]]:
    """All files of a language, name and content."""
    for kind in post.CONTEXTS:
        yield from whole(kind, language).items()


def main() -> None:
    """Write the folder anew."""
    with tempfile.TemporaryDirectory() as place:
        environ = {"SURVEY_ENV": "development", "SURVEY_DATA_DIR": place}
        with create_app(furnish(Settings.from_environ(environ))).app_context():
            shutil.rmtree(FOLDER)
            for language in LANGUAGES:
                (FOLDER / language).mkdir(parents=True)
                for name, content in every(language):
                    (FOLDER / language / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
