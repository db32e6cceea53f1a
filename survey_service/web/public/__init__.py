"""Doors for anyone: the first page, sign-up, sign-in, and what is reached by letter."""

from survey_service.web.public import landing, sign_in
from survey_service.web.public.door import door

__all__ = ["door", "landing", "sign_in"]
