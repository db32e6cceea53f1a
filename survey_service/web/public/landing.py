"""The first page, and the language the pages speak."""

from flask import redirect, render_template, request, session
from flask_login import current_user
from werkzeug.wrappers import Response

from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import LANGUAGES
from survey_service.web.public.door import door
from survey_service.web.public.ways import DESK, local


@door.get("/")
def landing() -> Response | str:
    """What this is, in a few plain sentences; who is signed in goes straight to the desk."""
    if current_user.is_authenticated:
        return redirect(DESK)
    return render_template("public/landing.html")


@door.post("/language")
def speak() -> Response:
    """Speak the chosen language from now on, also in letters to whoever is signed in."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if current_user.is_authenticated:
            with transaction():
                current_user.account.language = chosen
        else:
            session["chosen"] = chosen
    return redirect(local(request.form.get("back")))
