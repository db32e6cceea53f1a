"""Which workspace one looks at, for people who belong to several."""

from flask import redirect, render_template, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from survey_service.web.seller.door import door
from survey_service.workspaces import members


@door.get("/workspaces")
def workspaces() -> str:
    """All that the account belongs to."""
    return render_template("seller/workspaces.html", found=members.of_account(current_user.account))


@door.post("/workspaces/<key>")
def choose_workspace(key: str) -> Response:
    """Look at this one from now on; 404 for a stranger's."""
    session["workspace"] = members.own_workspace(current_user.account, key).key
    return redirect(url_for(".overview"))
