"""What an owner may set for the whole workspace, section by section, on one page."""

from collections.abc import Callable
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from survey_service.foundation.i18n import LANGUAGES, ngettext
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.web.forms import DoorForm, at_most, beside, given, no_address, one_line, said
from survey_service.workspaces import schedule
from survey_service.workspaces.schedule import Schedule
from survey_service.workspaces.settings import Choices

LONGEST_NAME = 80
ARCHIVING = (3, 6, 12, 24)
ERASING = (6, 12, 24, 36, 60)


def _months(choices: tuple[int, ...]) -> Callable[[], dict[str, str]]:
    return lambda: {str(one): ngettext("%(num)d month", "%(num)d months", one) for one in choices}


class TicksField(SelectMultipleField):
    """Several of a few, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SettingsForm(DoorForm):
    """Name and look, letters, languages, retention, signing in."""

    name = StringField(
        _l("Name"),
        [
            given(_l("Give the workspace a name, for example your company’s.")),
            at_most(LONGEST_NAME),
            no_address,
        ],
        filters=[one_line],
        description=_l(
            "Everyone who is asked sees it. A survey under way keeps the name it was launched under."
        ),
    )
    logo = FileField(
        _l("Logo"),
        description=_l(
            "A PNG or JPEG, at best 400 to 1,000 pixels wide. It stands above reports and in letters."
        ),
    )
    drop_logo = BooleanField(_l("Use no logo"))
    colour = StringField(
        _l("Colour"),
        filters=[one_line],
        description=_l(
            "Six hex digits, for example #1f4e79: for the path and the links of reports. It must be readable "
            "on white; the heat map keeps its own colours. Leave it empty for ours."
        ),
    )
    sender = StringField(
        _l("Sender’s name"),
        [at_most(LONGEST_NAME), no_address],
        filters=[one_line],
        description=_l(
            "The name that invitations and reminders come from. Leave it empty for the workspace’s name."
        ),
    )
    reply_to = StringField(
        _l("Answers go to"),
        filters=[one_line],
        description=_l(
            "Where it goes when somebody answers an invitation; an address of your own company. "
            "Leave it empty for the first owner’s. Reminders cannot be answered."
        ),
    )
    languages = TicksField(
        _l("Languages"),
        choices=lambda: dict(LANGUAGES),
        description=_l(
            "What a roster and a new engagement may use. Whoever is asked can still read the pages in any "
            "language we have."
        ),
    )
    reminder_days = StringField(
        _l("Reminders on working days"),
        [at_most(40)],
        filters=[one_line],
        description=_l(
            "Counted from the day after launch, for example 2, 5. New engagements begin with them and can "
            "choose others. Leave it empty for none."
        ),
    )
    reminds_last_day = BooleanField(_l("And on the last working day before the close"))
    archives_after = SelectField(
        _l("Archive an engagement after"),
        choices=_months(ARCHIVING),
        description=_l(
            "Counted from its last close. An archived engagement leaves the list; it can be found and opened."
        ),
    )
    erases_after = SelectField(
        _l("Erase it after"),
        choices=_months(ERASING),
        description=_l(
            "Counted from its last close: roster, terms, report and links are gone. You and the sponsor are "
            "told by letter 30 days before, and the sponsor may have it kept for another year: the report "
            "belongs to the buyer."
        ),
    )
    needs_second_factor = BooleanField(
        _l("Every member needs a second factor"),
        description=_l("Whoever has none sees only their own account until they turn it on."),
    )

    def validate_reminder_days(self, field: Field) -> None:
        """Three at most, on days that exist."""
        with beside():
            self._reminders()

    def _reminders(self) -> Schedule:
        last = f" {schedule.LAST}" if self.reminds_last_day.data else ""
        return schedule.read(said(self.reminder_days) + last)

    def validate_languages(self, field: Field) -> None:
        """One at least."""
        if not field.data:
            raise ValidationError(_("Tick at least one language."))

    def choices(self) -> Choices:
        """The fields as the room takes them."""
        return Choices(
            name=said(self.name),
            sender=said(self.sender),
            reply_to=said(self.reply_to),
            languages=tuple(self.languages.data or ()),
            reminders=self._reminders(),
            archives_after=int(self.archives_after.data),
            erases_after=int(self.erases_after.data),
            needs_second_factor=bool(self.needs_second_factor.data),
        )


def filled(decided: Choices, colour: str | None) -> dict[str, Any]:
    """The form's values for what is decided now."""
    return {
        "name": decided.name,
        "colour": colour or "",
        "sender": decided.sender,
        "reply_to": decided.reply_to,
        "languages": list(decided.languages),
        "reminder_days": ", ".join(map(str, decided.reminders.days)),
        "reminds_last_day": decided.reminders.last_day,
        "archives_after": str(decided.archives_after),
        "erases_after": str(decided.erases_after),
        "needs_second_factor": decided.needs_second_factor,
    }
