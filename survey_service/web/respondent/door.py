"""The stakeholder's door: a personal link, no cookie; GET never spends. A visit is never written down."""

from survey_service.web import limits
from survey_service.web.audiences import Door

door = Door("respondent", __name__, audience="respondent", url_prefix="/a")
limits.no_flood(door)
