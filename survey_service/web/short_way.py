"""The short way of an answering page through Flask: without what only sessions and passwords need.

Flask runs every hook for every page. At the stakeholders' door there is no session, no CSRF token, no try of
a password and no name of a request, so theirs are left out: a tenth of such a page's time.
"""

from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar, cast

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict

from survey_service.web import compression, security

P = ParamSpec("P")
R = TypeVar("R")

#: The door that goes the short way; it counts its floods itself.
DOOR: Final = "respondent"
#: After its own hooks, what every page gets.
AFTER: Final = (security.add, compression.compress)


class Values(ImmutableMultiDict[str, str]):
    """What a request brings; what is not there is found missing without an exception."""

    def get(self, key: str, *otherwise: Any, **converting: Any) -> Any:  # noqa: ANN401 - typed by werkzeug, one by one
        """The first value under the name."""
        if key in self or converting:
            return super().get(key, *otherwise, **converting)
        return otherwise[0] if otherwise else None


class Asking(Request):
    """A request whose values are found sooner."""

    parameter_storage_class = Values


class House(Flask):
    """Flask with a short way; nor does it ask of every hook whether that is a coroutine, for none is."""

    request_class = Asking

    def ensure_sync(self, func: Callable[P, R]) -> Callable[P, R]:
        """The function as it is; asking took a twentieth of an answering page."""
        return func

    def preprocess_request(self) -> ResponseReturnValue | None:
        """The host's name is looked at for every page; then the door's own hooks, or all."""
        asked = request_ctx.request
        if asked.blueprint != DOOR:
            return super().preprocess_request()
        for look in self.url_value_preprocessors[None]:
            look(asked.endpoint, asked.view_args)
        for before in self.before_request_funcs[DOOR]:
            answer = cast("ResponseReturnValue | None", before())
            if answer is not None:
                return answer
        return None

    def process_response(self, response: Response) -> Response:
        """The door's own hooks, then what every page gets; no cookie is set."""
        if request_ctx.request.blueprint != DOOR:
            return super().process_response(response)
        for after in (*self.after_request_funcs[DOOR], *AFTER):
            response = cast("Response", after(response))
        return response
