"""What the log says of an event, and what it takes out of it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from survey_service.foundation import logs
from survey_service.foundation.logs import ForMachines, ForPeople, Redaction
from survey_service.foundation.site import Log

RECEIPT = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("letter to pat.o'hara+x@nord-licht.example failed", "letter to [address] failed"),
        ("GET /a/aBcDeFgHiJkLmNoPqRsTuVwX/send HTTP/1.1", "GET /a/[link] HTTP/1.1"),
        ("/reset/xyz?next=/r/abc, then", "/reset/[link], then"),
        (f"receipt {RECEIPT}", "receipt [receipt]"),
        (f"receipt {RECEIPT.replace('-', '').lower()}!", "receipt [receipt]!"),
        (f"receipt {RECEIPT.replace('-', ' ')}", "receipt [receipt]"),
        ("token aBcDeFgHiJkLmNoPqRsTuVwX", "token [secret]"),
        ("postgresql://survey:pass%40word@db/survey", "postgresql://[secret]@db/survey"),
        ("from 203.0.113.7:9000 at", "from [network]:9000 at"),
        ("from 2001:db8::17 at", "from [network] at"),
        ("from ::ffff:203.0.113.7 at", "from [network][network] at"),
        ("a plain word, 12:30:45, wave 17, a_function_of_our_own_with_a_name", None),
        ("Listening at: http://127.0.0.1:8000 (12)", None),
        ("the secret is hush-hush", "the secret is [secret]"),
    ],
)
def test_links_receipts_addresses_and_secrets_are_taken_out(said: str, written: str | None) -> None:
    assert Redaction(frozenset({"hush-hush"}))(said) == (written or said)


@pytest.fixture
def logger() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    made, stream = logging.getLogger("tried"), io.StringIO()
    handler = logging.StreamHandler(stream)
    made.addHandler(handler)
    made.propagate = False
    yield made, stream
    made.removeHandler(handler)
    made.propagate = True


def written(logger: tuple[logging.Logger, io.StringIO], form: logging.Formatter) -> str:
    logger[0].handlers[0].setFormatter(form)
    try:
        try:
            raise KeyError("what Pat typed")
        except KeyError as fault:
            raise ValueError("calm blue lake") from fault
    except ValueError:
        logger[0].exception("a page failed\nfor pat@nordlicht.example")
    return logger[1].getvalue()


def test_a_fault_is_named_by_its_kinds_and_places_and_not_by_its_words(
    logger: tuple[logging.Logger, io.StringIO],
) -> None:
    line = written(logger, ForMachines(Redaction()))
    assert line.count("\n") == 1
    facts: dict[str, Any] = json.loads(line)
    assert facts["fault"] == ["ValueError", "KeyError"]
    assert "test_logs.py" in facts["places"][-1]
    assert (facts["level"], facts["from"], facts["says"]) == (
        "ERROR",
        "tried",
        "a page failed\nfor [address]",
    )
    assert "calm" not in line
    assert "typed" not in line
    assert facts["at"].endswith("+00:00")


def test_in_development_people_read_the_whole_trace(logger: tuple[logging.Logger, io.StringIO]) -> None:
    said = written(logger, ForPeople(Redaction()))
    assert "Traceback" in said
    assert "calm blue lake" in said
    assert "pat@" not in said


def test_of_the_answering_pages_the_day_is_told_and_no_request(app: Flask) -> None:
    record = logging.makeLogRecord({"name": "x", "msg": "m", "levelname": "ERROR"})
    for path in ("/a/token", "/a/token/send", "/a/no/such/page"):
        with app.test_request_context(path):
            facts = json.loads(ForMachines(Redaction()).format(record))
            assert len(facts["at"]) == 10
            assert facts.keys() == {"at", "level", "from", "says"}
    with app.test_request_context("/sign-in"):
        facts = json.loads(ForMachines(Redaction()).format(record))
        assert facts["route"] == "public.sign_in"
        assert facts["request"] == logs.request_id()


def test_gunicorn_names_neither_the_network_nor_the_line_it_could_not_read() -> None:
    words = "Invalid request from ip=203.0.113.7: Invalid HTTP request line: 'GET /a/" + "x" * 24 + "'"
    record = logging.makeLogRecord({"name": "gunicorn.error", "msg": words, "levelname": "WARNING"})
    assert json.loads(ForMachines(Redaction()).format(record))["says"] == "a request could not be read"


def test_gunicorn_writes_in_our_form_and_keeps_no_access_log() -> None:
    from gunicorn.config import Config

    config = Config()
    config.set("accesslog", "-")
    made = Log(config)
    try:
        assert {type(handler.formatter) for handler in made.error_log.handlers} == {ForMachines}
        assert not made.access_log.handlers
    finally:
        made.error_log.handlers.clear()
        made.error_log.propagate = made.access_log.propagate = True
