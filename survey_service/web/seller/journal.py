"""The workspace's journal, for its owners: who did what to members, rules and settings."""

from collections.abc import Mapping
from typing import Any, Final

from flask import render_template, request

from survey_service import journal as lines
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import listed
from survey_service.journal import EVENTS, Entry
from survey_service.web.audiences import need
from survey_service.web.seller.door import door
from survey_service.web.seller.members import ROLES
from survey_service.web.seller.settings_form import SettingsForm

A_PAGE: Final = 50
ABOUT: Final[Mapping[str, Any]] = {
    "members": _l("Members"),
    "signing-in": _l("Signing in"),
    "settings": _l("Settings"),
    "rest": _l("Instruments and engagements"),
}
MEMBERS: Final = (
    "member invited",
    "invitation taken back",
    "member joined",
    "role changed",
    "member removed",
)
SIGNING_IN: Final = (
    "password changed",
    "address changed",
    "second factor on",
    "second factor off",
    "sign-in rule changed",
)
SETTINGS: Final = (
    "workspace made",
    "settings changed",
    "look changed",
    "everything exported",
    "deletion asked",
    "deletion called back",
)
THEMES: Final[Mapping[str, tuple[str, ...]]] = {
    "members": MEMBERS,
    "signing-in": SIGNING_IN,
    "settings": SETTINGS,
    "rest": tuple(event for event in EVENTS if event not in (*MEMBERS, *SIGNING_IN, *SETTINGS)),
}


@door.get("/settings/journal")
def journal() -> str:
    """A page of it, newest first; ?about= chooses a theme, ?before= goes on."""
    eyes, about = need("manage"), request.args.get("about", "")
    found = lines.of_workspace(
        eyes.workspace_id,
        events=THEMES.get(about, tuple(EVENTS)),
        before=request.args.get("before", type=int),
        most=A_PAGE + 1,
    )
    return render_template(
        "seller/journal.html",
        entries=[(one, EVENTS[one.event], _told(one)) for one in found[:A_PAGE]],
        older=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
        chosen=about if about in THEMES else "",
        themes=ABOUT,
        is_first="before" not in request.args,
    )


def _told(entry: Entry) -> str:
    """What the line's facts add, in words; "" where there are none for reading."""
    facts = entry.facts
    match entry.event:
        case "role changed":
            before, after = str(ROLES[facts["before"]]), str(ROLES[facts["role"]])
            return _(
                "%(name)s: %(before)s before, now %(after)s", name=facts["name"], before=before, after=after
            )
        case "member removed" | "second factor off" | "second factor on":
            return str(facts.get("name", ""))
        case "member invited" | "invitation taken back" | "member joined":
            return str(ROLES[facts["role"]]) if "role" in facts else ""
        case "settings changed":
            return _settings(facts.get("changed", ()))
        case "sign-in rule changed":
            if facts.get("needs_second_factor"):
                return _("every member needs a second factor")
            return _("a second factor is up to each member")
    return ""


def _settings(names: list[str]) -> str:
    """Which settings, by the labels of their fields."""
    fields = {"reminders": "reminder_days"}
    labels = [getattr(SettingsForm, fields.get(name, name), None) for name in names]
    return listed([str(one.kwargs.get("label") or one.args[0]) for one in labels if one is not None])
