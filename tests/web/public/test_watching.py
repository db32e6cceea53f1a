"""For whoever watches the server, and for whoever sends a request to a name that is not its own."""

import shutil

import pytest
from flask import Flask

from survey_service.foundation.installation import installation

FOREIGN = ["evil.example", "localhost.evil.example", "evil.example:80", "[::1", "", "localhost@evil.example"]


def test_a_living_server_says_so_and_is_ready(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").json == {"alive": True}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json) == (200, {"ready": True, "faults": []})


def test_without_its_keys_a_server_lives_and_is_not_ready(app: Flask) -> None:
    with app.app_context():
        shutil.rmtree(installation().keys.path)
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json) == (503, {"ready": False, "faults": ["keys"]})


@pytest.mark.parametrize("host", FOREIGN)
def test_no_page_answers_to_another_name(app: Flask, host: str) -> None:
    client = app.test_client()
    for path in ("/", "/sign-in", "/desk/", "/s/x/", "/a/x", "/forgotten-password"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text


def test_watchers_may_ask_by_address(app: Flask) -> None:
    assert app.test_client().get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200
