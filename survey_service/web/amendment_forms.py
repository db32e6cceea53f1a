"""What sponsor and seller may both ask for while a survey runs (rule 11): fields shared by their doors."""

from datetime import datetime
from zoneinfo import ZoneInfo

from wtforms import DateTimeLocalField, StringField
from wtforms.validators import InputRequired

from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.web.forms import at_most, given, no_address, one_line


def closing_field() -> DateTimeLocalField:
    """The new closing time, on the engagement's clock."""
    return DateTimeLocalField(
        _l("New closing time"),
        [InputRequired(_l("Set the day and time."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        description=_l("Everyone is told by letter. It can be moved once only."),
    )


def moment_in(field: DateTimeLocalField, zone: str) -> datetime:
    """What was chosen, as a moment of the zone; the field has been validated."""
    chosen: datetime | None = field.data
    assert chosen is not None
    return chosen.replace(tzinfo=ZoneInfo(zone))


def on_clock(moment: datetime, zone: str) -> datetime:
    """The moment as the field shows it: the zone's own clock, without a zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0, tzinfo=None)


def sponsor_name_field() -> StringField:
    """Who leads on the buyer's side from now on."""
    return StringField(
        _l("New sponsor’s name"),
        [given(_l("Enter the name.")), at_most(120), no_address],
        filters=[one_line],
    )


def sponsor_email_field() -> StringField:
    """Where their letter goes."""
    return StringField(
        _l("New sponsor’s e-mail address"),
        [given(_l("Enter the e-mail address."))],
        filters=[one_line],
        description=_l("Someone of the buying organisation. Everyone asked is told by letter."),
    )
