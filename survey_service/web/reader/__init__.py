"""The reader's door: a share link."""

from survey_service.web.audiences import Door

door = Door("reader", __name__, audience="reader", url_prefix="/r")
