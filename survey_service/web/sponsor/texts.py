"""The sponsor reads the free texts and may hide whole ones; nothing else can be done to them."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_service.collection import shelf
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.installation import installation
from survey_service.waves import handover
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.web.sponsor.door import door, seat


@door.get("/texts")
def review() -> str:
    """Every text that waits, each with a box to hide it."""
    here = seat()
    texts = handover.texts_to_review(_wave(), installation().keys)
    if not texts:
        raise NotFound
    words = shelf.find(here.engagement.instrument).spoken(here.engagement.language)
    return render_template("sponsor/texts.html", seat=here, texts=texts, words=words)


@door.post("/texts")
def publish() -> Response:
    """Write the appendix of those not hidden; the others are gone."""
    wave = _wave()
    with transaction():
        hidden = set(request.form.getlist("hide"))
        handover.publish_texts(wave, installation().keys, hidden=hidden, at=now())
    handover.destroy_read_keys(installation().keys)
    return redirect(url_for(".show"))


def _wave() -> Wave:
    wave = launching.wave_of(seat().engagement)
    if wave is None:
        raise NotFound
    return wave
