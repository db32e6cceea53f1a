"""python -m bench.load --people N --minutes M: so many people answer a running server, spread over the time.

The server is the one of this environment's SURVEY_BASE_URL, on this machine, in development; the people are
made up in its own database, in a workspace of their own.
"""

import argparse
import os
import secrets
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bench import figures
from bench.answering import FORM, checked
from bench.place import PASSWORD, launched
from bench.serving import call
from survey_service.app import create_app
from survey_service.foundation.db import transaction
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.workspaces import making
from survey_service.workspaces import scope as scopes

THREADS = 8


def main(arguments: list[str]) -> None:
    """Launch a wave for these people, let them answer, check every receipt."""
    asked = argparse.ArgumentParser(prog="./run bench load", description="People answer a running server.")
    asked.add_argument("--people", type=int, default=2000, help="how many answer, 5 to 20,000")
    asked.add_argument("--minutes", type=float, default=3, help="over how long, at most 30")
    given = asked.parse_args(arguments)
    if not (5 <= given.people <= 20_000 and 0 < given.minutes <= 30):
        asked.error("give 5 to 20,000 people and at most 30 minutes")
    settings = furnish(Settings.from_environ({"SURVEY_ENV": "development", **os.environ}))
    if not settings.development:
        sys.exit("The load test makes people up; it runs in development only (SURVEY_ENV=development).")
    place = urlsplit(settings.base_url)
    with create_app(settings).app_context():
        mark = secrets.token_hex(3)
        with transaction():
            made = making.make_workspace(
                name=f"Load test {mark}",
                owner_name="Load test",
                owner_email=f"load@{mark}.example",
                password=PASSWORD,
                at=datetime.now(UTC),
                confirmed=True,
            )
            scope = scopes.of_operator(made)
        wave, tokens = launched(scope, given.people)
        wave_id = wave.id
        seen = call(
            place.port or 80,
            "answering",
            tokens,
            FORM,
            threads=THREADS,
            seconds=given.minutes * 60 + 30,
            most=given.people + THREADS,
            every=given.minutes * 60 / given.people * THREADS,
        )
        lost, doubled = checked(wave_id, seen["receipts"])
    took = [value * 1000 for value in seen["took"]]
    sys.stdout.write(
        f"{len(seen['receipts']):,} of {given.people:,} people answered in {seen['elapsed']:.0f} s: "
        f"{len(took) / seen['elapsed']:.1f} journeys/s.\n"
        f"A journey (link, check page, send) took {figures.quantile(took, 0.5):.0f} ms in the middle, "
        f"{figures.quantile(took, 0.99):.0f} ms at the 99th hundredth.\n"
        f"Receipts checked against the boxes: {lost} lost, {doubled} doubled.\n"
    )
    sys.exit(1 if lost or doubled else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
