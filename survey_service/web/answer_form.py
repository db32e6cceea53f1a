"""The form answers travel in: one class for each instrument version, made once.

Bad values count as not answered.
"""

import secrets
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, ValidationError
from wtforms.form import BaseForm

from survey_service.instrument.model import Instrument

Answer = int | str

#: What a question's field may say -> the answer it stands for.
ANSWERS: Mapping[str, Answer] = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "dk": "dk", "na": "na"}
TEXTS = ("text1", "text2")
#: What travels along beside the answers, each cut to SHORT characters.
SHORTS = ("order", "receipt", "checked", "replaces")
SHORT = 40
NOTHING = ("",)


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

    def travelling(self, shown: Collection[str] = ()) -> Markup:
        """Hidden fields with all of it, without the fields the page shows."""
        lines = [
            f'<input type="hidden" name="{question}" value="{answer}">'
            for question, answer in self.answers.items()
            if question not in shown
        ]
        lines += (
            f'<input type="hidden" name="{name}" value="{escape(value)}">'
            for name, value in self._beside_answers()
            if value and name not in shown
        )
        return Markup("\n".join(lines))  # noqa: S704 - answers are of the seven, the rest is escaped

    def _beside_answers(self) -> Iterator[tuple[str, str]]:
        yield from (("concern", concern) for concern in self.concerns)
        yield from zip(TEXTS, self.texts, strict=True)
        yield from (("order", self.order), ("receipt", self.receipt))
        yield from (("checked", "1" if self.is_checked else ""), ("replaces", "1" if self.replaces else ""))

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


class ChoicesField(Field):
    """Everything chosen, and what travels along with it: one field, because each takes as long as a page."""

    def __init__(self, questions: Sequence[str], concerns: Sequence[str], **bound: object) -> None:
        # WTForms binds fields by keywords that it does not type.
        super().__init__(**bound)  # type: ignore[arg-type]
        self._questions, self._concerns = questions, concerns

    def process(  # type: ignore[override] # always made from a post
        self, formdata: MultiDict[str, str], data: object = None, extra_filters: object = None
    ) -> None:
        """What the post says, as Filled takes it; of several values for one statement the last counts."""
        posted = formdata.to_dict(flat=False)
        last = ((question, posted.get(question, NOTHING)[-1]) for question in self._questions)
        ticked = posted.get("concern", NOTHING)
        order, receipt, checked, replaces = (posted.get(name, NOTHING)[0] for name in SHORTS)
        self.data = {
            "answers": {question: ANSWERS[value] for question, value in last if value in ANSWERS},
            "concerns": tuple(one for one in self._concerns if one in ticked),
            "order": _short(order),
            "receipt": _short(receipt),
            "is_checked": bool(_short(checked)),
            "replaces": bool(_short(replaces)),
        }


class TextsField(Field):
    """What was written, without control characters, held against how long each text may be."""

    def __init__(self, limits: Mapping[str, int], **bound: object) -> None:
        super().__init__(**bound)  # type: ignore[arg-type] # as above
        self._limits = limits
        self.too_long: list[str] = []

    def process(  # type: ignore[override] # always made from a post
        self, formdata: MultiDict[str, str], data: object = None, extra_filters: object = None
    ) -> None:
        """The two texts; nothing posted is nothing said."""
        self.data = tuple(plain(formdata.get(name)) for name in TEXTS)

    def pre_validate(self, form: BaseForm) -> None:
        """Names the texts that are too long."""
        texts = zip(TEXTS, self.data, strict=True)
        self.too_long = [name for name, text in texts if len(text) > self._limits[name]]
        if self.too_long:
            raise ValidationError("a text is too long")


def plain(text: str | None) -> str:
    """The text without control characters; line ends become one character, as people count them."""
    if not text or text.isprintable():
        return text.strip() if text else ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (one for one in lines if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def fresh_order() -> str:
    """A new seed for the order of the concerns."""
    return secrets.token_hex(4)


def _short(text: str | None) -> str:
    return plain(text)[:SHORT]


class Wordless:
    """No words of WTForms' own are shown, so none are looked up."""

    locales = False


class AnswerForm(Form):
    """What every instrument's form has."""

    Meta = Wordless
    choices: ChoicesField
    texts: TextsField


@lru_cache(maxsize=128)
def form_class(instrument: Instrument) -> type[AnswerForm]:
    """The form of an instrument version."""
    questions, concerns = ([one.id for one in some] for some in (instrument.questions, instrument.concerns))
    limits = {question.id: question.limit for question in instrument.open_questions}
    fields = {"choices": ChoicesField(questions, concerns, label=""), "texts": TextsField(limits, label="")}
    return type("ThisAnswerForm", (AnswerForm,), fields)


def read(
    instrument: Instrument, posted: MultiDict[str, str], *, asks_texts: bool
) -> tuple[Filled, list[str]]:
    """What a post says, and the names of the texts that are too long (none: all is well).

    Texts are read only where they are asked: without a sponsor nobody would read them first.
    """
    form = form_class(instrument)(posted)
    form.validate()
    if not asks_texts:
        return Filled(**form.choices.data), []
    return Filled(**form.choices.data, texts=form.texts.data), form.texts.too_long
