"""An instrument from a TOML file; what cannot be taken in is named by its line, and stays in the field."""

from flask import redirect, render_template, request, url_for
from flask_wtf.file import MultipleFileField
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from survey_service.collection import carrying, shelf
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.instrument import limits
from survey_service.web.audiences import need
from survey_service.web.forms import DoorForm, at_most, blame, one_line, said
from survey_service.web.seller.door import door


class NothingThere(Refusal):
    """Neither a file nor a text."""

    sentence = _l("Choose a file, or paste its text.")


class NotUtf8(Refusal):
    """A file in another encoding. Facts: name."""

    sentence = _l("%(name)s is not in UTF-8.")


class ImportForm(DoorForm):
    """Files or text, and a name."""

    files = MultipleFileField(
        _l("File"),
        description=_l(
            "One file as exported here, or structure.toml together with a file for each language "
            "(en.toml, de.toml)."
        ),
    )
    text = TextAreaField(_l("Or its text"))
    title = StringField(
        _l("Name"),
        [at_most(limits.LONGEST_TITLE)],
        filters=[one_line],
        description=_l("Else the title in the file."),
    )


@door.route("/instruments/import", methods=["GET", "POST"])
def import_instrument() -> Response | str:
    """Take a file in; faults in its words can be put right in the editor afterwards."""
    eyes, form = need("work"), ImportForm()
    if not form.is_sent_well():
        return _page(form)
    try:
        form.text.data = _text(form)
        with transaction():
            row = carrying.take_in(eyes, said(form.text), title=said(form.title), at=now())
            name, version = row.name, row.version
    except carrying.NotTaken as refusal:
        db.session.rollback()
        form.text.errors = [str(fault) for fault in refusal.faults]
        return _page(form)
    except shelf.BadTitle as refusal:
        db.session.rollback()
        blame(form.title, refusal)
        return _page(form)
    except (carrying.OddFiles, NothingThere, NotUtf8) as refusal:
        blame(form.files, refusal)
        return _page(form)
    return redirect(url_for(".edit_instrument", name=name, version=version))


def _text(form: ImportForm) -> str:
    """What was sent, as one text. Raises NothingThere, NotUtf8, OddFiles, NotTaken."""
    sent = {file.filename: file.read() for file in request.files.getlist("files") if file.filename}
    if not sent:
        if not said(form.text).strip():
            raise NothingThere
        return said(form.text)
    return carrying.one_text({name: _decoded(name, content) for name, content in sent.items()})


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise NotUtf8(name=name) from fault


def _page(form: ImportForm) -> str:
    return render_template("seller/import_instrument.html", form=form)
