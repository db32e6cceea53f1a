"""Answering: the question page and the whole deposit, beside a bare Flask app under the same server."""

import contextlib
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
from rig import postgres
from sqlalchemy import func, select

from bench import figures
from bench.figures import Figure
from bench.place import Place, launched, place, workspace
from bench.serving import call, serving
from survey_service.answers import receipts
from survey_service.answers.models import SheetBox, TextBox
from survey_service.foundation.db import db

FORM = [(f"Q{number:02d}", str(1 + number % 5)) for number in range(1, 25)] + [
    ("concern", "K01"),
    ("order", "a1b2"),
]
TABLES = "CREATE TABLE {} (id {} PRIMARY KEY, wave INTEGER, box {})"


def question_page(folder: Path) -> Iterator[Figure]:
    """The first screen of statements, everything else travelling along."""
    with place(folder / "page") as made:
        _, tokens = launched(workspace(), 60)
        form = [*FORM, ("screen", "0"), ("go", "next")]
        template = _template(made, tokens[0], form, folder / "page.html")
        with (
            serving("wsgi:app", made.environ) as ours,
            serving("bench.bare:app", {**made.environ, **template}) as bare,
        ):
            turns = figures.taking_turns(
                lambda: _rate(ours, "page", tokens, form), lambda: _rate(bare, "page", tokens, form), rounds=3
            )
            tails = [
                figures.quantile(call(port, "page", tokens, form, seconds=4)["took"], 0.99) * 1000
                for port in (ours, bare)
            ]
    ratio = figures.ratio(*turns)
    yield Figure(
        "question page",
        f"{figures.spread(turns[0], '/s')}, p99 {tails[0]:.0f} ms",
        f"bare Flask and Jinja, same markup: {figures.spread(turns[1], '/s')}, p99 {tails[1]:.0f} ms",
        ratio,
        "at least 0.8",
        ratio >= 0.8,
    )


def deposits_on_sqlite(folder: Path, *, lasting: float = 20) -> Iterator[Figure]:
    """Whole journeys into an SQLite file."""
    bare = folder / "bare.sqlite"
    with sqlite3.connect(bare) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        for table in ("bare_one", "bare_two"):
            connection.execute(TABLES.format(table, "BLOB", "BLOB") + " WITHOUT ROWID")
    with place(folder / "sqlite") as made:
        yield from _deposits("SQLite", made, str(bare), folder, lasting)


def deposits_on_postgresql(folder: Path, *, lasting: float = 20) -> Iterator[Figure]:
    """Whole journeys into a PostgreSQL server that writes to disk as in production."""
    with server(folder) as address:
        bare = postgres.create(address, "bare").replace("+psycopg", "")
        with psycopg.connect(bare) as connection:
            for table in ("bare_one", "bare_two"):
                connection.execute(TABLES.format(table, "BYTEA", "BYTEA").encode())
        with place(folder / "pg-data", postgres.create(address, "ours")) as made:
            yield from _deposits("PostgreSQL", made, bare, folder, lasting)


def _deposits(name: str, made: Place, bare_database: str, folder: Path, lasting: float) -> Iterator[Figure]:
    wave, tokens = launched(workspace(), int(600 * lasting))
    template = _template(made, tokens[-1], [*FORM, ("go", "next")], folder / "journey.html")
    bare_environ = {**made.environ, **template, "BENCH_DATABASE": bare_database}
    wave_id = wave.id
    with serving("wsgi:app", made.environ) as ours, serving("bench.bare:app", bare_environ) as bare:
        half = len(tokens) // 2
        base, three, seen = [], [], []
        for part in (tokens[:half], tokens[half:]):
            base.append(call(bare, "bare", tokens, FORM, seconds=lasting / 4))
            seen.append(call(ours, "answering", part, FORM, seconds=lasting / 2))
            three.append(call(bare, "bare in three", tokens, FORM, seconds=lasting / 8))
            base.append(call(bare, "bare", tokens, FORM, seconds=lasting / 4))
    mine, theirs, evenly = (
        [len(one["took"]) / one["elapsed"] for one in some] for some in (seen, base, three)
    )
    given = [receipt for one in seen for receipt in one["receipts"]]
    lost, doubled = checked(wave_id, given)
    tail = figures.quantile([value for one in seen for value in one["took"]], 0.99) * 1000
    ratio = figures.ratio(mine, theirs)
    yield Figure(
        f"full deposit on {name}, 3 requests: link, check page, send and receipt",
        f"{figures.spread(mine, ' journeys/s')}, p99 of the whole {tail:.0f} ms; "
        f"{len(given):,} receipts, {lost} lost, {doubled} doubled",
        f"bare GET and POST with two INSERTs, 2 requests: {figures.spread(theirs, '/s')}",
        ratio,
        "at least 0.7; p99 under 60 ms; 0 lost, 0 doubled",
        ratio >= 0.7 and tail < 60 and not lost and not doubled,
    )
    yield Figure(
        f"the same on {name}, request for request",
        figures.spread(mine, " journeys/s"),
        f"the bare page shown once more before it is sent, 3 requests: {figures.spread(evenly, '/s')}",
        figures.ratio(mine, evenly),
        "for comparison",
        None,
    )


def checked(wave_id: int, given: list[str]) -> tuple[int, int]:
    """How many receipts find no box, and how many boxes there are beyond the receipts."""
    db.session.rollback()
    sheets = set(db.session.scalars(select(SheetBox.id).where(SheetBox.wave_id == wave_id)))
    texts = (
        db.session.scalar(select(func.count()).select_from(TextBox).where(TextBox.wave_id == wave_id)) or 0
    )
    lost = sum(receipts.sheet_id(one) not in sheets for one in given)
    return lost, max(len(sheets), texts) - len(set(given))


def _rate(port: int, journey: str, tokens: list[str], form: list[tuple[str, str]]) -> float:
    seen = call(port, journey, tokens, form, seconds=4)
    return len(seen["took"]) / float(seen["elapsed"])


def _template(made: Place, token: str, form: list[tuple[str, str]], file: Path) -> dict[str, str]:
    """The product's own page as a Jinja template: statements and hidden fields in loops, the rest as is."""
    answer = made.app.test_client(use_cookies=False).post(f"/a/{token}/questions", data=_multi(form))
    html = answer.get_data(as_text=True)
    blocks = re.findall(r'<fieldset class="statement".*?</fieldset>\n?', html, re.DOTALL)
    hidden = re.findall(r'<input type="hidden" name="Q\d\d" value="[^"]*">\n', html)
    assert answer.status_code == 200
    assert blocks
    html = (
        "{% raw %}"
        + html.replace("".join(blocks), "@statements@").replace("".join(hidden), "@hidden@")
        + "{% endraw %}"
    )
    asked = [(_found(r'id="(Q\d\d)"', one), _found(r"<legend>(.*?)</legend>", one)) for one in blocks]
    loop = (
        blocks[0]
        .replace(asked[0][0], "{{ id }}")
        .replace(asked[0][1], "{{ legend }}")
        .replace(" checked", "")
    )
    loop = re.sub(r'value="(\w+)">', r'value="\1"{% if given[id] == "\1" %} checked{% endif %}>', loop)
    carried = [_found(r'name="(Q\d\d)"', one) for one in hidden]
    fields = '<input type="hidden" name="{{ name }}" value="{{ given[name] }}">\n'
    html = html.replace(
        "@statements@",
        f"{{% endraw %}}{{% for id, legend in {json.dumps(asked)} %}}{loop}{{% endfor %}}{{% raw %}}",
    ).replace(
        "@hidden@",
        f"{{% endraw %}}{{% for name in {json.dumps(carried)} %}}{fields}{{% endfor %}}{{% raw %}}",
    )
    file.write_text(html)
    headers = {name: value for name, value in answer.headers if not name.startswith("Content-")}
    headers["Content-Security-Policy"] = answer.headers["Content-Security-Policy"]
    return {"BENCH_PAGE": str(file), "BENCH_HEADERS": json.dumps(headers)}


def _found(pattern: str, text: str) -> str:
    return str(re.findall(pattern, text)[0])


def _multi(form: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in form:
        found.setdefault(name, []).append(value)
    return found


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    facts = postgres.start(folder)
    try:
        yield facts["address"]
    finally:
        postgres.stop(facts)
