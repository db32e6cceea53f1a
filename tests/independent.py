"""The report's figures a second time, as plainly as docs/measures.md tells them, sharing no code with it.

Only the place table is read from a file; the bank of questions is written out below. Slow on purpose.
"""

import json
import math
from pathlib import Path
from typing import Any

TABLE = json.loads(
    (Path(__file__).parents[1] / "survey_service" / "aggregator" / "place_table.json").read_text()
)["table"]
BANK = """Q01 1 management C|Q02 2 people C|Q03 3 roles -|Q04 4 money -|Q05 4 management C|Q06 5 roles -
Q07 5 roles -|Q08 6 rules -|Q09 6 people -|Q10 6 people E|Q11 7 management E|Q12 7 rules -|Q13 8 money E
Q14 8 management -|Q15 9 people C|Q16 9 roles -|Q17 10 money E|Q18 10 roles -|Q19 11 people -|Q20 12 rules -
Q21 13 people E|Q22 13 management C|Q23 13 money E|Q24 13 rules E"""
ITEMS = [row.split() for line in BANK.splitlines() for row in line.split("|")]
STEPS = [
    *("idea", "sounding-out", "first-talks", "weighing-up", "getting-organised", "working-out"),
    *("bringing-together", "research", "agreement", "action", "second-look", "choice", "putting-to-work"),
]
TOPICS = (
    [("step", key, [i for i, s, _, _ in ITEMS if int(s) == n]) for n, key in enumerate(STEPS, 1)]
    + [
        (("domain"), d, [i for i, _, e, _ in ITEMS if e == d])
        for d in ("rules", "roles", "people", "money", "management")
    ]
    + [
        ("facet", "willing", [i for i, _, _, f in ITEMS if f == "C"]),
        ("facet", "able", [i for i, _, _, f in ITEMS if f == "E"]),
    ]
)
PEOPLE = {"5-9": 7, "9-19": 14, "10-19": 14, "20-39": 28, "40+": 60}
MID, LOW, HIGH = [0, 1.5, 2.35, 3.0, 3.65, 4.5], [0, 1, 2, 2.7, 3.3, 4], [0, 2, 2.7, 3.3, 4, 5]


def band(value: float) -> int:
    value = round(value, 9)
    if value <= 2.0:
        return 1
    if value <= 2.7:
        return 2
    if value < 3.3:
        return 3
    return 4 if value < 4.0 else 5


def in_organisation(cells: list[dict[str, Any]], behind: list[float]) -> float:
    total = sum(PEOPLE[cell["answered"]] for cell in cells)
    return float(sum(behind[cell["band"]] * PEOPLE[cell["answered"]] for cell in cells) / total)


def topic(questions: dict[str, Any], kind: str, key: str, ids: list[str]) -> dict[str, Any]:
    heard = [id_ for id_ in ids if questions.get(id_)]
    if not heard:
        return {"kind": kind, "key": key, "state": "not heard"}
    order: list[str] = []
    for cells in questions.values():
        for cell in cells:
            if cell["part"] not in order:
                order.append(cell["part"])
    order = [part for part in order if part != "Organisation"] + ["Organisation"]
    parts: list[dict[str, Any]] = []
    people: dict[str, int] = {}
    for part in order:
        own = [cell for id_ in heard for cell in questions[id_] if cell["part"] == part]
        if own:
            value = sum(MID[cell["band"]] for cell in own) / len(own)
            camps = sum(1 for cell in own if cell["camps"]) / len(own) >= 1 / 3
            parts.append({"part": part, "band": band(value), "camps": camps})
            people[part] = max(PEOPLE[cell["answered"]] for cell in own)
    organisation = band(sum(in_organisation(questions[id_], MID) for id_ in heard) / len(heard))
    found = {"kind": kind, "key": key, "organisation_band": organisation, "parts": parts}
    bands = [part["band"] for part in parts]
    in_camps = sum(people[part["part"]] for part in parts if part["camps"])
    if in_camps >= sum(people.values()) / 2 or max(bands) - min(bands) >= 2:
        state = "split"
    elif organisation in (4, 5) and min(bands) > 2:
        state = "in place"
    else:
        state = "not in place" if organisation in (1, 2) else "mixed"
    return {**found, "state": state, "_order": (-in_camps, -(max(bands) - min(bands)))}


def place(by_step: list[list[tuple[int, bool, str]]]) -> dict[str, int] | None:
    if len([row for row in by_step if row]) < 10:
        return None
    weights = []
    for s in range(14):
        weight = 0.0
        for number, row in enumerate(by_step, 1):
            done = math.prod(TABLE["10-19" if n == "9-19" else n]["done"][b - 1][c] for b, c, n in row)
            still = math.prod(TABLE["10-19" if n == "9-19" else n]["open"][b - 1][c] for b, c, n in row)
            weight += math.log(0.9 * done + 0.1 * still if number <= s else 0.9 * still + 0.1 * done)
        weights.append(weight)
    shares = [math.exp(weight - max(weights)) for weight in weights]
    shares = [share / sum(shares) for share in shares]
    reached = max(range(14), key=lambda s: (round(shares[s], 9), -s))
    sums = [round(sum(shares[: s + 1]), 9) for s in range(14)]
    return {
        "reached": reached,
        "from": min(s for s in range(14) if sums[s] >= 0.1),
        "to": min(s for s in range(14) if sums[s] >= 0.9),
    }


def verdict(here: dict[str, int]) -> str:
    if here["to"] - here["from"] >= 4:
        return "cannot tell yet"
    names = ["looking for words"] * 4 + ["still gathering people"] * 2 + ["working out the change"] * 3
    return (names + ["ready to choose"] * 3 + ["ready to start"] * 2)[here["reached"]]


def n_step(n: int, k: int) -> str:
    if n >= 40:
        return "40+"
    if n >= 20:
        return "20-39"
    if k == 9:
        return "9-19"
    return "10-19" if n >= 10 else "5-9"


def as_one(
    questions: dict[str, Any], answered: str, n: int, everyone: int, silent_say: int
) -> dict[str, int]:
    rows: list[list[tuple[int, bool, str]]] = [[] for _ in range(13)]
    for id_, step, _, _ in ITEMS:
        if questions.get(id_):
            value = (n * in_organisation(questions[id_], MID) + (everyone - n) * silent_say) / everyone
            rows[int(step) - 1].append((band(value), any(c["camps"] for c in questions[id_]), answered))
    found = place(rows)
    assert found
    return found


def silence(questions: dict[str, Any], published: str, n: int, everyone: int, k: int) -> dict[str, Any]:
    def three(m: int) -> list[dict[str, int]]:
        heard = as_one(questions, n_step(m, k), m, m, 1)
        return [heard, *(as_one(questions, n_step(everyone, k), m, everyone, say) for say in (1, 5))]

    def stands(m: int) -> bool:
        return m == everyone or all(verdict(one) == published for one in three(m))

    if stands(n):
        return {"stands": True}
    at_1, at_5 = three(n)[1:]
    told = {
        name: {"verdict": verdict(one), "reached": one["reached"]}
        for name, one in (("at_1", at_1), ("at_5", at_5))
    }
    return {
        "stands": False,
        "could_be": told,
        "settle": min(m for m in range(1, everyone - n + 1) if stands(n + m)),
    }


def report(wave: dict[str, Any]) -> dict[str, Any]:
    """From ``topics`` to ``silence``, of a wave with ``questions``, ``answered`` and ``stakeholders``."""
    questions, k = wave["questions"], wave.get("k", 5)
    topics = [topic(questions, *one) for one in TOPICS]
    rows: list[list[tuple[int, bool, str]]] = [[] for _ in range(13)]
    for id_, step, _, _ in ITEMS:
        rows[int(step) - 1] += [(c["band"], c["camps"], c["answered"]) for c in questions.get(id_, [])]
    here, state = place(rows), [one["state"] for one in topics[:13]]
    split = sorted((one for one in topics if one["state"] == "split"), key=lambda one: one["_order"])
    n, everyone = wave["answered"], wave["stakeholders"]
    return {
        "topics": [{key: value for key, value in one.items() if key != "_order"} for one in topics],
        "place": here,
        "verdict": verdict(here) if here else None,
        "passed_over": [
            s
            for s in range(1, 14)
            if here and s <= here["reached"] and state[s - 1] in ("split", "not in place")
        ],
        "ahead_of_order": [
            s for s in range(1, 14) if here and s > here["reached"] and state[s - 1] == "in place"
        ],
        "agreement": {
            name: sum(one["state"] == name for one in topics)
            for name in ("in place", "not in place", "split", "mixed", "not heard")
        },
        "disagreement": [one["key"] for one in split],
        "readiness": index(questions),
        "silence": silence(questions, verdict(here), n, everyone, k) if here else None,
    }


def index(questions: dict[str, Any]) -> dict[str, int] | None:
    heard = [[id_ for id_ in ids if questions.get(id_)] for kind, _, ids in TOPICS if kind == "domain"]
    if not all(heard):
        return None

    def of(behind: list[float]) -> float:
        values = [sum(in_organisation(questions[id_], behind) for id_ in ids) / len(ids) for ids in heard]
        return round((sum(values) / 5 - 1) / 4 * 100 / 5, 9)

    return {
        "index": 5 * math.floor(of(MID) + 0.5),
        "from": 5 * math.floor(of(LOW)),
        "to": 5 * math.ceil(of(HIGH)),
    }
