"""The seller's desk."""

from collections.abc import Mapping

from flask import abort

from survey_service.web.audiences import Door

door = Door("seller", __name__, audience="seller", url_prefix="/desk")

#: The highest number a row can have.
HIGHEST = 2**31 - 1


@door.url_value_preprocessor
def _pass_over_nonsense(_endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Nothing has a number or a name that no table could hold; databases would call it a fault."""
    for value in (values or {}).values():
        if "\0" in value if isinstance(value, str) else isinstance(value, int) and value > HIGHEST:
            abort(404)
