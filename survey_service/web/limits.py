"""How often one network, or one address, may try doors that check a password or send a letter.

Counted in this process's memory: with several workers each counts for itself.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

P = ParamSpec("P")
R = TypeVar("R")

BY_NETWORK = "10 per minute"
BY_ADDRESS = "10 per 10 minutes"

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://")


def _address() -> str:
    return request.form.get("email", "").strip().casefold() or get_remote_address()


def _is_off() -> bool:
    return not current_app.config.get("RATELIMIT_ENABLED", True)


def few_tries(view: Callable[P, R]) -> Callable[P, R]:
    """Posts to the view are limited by network and by the address typed; beyond that the answer is 429."""
    by_network = limiter.limit(BY_NETWORK, methods=["POST"], exempt_when=_is_off)
    by_address = limiter.limit(BY_ADDRESS, methods=["POST"], exempt_when=_is_off, key_func=_address)
    return by_network(by_address(view))


def init_app(app: Flask) -> None:
    """Start counting."""
    limiter.init_app(app)
