"""Doors for anyone: the first page, sign-up, sign-in, and what is reached by letter."""

from survey_service.web.public import (
    accent,
    health,
    joining,
    landing,
    lost_link,
    new_address,
    reset,
    sign_in,
    sign_up,
)
from survey_service.web.public.door import door

__all__ = [
    "accent",
    "door",
    "health",
    "joining",
    "landing",
    "lost_link",
    "new_address",
    "reset",
    "sign_in",
    "sign_up",
]
