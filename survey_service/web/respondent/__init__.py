"""The stakeholder's door: a personal link, no cookie; GET never spends."""

from survey_service.web.respondent import about, by_receipt, letters, way, wrong_turns
from survey_service.web.respondent.door import door

__all__ = ["about", "by_receipt", "door", "letters", "way", "wrong_turns"]
