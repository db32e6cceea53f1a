"""The development mailbox: every letter as it would arrive. Not there in production."""

from survey_service.web.audiences import Door

door = Door("mailbox", __name__, audience="development", url_prefix="/dev/mailbox")
