"""Doors for anyone: the first page, sign-up, sign-in, and what is reached by letter."""

from survey_service.web.audiences import Door

door = Door("public", __name__, audience="public")
