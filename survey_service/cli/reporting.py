"""The report as bytes, in each of its editions."""

from datetime import datetime

from flask import current_app

from survey_service.engagements.models import Engagement
from survey_service.foundation.installation import Installation
from survey_service.reports import publish
from survey_service.reports.editions import FORMS, Press

FORMATS = tuple(FORMS)


def write_report(
    here: Installation, engagement: Engagement, form: str, language: str, *, at: datetime
) -> bytes:
    """What the seller may read, in the form. Raises NotClosedYet, NotReleasedYet, PdfUnavailable."""
    press = Press(current_app.jinja_env, here.settings.operator, here.settings.data_dir / "cache")
    return press.edition(publish.for_seller(engagement, at=at), form, language)
