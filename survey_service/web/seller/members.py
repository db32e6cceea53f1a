"""Members of the workspace, and which workspace one looks at."""

from flask import render_template

from survey_service.web.seller.door import door


@door.get("/members")
def members() -> str:
    """Who belongs here."""
    return render_template("problem.html", heading="Members", text="Coming.")


@door.get("/workspaces")
def workspaces() -> str:
    """Which workspace to look at."""
    return render_template("problem.html", heading="Workspaces", text="Coming.")
