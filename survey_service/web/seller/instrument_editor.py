"""Changing an instrument of the workspace's own, a language at a time; looked through while one types."""

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from survey_service.collection import sentences, shelf
from survey_service.collection.models import OwnInstrument
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import LANGUAGES
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import language as spoken_now
from survey_service.instrument import draft as drafts
from survey_service.instrument import limits, reading
from survey_service.instrument.definition import Definition
from survey_service.instrument.draft import Draft
from survey_service.reports import phrases
from survey_service.web.audiences import need
from survey_service.web.forms import DoorForm
from survey_service.web.seller import instrument_form as forms
from survey_service.web.seller import offering
from survey_service.web.seller.door import door


@door.route("/instruments/<name>/<int:version>", methods=["GET", "POST"])
def edit_instrument(name: str, version: int) -> Redirect | str:
    """The editor. Saving keeps everything, faults and all; what has faults is not offered to engagements."""
    eyes = need("work")
    row = shelf.held(eyes, name, version)
    if request.method == "GET":
        return _page(row, shelf.opened(row), row.title, _language(row))
    changed, title = (
        forms.typed(shelf.opened(row), request.form, _language(row)),
        request.form.get("title", ""),
    )
    try:
        with transaction():
            seen = request.form.get("seen", "")
            kept = shelf.save(eyes, shelf.held(eyes, name, version), changed, title, seen=seen, at=now())
            number = kept.version
    except (shelf.BadTitle, shelf.ChangedMeanwhile) as refusal:
        db.session.rollback()
        return _page(shelf.held(eyes, name, version), changed, title, _language(row), refusal)
    return redirect(_onward(name, number, _language(row)))


@door.post("/instruments/<name>/<int:version>/look-through")
def look_through(name: str, version: int) -> Response:
    """What is wrong with the words as they are typed; nothing is kept."""
    row = shelf.held(need("work"), name, version)
    language = _language(row)
    built = _built(row, forms.typed(shelf.opened(row), request.form, language))
    return jsonify(faults=forms.told(built, language), content=_content(built), age=_age(built, language))


def _page(row: OwnInstrument, draft: Draft, title: str, language: str, refusal: Refusal | None = None) -> str:
    built = _built(row, draft)
    return render_template(
        "seller/instrument.html",
        form=DoorForm(),
        row=row,
        title=title,
        seen=shelf.mark(row),
        chosen=language,
        refusal=refusal,
        steps=forms.steps(draft, built, language),
        concerns=forms.concerns(draft, built, language),
        headings=forms.headings(draft, built, language),
        missing=forms.languages(built),
        packaged_concerns=forms.packaged_concerns(draft, language),
        new=forms.NEW,
        domains=phrases.DOMAINS,
        most=limits.LONGEST_CONCERN,
        wrong=[sentences.of_finding(one) for one in limits.structure(built)],
        content=_content(built),
        age=_age(built, language),
    )


def _onward(name: str, version: int, language: str) -> str:
    """After saving: another language, the preview, or the same page again."""
    go = request.form.get("go", "")
    if go == "preview":
        return url_for(".preview_instrument", name=name, version=version, words=language)
    flash(_("Kept."))
    wanted = go.removeprefix("in-")
    words = wanted if wanted in LANGUAGES else language
    return url_for(".edit_instrument", name=name, version=version, words=words)


def _language(row: OwnInstrument) -> str:
    """The language whose words the page is about: asked for, else the one being spoken, if it is written."""
    asked = request.values.get("words", "")
    if asked in LANGUAGES:
        return asked
    written = shelf.definition(row).words
    return spoken_now() if spoken_now() in written else next(iter(written), "en")


def _built(row: OwnInstrument, draft: Draft) -> Definition:
    return drafts.build(draft, name=row.name, version=row.version, title=row.title)


def _content(built: Definition) -> str:
    return " ".join([offering.content(built), *offering.without(built)])


def _age(built: Definition, language: str) -> str:
    """The reading age in words; "" where there is no formula."""
    words = built.words.get(language)
    age = reading.age(words.questions.values(), language) if words else None
    return _("To be read with ease from about %(age)d years of age.", age=age) if age else ""
