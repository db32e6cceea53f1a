"""A name for every request, so that a person can quote what went wrong; what was refused is written down.

Not at the answering pages: nothing there may lead from a line of the log to a visit.
"""

import logging

from flask import Flask, Response, request

from survey_service.foundation import logs

log = logging.getLogger(__name__)
HEADER = "X-Request-ID"


def _name(response: Response) -> Response:
    identity = logs.request_id()
    if identity is not None:
        response.headers[HEADER] = identity
        if response.status_code >= 400:
            log.info("refused: %d %s", response.status_code, request.method)
    return response


def init_app(app: Flask) -> None:
    """Name every answer, and let error pages say the name."""
    app.after_request(_name)
    app.jinja_env.globals.update(request_id=logs.request_id)
