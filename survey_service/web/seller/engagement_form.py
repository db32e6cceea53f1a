"""The words of an engagement: what may be changed until launch."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from survey_service.engagements import addresses, change_sentence, desk
from survey_service.engagements.models import Engagement, Sponsor
from survey_service.foundation.clock import now
from survey_service.foundation.i18n import LANGUAGES
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.reports import phrases
from survey_service.web import zone_choices
from survey_service.web.audiences import scope
from survey_service.web.forms import DoorForm, at_most, beside, given, no_address, one_line, said
from survey_service.web.seller import offering
from survey_service.workspaces import members, schedule
from survey_service.workspaces.schedule import Schedule

UNDECIDED = ""


def _steps() -> dict[str, str]:
    named = {str(number): f"{number} {name}" for number, name in enumerate(phrases.STEPS.values(), start=1)}
    return {UNDECIDED: _("I would rather not say"), **named}


class Words(DoorForm):
    """Buyer, change, sponsor, belief, instrument, language and dates."""

    buyer = StringField(
        _l("The buying organisation"),
        [given(_l("Enter the organisation’s name.")), at_most(desk.LONGEST_BUYER), no_address],
        filters=[one_line],
    )
    change = TextAreaField(
        _l("The change, in one neutral sentence"),
        [given(_l("Say in one sentence what would change."))],
        filters=[one_line],
        description=_l(
            "Everyone reads this sentence. Name no supplier and no product: "
            "“Move order handling from e-mail to one shared list.”"
        ),
    )
    has_no_sponsor = BooleanField(
        _l("There is no sponsor"),
        description=_l(
            "Then no free text is asked, and the organisation is shown as one part: "
            "a list that only a seller controls could be shaped to single someone out."
        ),
    )
    sponsor_name = StringField(_l("Sponsor’s name"), [at_most(120), no_address], filters=[one_line])
    sponsor_email = StringField(
        _l("Sponsor’s e-mail address"),
        filters=[one_line],
        description=_l(
            "The buyer’s own lead. They approve before launch, read the report first, and need no account."
        ),
    )
    believed_step = SelectField(
        _l("Where do you think they are?"),
        choices=_steps,
        description=_l(
            "Set beside what people answer; the report shows both. It cannot be changed after launch."
        ),
    )
    instrument = RadioField(_l("What is asked"), choices=offering.choices, default="core/1")
    language = SelectField(_l("Main language"), choices=dict(LANGUAGES))
    time_zone = SelectField(_l("Time zone"), choices=zone_choices.grouped, default="Europe/Berlin")
    reminder_days = StringField(
        _l("Reminders on working days"),
        [at_most(40)],
        filters=[one_line],
        description=_l(
            "Counted from the day after launch, for example 2, 5. They go only to people whose link has not "
            "been used, in the morning of their own clock. Leave it empty for none."
        ),
    )
    reminds_last_day = BooleanField(_l("And on the last working day before the close"))
    closes_at = DateTimeLocalField(
        _l("Closes on"),
        [Optional()],
        description=_l("Two weeks are usual. The closing time stands, however many have answered."),
    )

    def validate_change(self, field: Field) -> None:
        """What would turn people against it is refused; advice is shown on the engagement's page."""
        for finding in change_sentence.lint(said(field), seller_names=[scope().workspace_name]):
            if finding.severity == "refusal":
                raise ValidationError(str(finding))

    def validate_closes_at(self, field: Field) -> None:
        """A time to come, on the clock of the time zone chosen with it."""
        closes = self._closes()
        if closes is not None and closes <= now():
            raise ValidationError(str(desk.ClosesInThePast()))

    def validate_reminder_days(self, field: Field) -> None:
        """Three at most, on days that exist."""
        with beside():
            self._reminders()

    def validate_sponsor_email(self, field: Field) -> None:
        """An address of the buyer's, or the word that there is no sponsor."""
        if self.has_no_sponsor.data:
            return
        if not said(field):
            raise ValidationError(_("Enter the sponsor’s address, or tick that there is none."))
        with beside():
            found = addresses.read_address(said(field))
        if addresses.is_within(found.domain, members.domains(scope().workspace_id)):
            raise ValidationError(
                _("This address belongs to your own company. The sponsor leads the buyer’s.")
            )

    def words(self) -> dict[str, Any]:
        """The fields as the desk's functions take them."""
        return {
            "buyer": said(self.buyer),
            "change": said(self.change),
            "language": said(self.language),
            "time_zone": said(self.time_zone),
            "closes_at": self._closes(),
            "believed_step": int(self.believed_step.data) if self.believed_step.data else None,
            "instrument": said(self.instrument),
            "has_no_sponsor": bool(self.has_no_sponsor.data),
            "reminders": self._reminders(),
            "sponsor_name": said(self.sponsor_name),
            "sponsor_email": "" if self.has_no_sponsor.data else said(self.sponsor_email),
        }

    def _reminders(self) -> Schedule:
        last = f" {schedule.LAST}" if self.reminds_last_day.data else ""
        return schedule.read(said(self.reminder_days) + last)

    def _closes(self) -> datetime | None:
        closes: datetime | None = self.closes_at.data
        if closes is None or said(self.time_zone) not in zone_choices.names():
            return None
        return closes.replace(tzinfo=ZoneInfo(said(self.time_zone)))


def reminding(written: str) -> dict[str, Any]:
    """The form's values for a schedule of reminders."""
    plan = schedule.read(written)
    return {"reminder_days": ", ".join(map(str, plan.days)), "reminds_last_day": plan.last_day}


def filled(engagement: Engagement, sponsor: Sponsor | None) -> dict[str, Any]:
    """The form's values for an engagement; the closing time on its own clock."""
    zone = ZoneInfo(engagement.time_zone)
    closes: datetime | None = engagement.closes_at and engagement.closes_at.astimezone(zone)
    return {
        **reminding(engagement.reminders),
        "buyer": engagement.buyer,
        "change": engagement.change,
        "has_no_sponsor": engagement.has_no_sponsor,
        "sponsor_name": sponsor.name if sponsor else "",
        "sponsor_email": sponsor.email if sponsor else "",
        "believed_step": str(engagement.believed_step or UNDECIDED),
        "instrument": engagement.instrument,
        "language": engagement.language,
        "time_zone": engagement.time_zone,
        "closes_at": closes,
    }
