"""Showing a report at a door: the page on screen, or a file to keep.

A PDF is made by the worker: who asks for one waits a moment, then gets a page that looks again by itself.
"""

from collections.abc import Callable, Mapping
from time import monotonic, sleep
from typing import Any

from flask import Response, abort, current_app, make_response, render_template, request, url_for
from werkzeug.http import dump_options_header

from survey_service.foundation import doctor
from survey_service.foundation.clock import now
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import language
from survey_service.foundation.installation import installation
from survey_service.reports import dressing, page
from survey_service.reports.editions import FORMS, Press, file_name
from survey_service.reports.page import PAPERS, Frame, Look, Sheet
from survey_service.reports.pdf import PdfUnavailable
from survey_service.reports.printing import PrintRoom
from survey_service.web import security
from survey_service.web.packaged import asset
from survey_service.workspaces import look as looks

FILES = ("pdf", "csv", "json")
#: Seconds a request waits for the worker before it answers with the progress page, and between two looks.
PATIENCE, GLANCE = 4.0, 0.1


def screen(
    document: Mapping[str, Any],
    workspace_id: int,
    *,
    links: Mapping[str, str],
    notice: str | None = None,
    framed_by: str | None = None,
) -> Response:
    """The report as a page of the site, in the reader's language; ?order= and ?show= choose how.

    ``framed_by``: the origin of the one site that may show this page in a frame; files then open outside it.
    """
    order, part = _asked("order", ("path", "disagreement")), _asked("show", ("report", "conversations"))
    frame = Frame(
        asset=asset,
        operator=installation().settings.operator,
        look=_look(workspace_id),
        links=links,
        notice=notice,
        is_framed=framed_by is not None,
        pack=_again(show="conversations"),
        orders={name: f"{_again(order=name)}#map" for name in ("path", "disagreement")},
    )
    html = page.render(
        document,
        env=current_app.jinja_env,
        language=language(),
        for_print=False,
        frame=frame,
        sheet=Sheet(part=part, order=order),
    )
    response = make_response(html)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if framed_by is not None:
        response.headers["Content-Security-Policy"] = security.framed_by(framed_by)
    return response


def files(address: Callable[..., str]) -> dict[str, str]:
    """Label -> address of every file; ``address``: from a form and further arguments to a path."""
    spoken = request.args.get("language")
    found = {form.upper(): address(form=form, language=spoken) for form in FILES}
    return {**found, _("PDF on US Letter"): address(form="pdf", language=spoken, paper="letter")}


def file(document: Mapping[str, Any], workspace_id: int, form: str) -> Response:
    """One of FILES, to keep, or the page that waits for it. Raises PdfUnavailable; 404 for another form."""
    if form not in FILES:
        abort(404)
    here = installation()
    look = dressing.in_files(looks.of(workspace_id))
    press = Press(current_app.jinja_env, here.settings.operator, here.print_room, look)
    if form != "pdf":
        return _download(press.edition(document, form, language()), form, file_name(document, form))
    html, room = _page_to_print(press, document), PrintRoom(press.cache)
    content = _from_the_worker(html, room)
    if content is None:
        return _waiting(room.before(html, at=now()))
    return _download(content, form, file_name(document, form))


def _page_to_print(press: Press, document: Mapping[str, Any]) -> str:
    if not doctor.has("pango"):
        raise PdfUnavailable
    sheet = Sheet(part=_asked("show", ("report", "conversations")), paper=_asked("paper", tuple(PAPERS)))
    return press.proof(document, language(), sheet=sheet)


def _from_the_worker(html: str, room: PrintRoom) -> bytes | None:
    until = monotonic() + current_app.config.get("PDF_PATIENCE", PATIENCE)
    while (content := room.fetch(html, at=now())) is None and monotonic() < until:
        sleep(GLANCE)
    return content


def _waiting(before: int | None) -> Response:
    """``before``: how many are printed first; None: it is being printed."""
    response = make_response(render_template("report/waiting.html", before=before), 202)
    response.headers["Refresh"] = "2"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _download(content: bytes, form: str, name: str) -> Response:
    response = make_response(content)
    response.content_type = FORMS[form]
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _look(workspace_id: int) -> Look:
    workspace = looks.of(workspace_id)
    colour = workspace.colour
    return dressing.on_site(workspace, url_for("public.accent", name=colour[1:]) if colour else None)


def _asked(name: str, choices: tuple[str, ...]) -> str:
    """What the address asks for, if it is offered; else the first choice."""
    asked = request.args.get(name, "")
    return asked if asked in choices else choices[0]


def _again(**changes: str) -> str:
    """This page's address with other arguments."""
    arguments = {**request.view_args, **request.args.to_dict(), **changes} if request.view_args else changes
    return url_for(request.endpoint or "", **arguments)
