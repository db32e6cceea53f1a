"""The first page: what this is, in a few plain sentences."""

from flask import redirect, render_template
from flask_login import current_user
from werkzeug.wrappers import Response

from survey_service.web.public.door import door


@door.get("/")
def landing() -> Response | str:
    """Who is signed in goes straight to the desk."""
    if current_user.is_authenticated:
        return redirect("/desk")
    return render_template("public/landing.html")
