"""What a page weighs on the wire, how it is packed, and that its length does not tell what was chosen."""

import gzip
import random
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from web.respondent.paper_browser import PaperBrowser
from werkzeug.test import TestResponse

from survey_service.instrument import catalog
from survey_service.web import compression, packaged

MOST_BYTES, MOST_REQUESTS = 40 * 1024, 4
QUESTIONS = [question.id for question in catalog.instrument("core/1").questions]
PACKED = {"Accept-Encoding": "gzip"}


def post(client: FlaskClient, address: str, sent: dict[str, str]) -> TestResponse:
    return client.post(f"{address}/questions", data=sent, headers=PACKED)


def linked(page: str) -> list[str]:
    """Everything the page makes a browser fetch."""
    return re.findall(r'(?:<link[^>]* href|src)="([^"]+)"', page.replace('href="data:,"', ""))


def test_a_question_page_is_light(client: FlaskClient, link: str) -> None:
    page = post(client, link, {"screen": "0", **dict.fromkeys(QUESTIONS, "4")})
    fetched = [client.get(address, headers=PACKED) for address in linked(gzip.decompress(page.data).decode())]
    assert 1 + len(fetched) <= MOST_REQUESTS
    assert all(one.headers["Content-Encoding"] == "gzip" for one in (page, *fetched))
    assert sum(len(one.data) for one in (page, *fetched)) <= MOST_BYTES


def test_nothing_is_asked_of_another_host(pat: PaperBrowser, link: str) -> None:
    pat.open(link)
    pat.press("Start")
    assert not re.findall(r'(?:href|src|action)="(?:https?:)?//', pat.text)


def test_the_length_of_a_page_does_not_tell_what_was_chosen(client: FlaskClient, link: str) -> None:
    chance = random.Random(4)
    alike = [dict.fromkeys(QUESTIONS, value) for value in "12345"]
    mixed = [{question: chance.choice("12345") for question in QUESTIONS} for _ in range(20)]
    for screen in ("2", "5"):
        asked = {"screen": screen, "order": "0000"}
        assert len({len(post(client, link, asked | said).data) for said in alike + mixed}) == 1


@pytest.mark.parametrize("page", ["", "x" * 100, "ä🚲" * 3000, "y" * 50_000])
def test_a_packed_page_fills_its_steps_and_opens_as_it_was(page: str) -> None:
    packed = compression.compressed(page.encode())
    assert len(packed) % compression.STEP == 0
    assert gzip.decompress(packed).decode() == page


def test_who_cannot_read_gzip_gets_the_page_as_it_is(client: FlaskClient, link: str) -> None:
    for accepted in ("", "identity", "gzip;q=0", "br"):
        page = client.get(link, headers={"Accept-Encoding": accepted})
        assert "Content-Encoding" not in page.headers
        assert "Accept-Encoding" in page.headers["Vary"]
        assert "<h1>" in page.text


def test_a_page_of_a_session_is_not_packed(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/sign-in", headers=PACKED).headers


def test_packaged_files_may_be_kept_for_good_under_the_mark_of_now_only(
    app: Flask, client: FlaskClient
) -> None:
    with app.test_request_context():
        address = packaged.asset("js/ask.js")
    now = client.get(address)
    assert now.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    old = client.get(address.replace(packaged.mark(), "0" * 12))
    assert old.data == now.data == (packaged.STATIC / "js/ask.js").read_bytes()
    assert old.headers["Cache-Control"] == "no-store"
    assert client.get(address.replace("js/ask.js", "../app.py")).status_code == 404
