"""The sponsor's door: a personal link, no account."""

from survey_service.web.audiences import Door

door = Door("sponsor", __name__, audience="sponsor", url_prefix="/s")
