"""The report as bytes, in each of its editions."""

from datetime import datetime

from flask import current_app

from survey_service.engagements.models import Engagement
from survey_service.foundation.installation import Installation
from survey_service.reports import dressing, publish
from survey_service.reports.editions import FORMS, Press
from survey_service.reports.page import PAPERS, Sheet
from survey_service.workspaces import look as looks

FORMATS = tuple(FORMS)
SHEETS = tuple(PAPERS)


def write_report(
    here: Installation, engagement: Engagement, form: str, language: str, *, paper: str = "a4", at: datetime
) -> bytes:
    """What the seller may read, in the form. Raises NotClosedYet, NotReleasedYet, PdfUnavailable."""
    look = dressing.in_files(looks.of(engagement.workspace_id))
    press = Press(current_app.jinja_env, here.settings.operator, here.print_room, look)
    return press.edition(publish.for_seller(engagement, at=at), form, language, sheet=Sheet(paper=paper))
