"""The stakeholder's door: a personal link, no cookie; GET never spends."""

import logging

from flask import request
from werkzeug.wrappers import Response

from survey_service.web import limits
from survey_service.web.audiences import Door

log = logging.getLogger(__name__)

door = Door("respondent", __name__, audience="respondent", url_prefix="/a")
limits.no_flood(door)


@door.after_request
def _note(response: Response) -> Response:
    """Nothing else is written down here: an address would be the link itself, a time with it a trail."""
    log.info("%s %dxx", request.endpoint, response.status_code // 100)
    return response
