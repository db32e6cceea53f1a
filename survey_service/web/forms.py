"""What the forms of the signed-in doors stand on: CSRF, one-line texts, and refusals beside their field."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import DataRequired, Length, ValidationError

from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.workspaces.addresses import normal


class DoorForm(FlaskForm):  # type: ignore[misc] # flask-wtf ships no types
    """A form with a CSRF token."""

    def is_sent_well(self) -> bool:
        """Whether it was posted and every field is in order."""
        return bool(self.validate_on_submit())


class LinkForm(FlaskForm):  # type: ignore[misc] # flask-wtf ships no types
    """A form behind a personal link: the link is the capability, there is no cookie and no CSRF token."""

    class Meta:
        csrf = False

    def is_sent_well(self) -> bool:
        """Whether it was posted and every field is in order."""
        return bool(self.validate_on_submit())


def one_line(text: str | None) -> str | None:
    """A filter: spaces and line ends become single spaces, control characters go."""
    if text is None:
        return None
    seen = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join(seen.split())


def given(sentence: str) -> DataRequired:
    """A validator: more than spaces; the sentence says what is wanted."""
    return DataRequired(sentence)


def at_most(characters: int) -> Length:
    """A validator for length."""
    return Length(max=characters, message=_l("Use at most %(max)d characters."))


def no_address(form: object, field: Field) -> None:
    """A validator: names stand in letters to people who did not ask for them, so they hold no web address."""
    if any(mark in (field.data or "").casefold() for mark in ("://", "www.")):
        raise ValidationError(_("Leave out web addresses."))


@contextmanager
def beside() -> Iterator[None]:
    """Inside a validator: what a room refuses is shown beside the field."""
    try:
        yield
    except Refusal as refusal:
        raise ValidationError(str(refusal)) from refusal


def address(form: object, field: Field) -> None:
    """A validator: an e-mail address."""
    with beside():
        normal(said(field))


def said(field: Field) -> str:
    """What the field holds after its filters; "" for nothing."""
    return str(field.data or "")


def spoken(labels: Mapping[str, object]) -> Callable[[], dict[str, Any]]:
    """Choices for a select or radio field: value to label, in the language being spoken."""
    return lambda: {value: str(label) for value, label in labels.items()}


def blame(field: Field, refusal: Refusal) -> None:
    """Show a room's refusal beside the field it is about."""
    field.errors = [*field.errors, str(refusal)]
