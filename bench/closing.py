"""Closing: opening boxes, tallying and measuring, beside unsealing alone; its growth and its memory."""

import json
import math
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bench import figures
from bench.figures import Figure
from bench.place import launched, place, workspace
from survey_service.aggregator.findings import WaveTerms, findings
from survey_service.answers import keys, paper, release
from survey_service.answers.models import SheetBox, TextBox
from survey_service.answers.paper import Ballot
from survey_service.foundation.db import db, transaction
from survey_service.foundation.installation import installation
from survey_service.instrument import catalog
from survey_service.waves.keeping import wave_key
from survey_service.waves.models import Wave

SIZES = (100, 1_000, 10_000, 100_000)
CORE = "core/1"
KEPT = 2_000
COUNTED = 10_000


def closing(folder: Path) -> Iterator[Figure]:
    """Each size in a process of its own, so that memory is its own."""
    seen = {size: _in_a_process(folder / str(size), size) for size in SIZES}
    for size, one in seen.items():
        ratio = figures.ratio(one["ours"], one["bare"])
        yield Figure(
            f"closing a wave of {size:,} sheets: open, tally, measure",
            figures.spread(one["ours"], " s", 2),
            f"unsealing alone: {figures.spread(one['bare'], ' s', 2)}",
            ratio,
            "at most 1.5",
            ratio <= 1.5,
        )
    low, high = (min(seen[size]["ours"]) for size in (SIZES[1], SIZES[-1]))
    growth = math.log(high / low) / math.log(SIZES[-1] / SIZES[1])
    yield Figure("growth of closing, exponent", f"{growth:.2f}", "", None, "at most 1.05", growth <= 1.05)
    memory = seen[SIZES[-1]]["megabytes"]
    yield Figure("memory at 100,000 sheets", f"{memory:.0f} MB", "", None, "at most 200 MB", memory <= 200)


def counting(folder: Path) -> Iterator[Figure]:
    """What the sheets themselves cost, once they are read: counts by group, parts, cells, ticks."""
    del folder
    chance = random.Random(1)  # noqa: S311 - made-up answers
    instrument, groups = catalog.instrument(CORE), {f"Group {at}": COUNTED for at in range(1, 7)}
    terms = WaveTerms(k=5, groups=groups, has_sponsor=True)
    sheets = [
        {
            "group": chance.choice(list(groups)),
            "answers": {
                question.id: chance.choice((1, 2, 3, 4, 5, "dk")) for question in instrument.questions
            },
            "concerns": [one.id for one in instrument.concerns if chance.random() < 0.2],
        }
        for _ in range(COUNTED)
    ]
    took = [figures.seconds(lambda: findings(terms, instrument, iter(sheets))) for _ in range(5)]
    yield Figure(
        f"tally and measure {COUNTED:,} sheets x {len(instrument.questions)} questions",
        figures.spread(took, " s", 2),
        "",
        None,
        "under 0.5 s",
        figures.quantile(took, 0.5) < 0.5,
    )


def _in_a_process(folder: Path, size: int) -> dict[str, Any]:
    with place(folder):
        wave, _ = launched(workspace(), 60)
        _fill(wave, size)
    command = [sys.executable, "-m", "bench.closing", str(folder), str(2 if size > 10_000 else 3)]
    seen: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)  # noqa: S603 - our own
    return seen


def _fill(wave: Wave, size: int) -> None:
    """As many boxes as asked for; beyond KEPT the same ones under new ids, for sealing takes its time."""
    chance = random.Random(1)  # noqa: S311 - made-up answers
    lengths = json.loads(wave.terms)
    instrument, groups = catalog.instrument(CORE), [name for name, _ in lengths["groups"]]
    wave_id, public_key = wave.id, wave.public_key
    sheets, texts = [], []
    for _ in range(min(size, KEPT)):
        ballot = Ballot(
            answers={question.id: chance.choice((1, 2, 3, 4, 5, "dk")) for question in instrument.questions},
            concerns=tuple(one.id for one in instrument.concerns if chance.random() < 0.2),
        )
        sheet = paper.sheet(chance.choice(groups), ballot, lengths["sheet_length"])
        sheets.append(keys.seal(public_key, sheet))
        texts.append(keys.seal(public_key, paper.texts(ballot, lengths["text_length"])))
    for start in range(0, size, KEPT):
        rows = range(start, min(start + KEPT, size))
        with transaction():
            for box, boxes in ((SheetBox, sheets), (TextBox, texts)):
                db.session.execute(
                    insert(box),
                    [
                        {"id": os.urandom(32), "wave_id": wave_id, "ciphertext": boxes[row % KEPT]}
                        for row in rows
                    ],
                )


def _measure(folder: Path, rounds: int) -> None:
    with place(folder):
        wave = db.session.scalars(select(Wave)).one()
        name, number, terms = wave_key(wave.key), wave.id, json.loads(wave.terms)
        public_key = wave.public_key
        publication = WaveTerms(k=5, groups=dict(terms["groups"]), has_sponsor=True)
        before = _megabytes()
        ours, bare = figures.taking_turns(
            lambda: figures.seconds(
                lambda: release.open_boxes(
                    installation().keys, name, public_key, number, publication, catalog.instrument(CORE)
                )
            ),
            lambda: figures.seconds(lambda: _unseal(name, number)),
            rounds,
        )
        json.dump({"ours": ours, "bare": bare, "megabytes": _megabytes(), "before": before}, sys.stdout)


def _unseal(name: str, wave_id: int) -> None:
    """The baseline: read every box and decrypt it, nothing else."""
    opener = keys.Opener(installation().keys, name)
    for box in (SheetBox, TextBox):
        stream = select(box.ciphertext).where(box.wave_id == wave_id).execution_options(yield_per=500)
        for (ciphertext,) in db.session.execute(stream):
            opener.open(ciphertext)


def _megabytes() -> float:
    """The most memory this process has held (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    _measure(Path(sys.argv[1]), int(sys.argv[2]))
