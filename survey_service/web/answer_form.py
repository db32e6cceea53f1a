"""The form answers travel in: one class for each instrument version, made once.

Bad values count as not answered.
"""

import secrets
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import Length

from survey_service.instrument.model import Instrument
from survey_service.library import shelf

Answer = int | str

#: What a question's field may say -> the answer it stands for.
ANSWERS: Mapping[str, Answer] = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "dk": "dk", "na": "na"}
TEXTS = ("text1", "text2")
SHORT = 40


@dataclass(frozen=True)
class Filled:
    """What someone has filled in so far. It lives in the form and the browser, never on the server.

    ``answers`` maps question ids to 1..5, 'dk' or 'na'; ``order`` shuffles the concerns; ``receipt`` is made
    when the check page is first shown; ``is_checked`` says that it was; ``replaces`` that a deposit is to be
    replaced.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    concerns: tuple[str, ...] = ()
    texts: tuple[str, str] = ("", "")
    order: str = ""
    receipt: str = ""
    is_checked: bool = False
    replaces: bool = False

    def travelling(self, shown: Collection[str] = ()) -> list[tuple[str, str]]:
        """Names and values for hidden fields, without the fields the page shows."""
        pairs = [(question, str(answer)) for question, answer in self.answers.items()]
        pairs += [("concern", concern) for concern in self.concerns]
        pairs += zip(TEXTS, self.texts, strict=True)
        pairs += [("order", self.order), ("receipt", self.receipt)]
        pairs += [("checked", "1" if self.is_checked else ""), ("replaces", "1" if self.replaces else "")]
        return [(name, value) for name, value in pairs if value and name not in shown]

    def checked(self, receipt: str) -> "Filled":
        """The same at the check page, with the receipt that travels along from there."""
        return replace(self, is_checked=True, receipt=receipt)


class AnswerField(Field):
    """One statement's answer; None for anything it does not offer."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """The last value posted, if it is one of the seven."""
        self.data = ANSWERS.get(valuelist[-1]) if valuelist else None


class TickField(Field):
    """Everything ticked under one name."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """All values posted; a filter keeps those on offer."""
        self.data = tuple(valuelist)


def _offered(offered: tuple[str, ...]) -> Callable[[tuple[str, ...] | None], tuple[str, ...]]:
    """A filter that keeps what is on offer, each once, in the offer's order."""
    return lambda ticked: tuple(one for one in offered if ticked and one in ticked)


def plain(text: str | None) -> str:
    """The text without control characters; line ends become one character, as people count them."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = (one for one in lines if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def fresh_order() -> str:
    """A new seed for the order of the concerns."""
    return secrets.token_hex(4)


def _short(text: str | None) -> str:
    return plain(text)[:SHORT]


@lru_cache(maxsize=128)
def form_class(instrument: Instrument) -> type[Form]:
    """The form of an instrument version."""
    fields: dict[str, Any] = {question.id: AnswerField() for question in instrument.questions}
    fields["concern"] = TickField(filters=[_offered(tuple(one.id for one in instrument.concerns))])
    fields |= _texts(instrument)
    fields |= {name: StringField(filters=[_short]) for name in ("order", "receipt", "checked", "replaces")}
    return type("AnswerForm", (Form,), fields)


def _texts(instrument: Instrument) -> dict[str, Any]:
    return {
        question.id: TextAreaField(filters=[plain], validators=[Length(max=question.limit)])
        for question in instrument.open_questions
    }


def read(key: str, posted: MultiDict[str, str], *, asks_texts: bool) -> tuple[Filled, list[str]]:
    """What a post says, and the names of the texts that are too long (none: all is well).

    Texts are read only where they are asked: without a sponsor nobody would read them first.
    """
    instrument = shelf.find(key).instrument
    form = form_class(instrument)(posted)
    form.validate()
    data = form.data
    answers = {question.id: data[question.id] for question in instrument.questions}
    filled = Filled(
        answers={question: answer for question, answer in answers.items() if answer is not None},
        concerns=data["concern"],
        texts=(data[TEXTS[0]], data[TEXTS[1]]) if asks_texts else ("", ""),
        order=data["order"],
        receipt=data["receipt"],
        is_checked=bool(data["checked"]),
        replaces=bool(data["replaces"]),
    )
    return filled, [name for name in TEXTS if asks_texts and form[name].errors]
