"""Every door says for whom it is; the guard that audience needs stands in front of every route behind it."""

from flask import Blueprint, g, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from survey_service.foundation.errors import NotAllowed, NotFound
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.scope import Scope

#: Audience -> what lets someone through.
AUDIENCES = {
    "public": "nothing: the routes are listed with their reasons in tests/promises",
    "seller": "a signed-in account that belongs to a workspace",
    "sponsor": "the sponsor's personal link",
    "respondent": "the stakeholder's personal link",
    "reader": "a share link",
    "development": "development only",
}
#: Doors whose address is the capability: no cookie, so no CSRF token either.
BY_LINK = frozenset({"sponsor", "respondent", "reader"})


#: What a member without the second factor their workspace needs can still open.
OWN_ACCOUNT = frozenset(
    {
        "seller.account",
        "seller.turn_on",
        "seller.sign_out_everywhere",
        "seller.end_session",
        "seller.change_password",
        "seller.change_address",
        "seller.keep_address",
        "seller.workspaces",
        "seller.choose_workspace",
    }
)


class Door(Blueprint):
    """A blueprint that declares its audience."""

    def __init__(self, name: str, import_name: str, *, audience: str, url_prefix: str | None = None) -> None:
        if audience not in AUDIENCES:
            raise ValueError(f"{audience!r} is no audience")
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.audience = audience
        if audience == "seller":
            self.before_request(_need_membership)


def _need_membership() -> Response | None:
    if not current_user.is_authenticated:
        return redirect(url_for("public.sign_in", next=request.full_path.rstrip("?")))
    found = scopes.of_account(current_user.account, session.get("workspace"))
    if found is None:
        return redirect(url_for("public.no_workspace"))
    g.scope = found
    if found.needs_second_factor and current_user.account.totp_nonce is None and not _is_own_account():
        return redirect(url_for("seller.account"))
    return None


def _is_own_account() -> bool:
    """The pages where a second factor is turned on, and the way to another workspace."""
    return request.endpoint in OWN_ACCOUNT


def scope() -> Scope:
    """The eyes of the signed-in member, set by the seller door's guard."""
    found = g.get("scope")
    if not isinstance(found, Scope):
        raise NotFound
    return found


def need(act: str) -> Scope:
    """The member's eyes, if their role allows the act; raises NotAllowed."""
    found = scope()
    if not found.may(act):
        raise NotAllowed
    return found
