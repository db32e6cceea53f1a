"""Signing in and out."""

from flask import redirect, render_template, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from survey_service.web.public.door import door


@door.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | str:
    """Ask for address and password."""
    return render_template("problem.html", heading="Sign in", text="Coming.")


@door.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    logout_user()
    session.clear()
    return redirect(url_for(".landing"))


@door.get("/no-workspace")
def no_workspace() -> str:
    """For an account that belongs to no workspace any more."""
    return render_template("problem.html", heading="No workspace", text="Coming.")
