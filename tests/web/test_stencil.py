"""Stencils: everybody's page is cut from one drawing, and holds nothing of anybody else."""

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup

from survey_service.web import stencil
from survey_service.web.stencil import Stencil

PAGE = """<a href="/a/{{ hole("token") }}/questions">{{ buyer }}</a>
{%- call when("Q01=4") %} checked{% call when("late") %} and late{% endcall %}{% endcall %}
{{ hole("text") }}"""


def drawn(app: Flask, buyer: str = "Nordlicht") -> Stencil:
    with app.test_request_context():
        return Stencil(render_template_string(PAGE, buyer=buyer))


def test_each_person_gets_what_holds_for_them_and_their_own_words(app: Flask) -> None:
    page = drawn(app)
    pat = page.cut({"Q01=4"}, {"token": "abc", "text": "<b> & so on"})
    assert pat == '<a href="/a/abc/questions">Nordlicht</a> checked&lt;b&gt; &amp; so on'
    quinn = page.cut({"Q01=5", "late"}, {"token": "xyz", "text": Markup("<i>drawn</i>")})
    assert quinn == '<a href="/a/xyz/questions">Nordlicht</a><i>drawn</i>'
    assert " checked and late" in page.cut({"Q01=4", "late"}, {"token": "", "text": ""})


def test_a_hole_that_nobody_fills_is_a_fault_and_no_blank(app: Flask) -> None:
    with pytest.raises(KeyError):
        drawn(app).cut(set(), {"token": "abc"})


def test_a_mark_in_a_persons_text_is_text(app: Flask) -> None:
    mark = str(stencil.hole("token"))
    assert mark in drawn(app).cut(set(), {"token": "abc", "text": mark})
