"""A shared report, as a page or as a file; behind a passphrase where the sharer set one."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from survey_service.foundation import tokens
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import day
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.installation import installation
from survey_service.reports import publish, shares
from survey_service.reports.models import Share
from survey_service.web import showing
from survey_service.web.limits import few_guesses
from survey_service.web.reader.door import door

#: The cookie that says the passphrase was right: for this link's address alone, and for half a day.
OPENED, OPEN_FOR = "opened", timedelta(hours=12)


@door.get("/<token>")
def read(token: str) -> Response:
    """The page; HEAD (a link preview's) counts as no view, nor does the question for the passphrase."""
    found = shares.find(installation().links, token, at=now())
    if not _is_open(found):
        return _ask()
    links = showing.files(lambda form, **more: url_for(".keep", token=token, form=form, **more))
    workspace_id = found.engagement.workspace_id
    response = showing.screen(
        _document(found), workspace_id, links=links, notice=_notice(found), framed_by=found.frame_origin
    )
    if request.method == "GET":
        with transaction():
            shares.count_view(found)
    return response


@door.post("/<token>")
@few_guesses
def unlock(token: str) -> Response | Redirect:
    """The passphrase; the right one opens this link in this browser for half a day."""
    found = shares.find(installation().links, token, at=now())
    if not shares.opens(found, request.form.get("passphrase", "")):
        return _ask(was_wrong=True)
    response = redirect(url_for(".read", token=token, language=request.args.get("language")), code=303)
    if found.passphrase_hash is None:
        return response
    response.set_cookie(
        _cookie(),
        tokens.sealed(_secret(), _purpose(found), found.id, at=now()),
        max_age=OPEN_FOR,
        path=url_for(".read", token=token),
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response


@door.get("/<token>/report.<form>")
def keep(token: str, form: str) -> Response | Redirect:
    """The same report as PDF, CSV or JSON."""
    found = shares.find(installation().links, token, at=now())
    if not _is_open(found):
        return redirect(url_for(".read", token=token))
    return showing.file(_document(found), found.engagement.workspace_id, form)


def _is_open(found: Share) -> bool:
    """Whether the link is enough, or the passphrase was given here before."""
    if found.passphrase_hash is None:
        return True
    ticket = request.cookies.get(_cookie(), "")
    is_genuine = tokens.is_genuine(_secret(), _purpose(found), ticket, at=now(), lasts=OPEN_FOR)
    return is_genuine and tokens.number_in(ticket) == found.id


def _cookie() -> str:
    """Its name; over https one that browsers take by https alone."""
    return f"__Secure-{OPENED}" if current_app.config["SESSION_COOKIE_SECURE"] else OPENED


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _purpose(found: Share) -> str:
    """A ticket is for one link and one passphrase."""
    return f"{OPENED} {found.link} {found.passphrase_hash}"


def _ask(*, was_wrong: bool = False) -> Response:
    """Say nothing of the report, not even whose it is."""
    response = make_response(render_template("reader/passphrase.html", was_wrong=was_wrong))
    response.status_code = 403 if was_wrong else 200
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _document(found: Share) -> dict[str, Any]:
    if found.from_sponsor:
        return publish.for_sponsor(found.engagement)
    return publish.for_seller(found.engagement, at=now())


def _notice(found: Share) -> str:
    until = day(found.expires_at, found.engagement.time_zone)
    return _("Shared by %(name)s. This link works until %(day)s.", name=found.shared_by, day=until)
