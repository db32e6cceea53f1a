"""How often one network, or one address, may try doors that check a password or send a letter.

Counted in this process's memory, each worker for itself, or for all of them in Redis (`SURVEY_LIMITS_URL`).
While Redis does not answer each worker counts for itself again: nobody is shut out, and no door stands open.
Whoever is counted is known by today's keyed hash alone: no network, address or link lies in memory or Redis.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Blueprint, Flask, abort, current_app, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from survey_service.foundation import counting
from survey_service.foundation.clock import now

P = ParamSpec("P")
R = TypeVar("R")

BY_NETWORK = "10 per minute"
BY_ADDRESS = "10 per 10 minutes"
#: Pages one network may open at the stakeholders' door: a whole organisation behind one address is no flood.
FLOOD = "1000 per minute"
BY_LINK = "30 per 10 minutes"
#: Letters one account may cause to addresses of its own choosing.
BY_ACCOUNT = "10 per hour"

#: Doors whose pages are counted by _turn_floods_away.
COUNTING: set[str] = set()
HERE = frozenset({"127.0.0.1", "::1"})
#: Counted by each process for itself: a page a stakeholder waits for asks no other server.
floods = FixedWindowRateLimiter(MemoryStorage())


def _today(spoken: str) -> str:
    """What tells people apart until midnight UTC and leads back to none of them without the secret."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{now().date()} {spoken}".encode(), hashlib.sha256).hexdigest()[:32]


def _network() -> str:
    return _today(get_remote_address())


def _address() -> str:
    """The address typed, else the account whose second factor is asked for, else the network."""
    half = session.get("half") or [""]
    return _today(request.form.get("email", "").strip().casefold() or str(half[0]) or get_remote_address())


def _account() -> str:
    """The account that is signed in, whatever it types and wherever it comes from."""
    return _today(f"account {str(session.get('_user_id', '')).partition(':')[0]}")


def _link() -> str:
    return _today(request.path)


limiter = Limiter(key_func=_network, in_memory_fallback_enabled=True)


def _is_off() -> bool:
    return not current_app.config.get("RATELIMIT_ENABLED", True)


def few_tries(view: Callable[P, R]) -> Callable[P, R]:
    """Posts to the view are limited by network and by the address typed; beyond that the answer is 429."""
    by_network = limiter.limit(BY_NETWORK, methods=["POST"], exempt_when=_is_off)
    by_address = limiter.limit(BY_ADDRESS, methods=["POST"], exempt_when=_is_off, key_func=_address)
    return by_network(by_address(view))


def few_letters(view: Callable[P, R]) -> Callable[P, R]:
    """Posts to a view that writes to whatever address is typed are limited by the account signed in."""
    return limiter.limit(BY_ACCOUNT, methods=["POST"], exempt_when=_is_off, key_func=_account)(view)


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
    if not floods.hit(parse(FLOOD), "flood", _network()):
        abort(429)


def few_guesses(view: Callable[P, R]) -> Callable[P, R]:
    """Posts to a view behind a link are limited by network and by link, whoever tries; beyond it 429."""
    by_network = limiter.limit(BY_NETWORK, methods=["POST"], exempt_when=_is_off)
    by_link = limiter.limit(BY_LINK, methods=["POST"], exempt_when=_is_off, key_func=_link)
    return by_network(by_link(view))


def init_app(app: Flask) -> None:
    """Start counting, where the settings say."""
    url = app.extensions["installation"].settings.limits_url
    app.config["RATELIMIT_STORAGE_URI"] = url or "memory://"
    if url:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = counting.OPTIONS
    limiter.init_app(app)
