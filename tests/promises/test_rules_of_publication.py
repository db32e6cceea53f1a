"""Rules of publication 1 to 10 and 16: what may be shown is decided by how many answered, and shown alike."""

import ast
import json
import random
from pathlib import Path
from typing import Any

import pytest
import release_sample as sample
from cast import stage
from flask import Flask
from release_sample import CORE, PULSE, Sheet

from survey_service.aggregator import menu, readiness
from survey_service.aggregator.findings import WaveTerms, findings
from survey_service.answers.intake import Ballot
from survey_service.engagements import roster
from survey_service.foundation.db import db, transaction
from survey_service.instrument import catalog
from survey_service.instrument.model import Instrument
from survey_service.reports import exports, publish
from survey_service.waves import close, handover
from survey_service.waves.launch import RosterTooSmall, launch
from survey_service.waves.models import Wave

GROUPS = {"Operations": 9, "Sales": 8, "Legal": 3, "Finance": 2}
TERMS = WaveTerms(k=5, groups=GROUPS, has_sponsor=True)
HERE = Path(__file__).parent
#: What a wave of the report holds beside what is computed from it.
NOT_COMPUTED = {
    *("wave", "instrument", "terms", "k", "closed_on", "stakeholders", "answered", "band_edges"),
    *("parts", "questions", "concerns", "cannot_tell", "appendix"),
}


def published(sheets: list[Sheet], terms: WaveTerms = TERMS) -> dict[str, Any]:
    return findings(terms, CORE, sheets).document()


def test_every_one_of_the_seventeen_rules_has_a_test() -> None:
    named = {
        int(node.name.split("_")[2])
        for file in HERE.glob("test_rules_of_*.py")
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_rule_")
    }
    assert named == set(range(1, 18))


@pytest.mark.parametrize("k", [-1, 0, 1, 4, 6, 8, 10, 100])
def test_rule_01_k_is_five_or_nine_and_nothing_lowers_it(k: int, app: Flask) -> None:
    with pytest.raises(menu.BelowFloor):
        WaveTerms(k=k, groups=GROUPS, has_sponsor=True)
    with app.app_context():
        play = stage(app, sponsor=False)
        with pytest.raises(menu.BelowFloor), transaction():
            launch(play.scope, play.engagement, installation=play.here, at=play.at, k=k)


def test_rule_02_fewer_than_k_people_are_not_asked_and_fewer_than_k_sheets_say_nothing(app: Flask) -> None:
    with app.app_context():
        play = stage(app, groups={"Operations": 4}, sponsor=False)
        with pytest.raises(RosterTooSmall, match="at least 5 are needed"), transaction():
            launch(play.scope, play.engagement, installation=play.here, at=play.at)
    for answered in range(5):
        told = published(sample.everyone(GROUPS, CORE)[:answered])
        assert told == {"stakeholders": 22, "too_few": True}
    assert published(sample.everyone(GROUPS, CORE)[:5])["answered"] == 5


def test_rule_03_a_group_alone_needs_two_more_people_than_answers() -> None:
    told = published(sample.everyone(GROUPS, CORE))
    assert [part["part"] for part in told["parts"]] == ["Operations", "Sales", "Other roles"]
    few = {"Operations": 9, "Sales": 8, "Legal": 4}
    joined = published(sample.everyone(few, CORE), WaveTerms(k=5, groups=few, has_sponsor=True))
    assert [part["part"] for part in joined["parts"]] == ["Operations", "Sales and others"]
    alone = published(sample.everyone(GROUPS, CORE), WaveTerms(k=5, groups=GROUPS, has_sponsor=False))
    assert [part["part"] for part in alone["parts"]] == ["Organisation"]


@pytest.mark.parametrize("name", ["Other roles", "Organisation", "other  ROLES", "Andere Rollen"])
def test_rule_03_names_the_report_uses_are_refused_as_groups(name: str, app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        rows = f"name,e-mail,group\nAda,ada@nordlicht.example,{name}\n"
        judged = roster.judge_file(play.engagement, rows.encode(), refused_domains=())
        assert (len(judged.good), len(judged.bad)) == (0, 1)


def test_rule_04_a_question_is_told_by_part_or_once_for_all_or_not_at_all() -> None:
    sheets = sample.everyone(GROUPS, CORE)
    for one in sheets[:5]:  # five of nine in Operations
        del one["answers"]["Q02"]
    for one in sheets[4:]:  # all but four of them all
        one["answers"]["Q03"] = "na"
    told = published(sheets)["questions"]
    assert [cell["part"] for cell in told["Q01"]] == ["Operations", "Sales", "Other roles"]
    assert [cell["part"] for cell in told["Q02"]] == ["Organisation"]
    assert told["Q03"] == []


def test_rule_05_no_address_narrows_a_report_and_there_is_none_before_close(app: Flask) -> None:
    """Whatever is asked for in the address, the report is the one document."""
    with app.app_context():
        play = stage(app, sponsor=False)
        play.launch()
        with pytest.raises(publish.NotClosedYet):
            publish.for_seller(play.engagement, at=play.at)
    narrowing = {"part", "group", "question", "k", "filter", "since", "by"}
    for rule in app.url_map.iter_rules():
        if "report" in rule.rule:
            assert not rule.arguments & narrowing, rule.rule


def test_rule_06_which_figures_appear_hangs_on_the_number_of_answers_alone() -> None:
    """However people answer, one shape."""
    chance = random.Random(6)
    for n in (5, 9, 10, 19, 20, 40):
        terms = WaveTerms(k=5, groups={"Operations": n}, has_sponsor=True)
        shapes = set()
        for _ in range(20):
            sheets = [sample.sheet("Operations", CORE, chance.randint(1, 5)) for _ in range(n)]
            cells = published(sheets, terms)["questions"]["Q01"]
            shapes |= {tuple((key, value is None) for key, value in cell.items()) for cell in cells}
        assert len(shapes) == 1


@pytest.mark.parametrize(
    ("k", "n", "step"),
    [(5, 5, "5-9"), (5, 9, "5-9"), (5, 10, "10-19"), (5, 39, "20-39"), (5, 40, "40+"), (9, 19, "9-19")],
)
def test_rule_07_parts_and_cells_tell_a_step_and_the_organisation_its_number(
    k: int, n: int, step: str
) -> None:
    groups = {"Operations": n + 2}
    told = published(sample.everyone(groups, CORE)[:n], WaveTerms(k=k, groups=groups, has_sponsor=True))
    assert (told["stakeholders"], told["answered"]) == (n + 2, n)
    assert told["parts"][0]["answered"] == told["questions"]["Q01"][0]["answered"] == step
    assert told["parts"][0]["invited"] == n + 2


@pytest.mark.parametrize("form", [CORE, PULSE], ids=["core", "pulse"])
def test_rule_08_any_reader_computes_the_whole_report_again_from_its_csv(form: Instrument) -> None:
    for seed in range(12):
        chance = random.Random(f"csv {form.key} {seed}")
        wave = sample.wave(TERMS, form, sample.anyone(GROUPS, form, chance, turnout=0.9))
        questions, facts = exports.cells_from_csv(exports.to_csv(sample.report(wave)), wave=1)
        read = {"questions": questions} | {
            name: int(facts[name]) for name in ("stakeholders", "answered", "k")
        }
        again = readiness.reading(read, catalog.instrument(facts["instrument"]))
        assert set(wave) - set(again) == NOT_COMPUTED
        assert again == {name: wave[name] for name in again}


def test_rule_09_concerns_and_many_cannot_tell_are_told_of_everyone_in_catalogue_order() -> None:
    sheets = [one | {"concerns": ["K18", "K02"]} for one in sample.everyone(GROUPS, CORE, Q17="dk")]
    told = published(sheets)
    assert list(told["concerns"]) == ["menu", *(concern.id for concern in CORE.concerns)]
    assert list(told["cannot_tell"]) == ["menu", *(question.id for question in CORE.questions)]
    assert (told["concerns"]["K18"], told["concerns"]["K01"], told["cannot_tell"]["Q17"]) == (2, 0, 2)


def answered(app: Flask, *, sponsor: bool, texts: int) -> Wave:
    """Everyone answers, the first few in own words; the wave closes."""
    play = stage(app, sponsor=sponsor)
    play.launch()
    for number, invitation in enumerate(play.invitations()):
        words = (f"Text {number}", "") if number < texts else ("", "")
        play.answer(invitation, Ballot(answers={"Q01": 4}, concerns=(), texts=words))
    close.close_due(play.here.keys, at=play.wave.closes_at)
    return play.wave


def test_rule_10_texts_need_a_sponsor_five_writers_and_the_sponsors_eyes(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        play.launch()
        for number, invitation in enumerate(play.invitations()):
            words = (f"First {number}" if number < 7 else "", f"Second {number}" if number < 4 else "")
            play.answer(invitation, Ballot(answers={"Q01": 4}, concerns=(), texts=words))
        close.close_due(play.here.keys, at=play.wave.closes_at)
        assert publish.for_sponsor(play.engagement)["waves"][0]["appendix"] is None
        waiting = handover.texts_to_review(play.wave, play.here.keys)
        assert {one.text for one in waiting} == {f"First {number}" for number in range(7)}
        hidden = {one.id for one in waiting if one.text == "First 3"}
        with transaction():
            handover.publish_texts(play.wave, play.here.keys, hidden=hidden, at=play.wave.closes_at)
        shown = publish.for_sponsor(play.engagement)["waves"][0]["appendix"]
        assert sorted(shown["texts"]["text1"]) == [f"First {number}" for number in (0, 1, 2, 4, 5, 6)]
        assert handover.texts_to_review(play.wave, play.here.keys) == []


def test_rule_10_without_a_sponsor_no_text_leaves_its_box(app: Flask) -> None:
    with app.app_context():
        wave = answered(app, sponsor=False, texts=20)
        assert not handover.has_texts_to_review(wave)


def test_rule_16_no_door_reads_anything_but_the_released_documents(app: Flask) -> None:
    """What publish gives is the stored text, to the letter; nothing is computed when somebody looks."""
    with app.app_context():
        play = stage(app, sponsor=False)
        play.launch()
        for invitation in play.invitations():
            play.answer(invitation, Ballot(answers={"Q01": 4}, concerns=()))
        close.close_due(play.here.keys, at=play.wave.closes_at)
        release = handover.release_of(play.wave)
        assert release is not None
        stored = json.loads(release.document)
        told = publish.for_seller(play.engagement, at=play.wave.closes_at)
        assert told["waves"] == [stored]
        db.session.rollback()
