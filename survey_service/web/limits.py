"""How often one network, or one address, may try doors that check a password or send a letter.

Counted in this process's memory: with several workers each counts for itself.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Blueprint, Flask, abort, current_app, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse

from survey_service.foundation.clock import now

P = ParamSpec("P")
R = TypeVar("R")

BY_NETWORK = "10 per minute"
BY_ADDRESS = "10 per 10 minutes"
#: Pages one network may open at the stakeholders' door: a whole organisation behind one address is no flood.
FLOOD = "1000 per minute"
BY_LINK = "30 per 10 minutes"

#: Doors whose pages are counted by _turn_floods_away.
COUNTING: set[str] = set()
HERE = frozenset({"127.0.0.1", "::1"})

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://")


def _address() -> str:
    """The address typed, else the account whose second factor is asked for, else the network."""
    half = session.get("half") or [""]
    return request.form.get("email", "").strip().casefold() or str(half[0]) or get_remote_address()


def _is_off() -> bool:
    return not current_app.config.get("RATELIMIT_ENABLED", True)


def few_tries(view: Callable[P, R]) -> Callable[P, R]:
    """Posts to the view are limited by network and by the address typed; beyond that the answer is 429."""
    by_network = limiter.limit(BY_NETWORK, methods=["POST"], exempt_when=_is_off)
    by_address = limiter.limit(BY_ADDRESS, methods=["POST"], exempt_when=_is_off, key_func=_address)
    return by_network(by_address(view))


def no_flood(door: Blueprint) -> None:
    """Every page behind the door is limited by network, known by today's keyed hash of its address alone.

    This machine's own address is no network: it is a proxy nobody told us of, and everyone would share it.
    """
    COUNTING.add(door.name)
    door.before_request(_turn_floods_away)


@limiter.request_filter
def _counts_for_itself() -> bool:
    """Looking through all limits for those of a page takes longer than counting it."""
    return request.blueprint in COUNTING


def _turn_floods_away() -> None:
    if _is_off() or request.remote_addr in HERE:
        return
    if not limiter.limiter.hit(parse(FLOOD), "flood", _network_today()):
        abort(429)


def _network_today() -> str:
    """What tells networks apart until midnight UTC and leads back to none of them without the secret."""
    spoken = f"{now().date()} {get_remote_address()}".encode()
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), spoken, hashlib.sha256).hexdigest()[:32]


def few_guesses(view: Callable[P, R]) -> Callable[P, R]:
    """Posts to a view behind a link are limited by network and by link, whoever tries; beyond it 429."""
    by_network = limiter.limit(BY_NETWORK, methods=["POST"], exempt_when=_is_off)
    by_link = limiter.limit(BY_LINK, methods=["POST"], exempt_when=_is_off, key_func=lambda: request.path)
    return by_network(by_link(view))


def init_app(app: Flask) -> None:
    """Start counting."""
    limiter.init_app(app)
