"""What the answering pages leave out on their way through Flask, and what they may not."""

from flask import Flask

from survey_service.web import compression, security
from survey_service.web.short_way import AFTER

#: Hooks of every page that an answering page does without, and why.
LEFT_OUT = {
    "csrf_protect": "the link is the capability; there is no session to ride on",
    "_check_request_limit": "that door counts its floods itself",
    "_keep_language": "the language travels in the form",
    "_update_remember_cookie": "no cookie",
    "__inject_headers": "no limit of another door is told",
    "_name": "no request there has a name",
    "_need_our_own": "looks at posts to doors with a session",
}


def _names(hooks: list[object]) -> set[str]:
    return {getattr(getattr(one, "func", one), "__name__", "") for one in hooks}


def test_a_new_hook_of_every_page_is_either_run_at_the_answering_door_or_left_out_for_a_reason(
    app: Flask,
) -> None:
    hooks = _names([*app.before_request_funcs[None], *app.after_request_funcs[None]])
    assert hooks - set(LEFT_OUT) == {one.__name__ for one in AFTER}
    assert set(AFTER) == {security.add, compression.compress}
