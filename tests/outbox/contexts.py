"""What each kind of letter is told, as the scheduler's renderer tells it."""

from collections.abc import Mapping
from typing import Any, Final

BASE: Final = "https://survey.example.org"
LINK: Final = f"{BASE}/a/q1w2e3r4t5z6u7i8o9p0a1s2"
BUYER: Final = {
    "workspace": "Hanse Systems",
    "buyer": "Nordlicht Energie",
    "change": "Move order handling from e-mail to one shared list.",
    "closes": "Friday, 11 December 2026, 17:00 (Berlin)",
}
ASKED: Final = {
    **BUYER,
    "sponsor": "Sam Sponsor",
    "operator": "Hanse Hosting",
    "minutes": 5,
    "days_left": 3,
    "k": 5,
    "link": LINK,
    "stop_link": f"{LINK}/stop",
    "fingerprint": "0a1b 2c3d 4e5f",
    "invited": 22,
}
CONTEXTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "invitation": ASKED,
    "reminder": ASKED,
    "sponsor-approval": {**BUYER, "link": f"{BASE}/s/q1w2e3r4t5z6u7i8o9p0a1s2"},
    "sponsor-report": {**BUYER, "link": f"{BASE}/s/q1w2e3r4t5z6u7i8o9p0a1s2"},
    "seller-launched": {**BUYER, "link": f"{BASE}/desk/engagements/abcdefghijkm"},
    "seller-report": {**BUYER, "link": f"{BASE}/desk/engagements/abcdefghijkm"},
    "confirm-address": {"link": f"{BASE}/confirm/token"},
    "already-registered": {"link": f"{BASE}/sign-in"},
    "reset-password": {"link": f"{BASE}/reset/token"},
    "member-invitation": {
        "workspace": "Hanse Systems",
        "invited_by": "Ines",
        "link": f"{BASE}/join/token",
    },
}
