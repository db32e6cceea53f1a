"""The baseline: what Flask and Jinja cost by themselves for the same page, and for two rows on the same disk.

It stands beside the product on equal terms: the same server, markup and headers, and the same
settings for what reaches the disk.

Environment: BENCH_PAGE, a file that holds the page as a template; BENCH_HEADERS, the headers as JSON;
BENCH_DATABASE, an SQLite file or a PostgreSQL address.
"""

import base64
import hashlib
import json
import os
import re
import secrets
import sqlite3
import threading
from pathlib import Path

import psycopg
from flask import Flask, Response, render_template, request
from jinja2 import DictLoader

PAGE = Path(os.environ.get("BENCH_PAGE", os.devnull)).read_text()
HEADERS = json.loads(os.environ.get("BENCH_HEADERS", "{}"))
DATABASE = os.environ.get("BENCH_DATABASE", ":memory:")
QUESTIONS = [f"Q{number:02d}" for number in range(1, 25)]
VALUES = {"1", "2", "3", "4", "5", "dk", "na", ""}
THANKS = (
    '<!doctype html><title>Thank you</title><h1>Thank you</h1><output id="receipt">{{ receipt }}</output>'
)

app = Flask(__name__)
app.jinja_loader = DictLoader({"page.html": PAGE, "thanks.html": THANKS})
here = threading.local()


def _connection() -> "sqlite3.Connection | psycopg.Connection":
    """One for each thread, with the product's own settings for durability."""
    if not hasattr(here, "connection"):
        if DATABASE.startswith("postgresql"):
            here.connection = psycopg.connect(DATABASE)
        else:
            here.connection = sqlite3.connect(DATABASE, timeout=20, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                here.connection.execute(f"PRAGMA {pragma}")
    made: sqlite3.Connection | psycopg.Connection = here.connection
    return made


@app.after_request
def _add(response: Response) -> Response:
    response.headers.extend(HEADERS)
    return response


@app.get("/")
def up() -> str:
    """Whether it runs."""
    return "up"


@app.get("/a/<token>")
@app.post("/a/<token>/questions")
def page(token: str) -> str:
    """The question page, its answers as posted."""
    given = {name: request.form.get(name, "") for name in QUESTIONS}
    return render_template("page.html", given=given, token=token)


@app.post("/a/<token>/send")
def send(token: str) -> tuple[str, int] | str:
    """Validated by hand, two rows, a receipt."""
    given = {name: request.form.get(name, "") for name in QUESTIONS}
    if not set(given.values()) <= VALUES or not re.fullmatch(r"[\w-]{1,64}", token):
        return "no", 400
    receipt = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
    row = (hashlib.sha256(receipt.encode()).digest(), 1, repr(given).encode().ljust(1400))
    connection = _connection()
    if isinstance(connection, psycopg.Connection):
        with connection.transaction():
            connection.execute("INSERT INTO bare_one VALUES (%s, %s, %s)", row)
            connection.execute("INSERT INTO bare_two VALUES (%s, %s, %s)", row)
    else:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare_one VALUES (?, ?, ?)", row)
        connection.execute("INSERT INTO bare_two VALUES (?, ?, ?)", row)
        connection.execute("COMMIT")
    shown = "-".join(receipt[start : start + 4] for start in range(0, 26, 4))
    return render_template("thanks.html", receipt=shown)
