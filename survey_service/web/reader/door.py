"""The reader's door: a share link, nothing else; it counts views and keeps nothing about viewers."""

from survey_service.web.audiences import Door

door = Door("reader", __name__, audience="reader", url_prefix="/r")
