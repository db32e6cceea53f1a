"""A workspace's logo and colour as a report wears them: in files as data, on the site as addresses."""

from survey_service.reports.editions import inside
from survey_service.reports.page import Look
from survey_service.workspaces import look as looks
from survey_service.workspaces.models import Workspace


def in_files(workspace: Workspace) -> Look:
    """Everything inside the file itself."""
    colour = workspace.colour
    sheet = inside(looks.sheet(colour).encode(), "text/css") if colour else None
    return Look(workspace.name, _logo(workspace), sheet)


def on_site(workspace: Workspace, sheet: str | None) -> Look:
    """The logo inside the page; ``sheet``: the address of the colour's style sheet, if there is a colour."""
    return Look(workspace.name, _logo(workspace), sheet)


def _logo(workspace: Workspace) -> str | None:
    return inside(workspace.logo, "image/png") if workspace.logo else None
