"""One person of the roster, typed by hand: judged by the same rules as a file's row."""

from typing import Any, Final

from wtforms import Field, SelectField, StringField

from survey_service.engagements import roster
from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.engagements.roster_check import Person
from survey_service.engagements.roster_words import known_by
from survey_service.foundation.i18n import LANGUAGES
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.web import zone_choices
from survey_service.web.forms import DoorForm, one_line, said
from survey_service.workspaces import members

ENGAGEMENTS_OWN: Final = ""
#: A reason's code begins with one of these -> the field it stands beside.
BESIDE: Final = {"name": "name", "group": "group", "language": "language", "time-zone": "time_zone"}


def _zones() -> dict[str, str | dict[str, str]]:
    return {ENGAGEMENTS_OWN: _("as the engagement"), **zone_choices.grouped()}


class PersonForm(DoorForm):
    """Name, address, group, language, time zone."""

    name = StringField(_l("Name"), filters=[one_line])
    email = StringField(
        _l("E-mail address"),
        filters=[one_line],
        description=_l("Empty for somebody who has none: they are asked by a letter on paper."),
    )
    group = StringField(
        _l("Group"),
        filters=[one_line],
        description=_l("A function or department; one that is on the roster, or a new one."),
    )
    language = SelectField(_l("Language"), choices=LANGUAGES)
    time_zone = SelectField(_l("Time zone"), choices=_zones)

    def person(self, engagement: Engagement, edited: Stakeholder | None = None) -> Person | None:
        """What was typed, if it may stand on the roster; else None, with each reason beside its field."""
        if not self.is_sent_well():
            return None
        names = ("name", "email", "group", "language", "time_zone")
        judged = roster.judge_one(
            engagement,
            {name: said(self[name]) for name in names},
            refused_domains=members.domains(engagement.workspace_id),
            leaving_out=known_by(edited.email, edited.name) if edited else "",
        )
        for reason in (reason for row in judged.bad for reason in row.reasons):
            field = self._about(reason.code)
            field.errors = [*field.errors, str(reason)]
        return judged.good[0] if judged.is_clean else None

    def _about(self, code: str) -> Field:
        found: Field = self[next((name for start, name in BESIDE.items() if code.startswith(start)), "email")]
        return found


def filled(person: Stakeholder) -> dict[str, Any]:
    """The form's values for somebody on the roster."""
    return {
        "name": person.name,
        "email": person.email or "",
        "group": person.group.name,
        "language": person.language,
        "time_zone": person.time_zone or ENGAGEMENTS_OWN,
    }
