"""Stencils: everybody's page is cut from one drawing, and holds nothing of anybody else."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cast import stage
from flask import Flask, render_template_string
from markupsafe import Markup

from survey_service.foundation.clock import now
from survey_service.web import asking, stencil
from survey_service.web.stencil import Stencil

PAGE = """<a href="/a/{{ hole("token") }}/questions">{{ buyer }}</a>
{%- call when("Q01=4") %} checked{% call when("late") %} and late{% endcall %}{% endcall %}
{{ hole("text") }}"""


RECEIPTS = ("A" * 26, "B" * 26)


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


def come_all_the_way(app: Flask, token: str, receipt: str) -> None:
    """In French: each page once, then answers are sent."""
    client, form = app.test_client(use_cookies=False), {"language": "fr", "receipt": receipt, "checked": "1"}
    assert client.get(f"/a/{token}?language=fr").status_code == 200
    for go in (*map(str, range(1, 9)), "check"):
        assert client.post(f"/a/{token}/questions", data={**form, "go": go}).status_code == 200
    assert client.post(f"/a/{token}/send", data=form).status_code == 200


def test_how_long_pages_take_does_not_tell_how_far_a_colleague_came_before(app: Flask) -> None:
    """Pat alone speaks French. Whoever follows finds all pages drawn, however far Pat came."""
    with app.app_context():
        play = stage(app, groups={"Operations": 5}, at=now(), closes_at=now() + timedelta(days=11))
        play.launch()
        pat, colleague, *_ = play.tokens().values()
    asking._way.cache_clear()
    app.test_client(use_cookies=False).get(f"/a/{pat}?language=fr")
    opened = asking._way.cache_info().misses
    come_all_the_way(app, colleague, RECEIPTS[0])
    come_all_the_way(app, pat, RECEIPTS[1])
    assert asking._way.cache_info().misses == opened == 1


def test_people_who_come_at_one_moment_get_each_their_own_page(app: Flask) -> None:
    """Four threads, two languages: nobody's page holds another's link, order, ticks or text."""
    with app.app_context():
        play = stage(app, groups={"Operations": 12}, at=now(), closes_at=now() + timedelta(days=11))
        play.launch()
        tokens = list(play.tokens().values())

    def page_of(number: int) -> tuple[set[str], ...]:
        own = {"order": f"{number:04d}", "text1": f"MARK{number:04d}", "concern": f"K{number % 18 + 1:02d}"}
        form = {**own, "go": "check", "language": ("fr", "de")[number % 2]}
        page = app.test_client(use_cookies=False).post(f"/a/{tokens[number]}/questions", data=form).text
        forms = (
            r"/a/([\w-]{24})",
            r'name="order" value="(\w+)"',
            r"MARK\d{4}",
            r'value="(K\d\d)"',
            r' lang="(\w+)"',
        )
        return tuple(set(re.findall(form, page)) for form in forms)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(page_of, range(len(tokens))))
    for number, (links, orders, texts, ticks, languages) in enumerate(found):
        assert (links, orders, texts) == ({tokens[number]}, {f"{number:04d}"}, {f"MARK{number:04d}"})
        assert ticks == {f"K{number % 18 + 1:02d}"}
        assert ("fr", "de")[number % 2] in languages
