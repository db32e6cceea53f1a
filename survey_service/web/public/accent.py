"""The style sheet of a colour: the site's pages hold no style of their own."""

from flask import Response, abort, make_response

from survey_service.web.public.door import door
from survey_service.workspaces import look
from survey_service.workspaces.look import ColourRefused


@door.get("/look/<name>.css")
def accent(name: str) -> Response:
    """Makes the colour of six hex digits the accent; the same for everyone, and nobody's in particular."""
    try:
        colour = look.fit_colour(name)
    except ColourRefused:
        abort(404)
    response = make_response(look.sheet(colour))
    response.content_type = "text/css; charset=utf-8"
    return response
