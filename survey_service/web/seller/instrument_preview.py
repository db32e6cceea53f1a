"""An instrument as a stakeholder would see it, on a phone and at a desk, before any engagement asks it."""

from datetime import timedelta

from flask import render_template, request

from survey_service.collection import shelf
from survey_service.collection.models import OwnInstrument
from survey_service.foundation.clock import now
from survey_service.foundation.i18n import LANGUAGES, speaking
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.installation import installation
from survey_service.waves.terms import K, Terms
from survey_service.web import asking
from survey_service.web.audiences import scope
from survey_service.web.seller.door import door


@door.get("/instruments/<name>/<int:version>/preview")
def preview_instrument(name: str, version: int) -> str:
    """Frames around the stakeholder's own page."""
    row = shelf.held(scope(), name, version)
    found, chosen = shelf.definition(row), _language(row)
    return render_template(
        "seller/preview_instrument.html",
        row=row,
        chosen=chosen,
        missing=len(found.unwritten(chosen)),
        device="desk" if request.args.get("device") == "desk" else "phone",
        screens=len(found.instrument.sections),
    )


@door.get("/instruments/<name>/<int:version>/preview/page")
def preview_instrument_page(name: str, version: int) -> str:
    """The page itself, at an organisation that does not exist; nothing on it can be sent."""
    row = shelf.held(scope(), name, version)
    language = _language(row)
    with speaking(language):
        terms = _terms(row, language)
        group = terms.groups[0][0]
    screen = request.args.get("screen", 0, type=int)
    return asking.preview(terms, group, max(screen, 0), language)


def _terms(row: OwnInstrument, language: str) -> Terms:
    return Terms(
        wave=1,
        workspace=scope().workspace_name,
        operator=installation().settings.operator,
        buyer=_("the buying organisation"),
        change=_("Here stands the change, in one sentence."),
        sponsor=_("The sponsor"),
        k=K,
        groups=((_("One group"), 8), (_("Another group"), 8)),
        instrument=row.key,
        language=language,
        time_zone="UTC",
        launched_at=now(),
        closes_at=now() + timedelta(days=14),
        believed_step=None,
        sheet_length=0,
        text_length=0,
    )


def _language(row: OwnInstrument) -> str:
    asked = request.args.get("words") or request.args.get("language", "")
    written = shelf.definition(row).languages
    return asked if asked in LANGUAGES else next(iter(written), "en")
