"""The stakeholder's door: a personal link, no cookie; GET never spends."""

from survey_service.web.audiences import Door

door = Door("respondent", __name__, audience="respondent", url_prefix="/a")
