"""Doors for anyone: sign-up, sign-in, and the pages around them."""

from survey_service.web.audiences import Door

door = Door("public", __name__, audience="public")
