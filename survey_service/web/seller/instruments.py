"""The library: what this workspace may ask, where it is asked; copy, export, delete."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response as Redirect

from survey_service.collection import carrying, sentences, shelf
from survey_service.collection.models import OwnInstrument
from survey_service.engagements import instruments as asking
from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import language, listed, ngettext
from survey_service.instrument import catalog, draft, limits
from survey_service.instrument.definition import Definition
from survey_service.web.audiences import need, scope
from survey_service.web.seller import offering
from survey_service.web.seller.door import door


@dataclass(frozen=True)
class Entry:
    """One version as the library shows it."""

    row: OwnInstrument
    state: str
    content: str
    written: str
    users: Sequence[Engagement]

    @property
    def may_go(self) -> bool:
        """Whether it may be deleted."""
        return self.row.frozen_at is None and not self.users


@door.get("/instruments")
def instruments() -> str:
    """Packaged ones to copy, and the workspace's own with their state."""
    eyes = scope()
    users = asking.users(eyes)
    return render_template(
        "seller/instruments.html",
        packaged=[catalog.words(key, language()) for key in catalog.names()],
        keys=catalog.names(),
        users=users,
        entries=[_entry(row, users.get(row.key, ())) for row in shelf.listed(eyes)],
    )


@door.post("/instruments/copy")
def copy_instrument() -> Redirect:
    """A copy of a packaged instrument, to be changed."""
    eyes, source = need("work"), request.form.get("source", "")
    if source not in catalog.names():
        raise NotFound
    with transaction():
        packaged = catalog.packaged(source)
        title = shelf.untaken(eyes, _("%(title)s, our words", title=packaged.spoken(language()).title))
        row = shelf.put(eyes, draft.of(packaged, source), title, at=now())
        name, version = row.name, row.version
    return redirect(url_for(".edit_instrument", name=name, version=version))


@door.get("/instruments/<name>/<int:version>.toml")
def export_instrument(name: str, version: int) -> Response:
    """One version as a file."""
    row = shelf.held(scope(), name, version)
    response = Response(carrying.give_out(row), mimetype="application/toml")
    kept = "".join(one if one.isalnum() else "-" for one in row.title.lower()).strip("-") or "instrument"
    disposition = dump_options_header("attachment", {"filename": f"{kept}-{version}.toml"})
    response.headers["Content-Disposition"] = disposition
    return response


@door.post("/instruments/<name>/<int:version>/delete")
def delete_instrument(name: str, version: int) -> Redirect:
    """Take a version that nobody asks off the shelf."""
    eyes = need("work")
    with transaction():
        row = shelf.held(eyes, name, version)
        title = row.title
        asking.throw_away(eyes, row, at=now())
    flash(_("“%(title)s” is deleted.", title=title))
    return redirect(url_for(".instruments"))


def _entry(row: OwnInstrument, users: Sequence[Engagement]) -> Entry:
    found = shelf.definition(row)
    return Entry(
        row=row,
        state=_state(row, found),
        content=" ".join([offering.content(found), *offering.without(found)]),
        written=_written(found),
        users=users,
    )


def _written(found: Definition) -> str:
    if not found.languages:
        return _("No language is all written yet.")
    return _("Written in: %(languages)s.", languages=listed(sentences.tongues(found.languages)))


def _state(row: OwnInstrument, found: Definition) -> str:
    if row.frozen_at is not None:
        return _("launched; it stays as it is")
    faults = len(limits.structure(found)) + sum(len(limits.remarks(found, one)) for one in found.words)
    if faults:
        return ngettext("draft, %(num)d thing to put right", "draft, %(num)d things to put right", faults)
    return _("ready to be asked") if found.languages else _("draft, not all written in any language")
