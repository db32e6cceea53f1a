"""A list on its way to the roster: what was sent, which column is which, and what to do with bad rows.

Nothing is kept on the server between the look and the import: the list travels inside the form.
"""

from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final

from flask import request
from wtforms import BooleanField, FileField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from survey_service.engagements.roster_check import LONGEST_GROUP
from survey_service.engagements.roster_csv import COLUMN_FIELDS, Table, read_roster
from survey_service.engagements.roster_text import text_of
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.web.forms import DoorForm, at_most, beside, one_line, said

NOT_THERE: Final = ""
SAMPLE: Final = 40  #: characters of a cell shown beside its column
COLUMNS: Final = {
    "name": _l("Name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "email": _l("E-mail address"),
    "group": _l("Group"),
    "language": _l("Language"),
    "time_zone": _l("Time zone"),
}


class NewList(DoorForm):
    """A file, or rows pasted from a spreadsheet; ``table`` is what they hold, once the form was sent well."""

    table: Table
    file = FileField(_l("A file"), description=_l("CSV, up to 2 MB. Any spreadsheet can save it."))
    text = TextAreaField(
        _l("Or paste the rows"),
        description=_l("Copied from a spreadsheet, with or without its headings."),
    )

    def validate_file(self, field: FileField) -> None:
        """Text of some kind, and not too much."""
        upload = field.data
        if upload:
            with beside(), closing(upload):
                self.text.data = text_of(upload.read())
                self.table = read_roster(said(self.text))

    def validate_text(self, field: TextAreaField) -> None:
        """A table; needed where no file was chosen."""
        if self.file.data:
            return
        if not said(field).strip():
            raise ValidationError(_("Choose a file, or paste the rows."))
        with beside():
            self.table = read_roster(said(field))


class LookedAt(DoorForm):
    """The list again, with what a person may correct before it is imported."""

    text = TextAreaField(_l("The list"))
    has_headings = BooleanField(_l("The first row holds headings"))
    default_group = StringField(
        _l("Group of rows that name none"), [at_most(LONGEST_GROUP)], filters=[one_line]
    )
    name = SelectField(COLUMNS["name"])
    first_name = SelectField(COLUMNS["first_name"])
    last_name = SelectField(COLUMNS["last_name"])
    email = SelectField(COLUMNS["email"])
    group = SelectField(COLUMNS["group"])
    language = SelectField(COLUMNS["language"])
    time_zone = SelectField(COLUMNS["time_zone"])

    @property
    def columns(self) -> list[SelectField]:
        """The fields that say which column is which."""
        return [self[name] for name in COLUMN_FIELDS]

    @property
    def mapping(self) -> dict[str, int]:
        """Field -> column, from 0, as chosen."""
        return {name: int(said(self[name])) for name in COLUMN_FIELDS if said(self[name]).isdecimal()}

    def offer(self, table: Table) -> None:
        """The table's columns to choose from."""
        titles = {str(column): _title(table, column) for column in range(table.width)}
        for field in self.columns:
            field.choices = {NOT_THERE: _("not in the list"), **titles}

    def wants(self, act: str) -> bool:
        """Whether the button pressed was that one."""
        return request.form.get("act") == act


def guessed(table: Table, text: str) -> dict[str, Any]:
    """The form's first values for a table: our guess."""
    columns = {name: str(table.guess.get(name, NOT_THERE)) for name in COLUMN_FIELDS}
    return {"text": text, "has_headings": bool(table.headers), **columns}


def _title(table: Table, column: int) -> str:
    """What a column is called and what its first filled cell says."""
    heading = table.headers[column] if table.headers else ""
    sample = next((row.cell(column) for row in table.rows if row.cell(column)), "")[:SAMPLE]
    facts: Mapping[str, object] = {"number": column + 1, "heading": heading, "sample": sample}
    if heading:
        return _("%(heading)s: %(sample)s", **facts)
    return _("Column %(number)s: %(sample)s", **facts)
