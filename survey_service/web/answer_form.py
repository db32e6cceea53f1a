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
from wtforms import Field, Form, TextAreaField
from wtforms.validators import Length

from survey_service.instrument.model import Instrument

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

    @property
    def facts(self) -> set[str]:
        """What holds for this person, as stencils ask it: 'Q01=4', 'concern=K02', 'checked', 'first'."""
        facts = {f"{question}={answer}" for question, answer in self.answers.items()}
        facts.update(f"concern={one}" for one in self.concerns)
        facts.add("checked" if self.is_checked else "unchecked")
        facts.add("replaces" if self.replaces else "first")
        return facts

    def checked(self, receipt: str) -> "Filled":
        """The same at the check page, with the receipt that travels along from there."""
        return replace(self, is_checked=True, receipt=receipt)


class AnswersField(Field):
    """What was chosen of all statements, by their ids: one field, because a field takes as long as a page."""

    def __init__(self, questions: tuple[str, ...], **bound: object) -> None:
        # WTForms binds fields by keywords that it does not type.
        super().__init__(**bound)  # type: ignore[arg-type]
        self._questions = questions

    def process(  # type: ignore[override] # always made from a post
        self, formdata: MultiDict[str, str], data: object = None, extra_filters: object = None
    ) -> None:
        """The last value posted for each, if it is one of the seven; anything else counts as not answered."""
        last = ((question, formdata.getlist(question)[-1:]) for question in self._questions)
        self.data = {question: ANSWERS[one] for question, values in last for one in values if one in ANSWERS}


class ShortsField(Field):
    """What travels along beside the answers, by name, each cut to SHORT characters."""

    NAMES = ("order", "receipt", "checked", "replaces")

    def process(  # type: ignore[override] # always made from a post
        self, formdata: MultiDict[str, str], data: object = None, extra_filters: object = None
    ) -> None:
        """Nothing posted is nothing said."""
        self.data = {name: _short(formdata.get(name)) for name in self.NAMES}


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
    if not text:
        return ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (one for one in lines if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def fresh_order() -> str:
    """A new seed for the order of the concerns."""
    return secrets.token_hex(4)


def _short(text: str | None) -> str:
    return plain(text)[:SHORT]


class Plain:
    """No words of WTForms' own are shown, so none are looked up."""

    locales = False


@lru_cache(maxsize=128)
def form_class(instrument: Instrument) -> type[Form]:
    """The form of an instrument version."""
    fields: dict[str, Any] = {"answers": AnswersField(tuple(one.id for one in instrument.questions))}
    fields["concern"] = TickField(filters=[_offered(tuple(one.id for one in instrument.concerns))])
    fields |= _texts(instrument)
    fields["shorts"] = ShortsField()
    return type("AnswerForm", (Form,), {**fields, "Meta": Plain})


def _texts(instrument: Instrument) -> dict[str, Any]:
    return {
        question.id: TextAreaField(filters=[plain], validators=[Length(max=question.limit)])
        for question in instrument.open_questions
    }


def read(
    instrument: Instrument, posted: MultiDict[str, str], *, asks_texts: bool
) -> tuple[Filled, list[str]]:
    """What a post says, and the names of the texts that are too long (none: all is well).

    Texts are read only where they are asked: without a sponsor nobody would read them first.
    """
    form = form_class(instrument)(posted)
    form.validate()
    data = form.data
    shorts = data["shorts"]
    filled = Filled(
        answers=data["answers"],
        concerns=data["concern"],
        texts=(data[TEXTS[0]], data[TEXTS[1]]) if asks_texts else ("", ""),
        order=shorts["order"],
        receipt=shorts["receipt"],
        is_checked=bool(shorts["checked"]),
        replaces=bool(shorts["replaces"]),
    )
    return filled, [name for name in TEXTS if asks_texts and form[name].errors]
