"""A change in one neutral sentence, without the one who sells it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_service.engagements.change_sentence import FINDINGS, Finding, lint

SELLERS = ("Nordwind Systems GmbH", "Move")


def found(sentence: str) -> dict[str, str]:
    return {finding.code: finding.severity for finding in lint(sentence, seller_names=SELLERS)}


@pytest.mark.parametrize(
    "sentence",
    [
        "Orders from all warehouses are planned in one place.",
        "Plan all orders in one place",
        "Invoices approx. 30 days old are paid by one team, e.g. in St. Gallen.",
        "Zum 1. Januar werden Bestellungen zentral bearbeitet, z. B. im Einkauf.",
        "Kundendaten liegen künftig in einer Datei, bzw. an einem Ort.",
        "The ERP and SAP data follow GDPR.",
        "Version 2.0 of our rules for travel applies everywhere.",
        "Bestehende Lager bestellen gemeinsam.",
    ],
)
def test_a_plain_sentence_has_nothing_to_mend(sentence: str) -> None:
    assert found(sentence) == {}


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("x" * 141, "too-long"),
        ("Orders move. Teams follow.", "several-sentences"),
        ("Bestellungen wandern. Teams folgen.", "several-sentences"),
        ("Orders are planned centrally\nTeams follow", "several-sentences"),
        ("We change! Everyone follows.", "several-sentences"),
        ("Nordwind Systems plans our orders.", "names-seller"),
        ("Orders run on NORDWIND-SYSTEMS.", "names-seller"),
        ("Planning with Move replaces lists.", "names-seller"),
        ("Orders are planned at https://nordwind.example/x", "link"),
        ("Orders are planned on nordwind.com from May", "link"),
        ("Write to ines@seller.org about orders", "link"),
        ("Orders are planned in Planly™", "trademark"),
        ("Orders are planned in Planly(R)", "trademark"),
    ],
)
def test_what_would_turn_people_against_it_is_refused(sentence: str, code: str) -> None:
    assert found(sentence)[code] == "refusal"


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        (" ".join(["go"] * 26), "too-many-words"),
        ("All orders in one place!", "exclamation"),
        ("Shall all orders be planned in one place?", "question"),
        ("ORDERS IN ONE PLACE", "shouting"),
        ("Orders are planned CENTRALLY", "shouting"),
        ("The best planning for all orders", "praise"),
        ("A cutting-edge way to plan orders", "praise"),
        ("Die beste Planung für alle Bestellungen", "praise"),
        ("Eine innovative Planung aller Bestellungen", "praise"),
        ("Mit führender Technik bestellen", "praise"),
        ("We move orders to one place", "seems-to-name-seller"),
    ],
)
def test_what_could_be_said_better_is_a_warning_only(sentence: str, code: str) -> None:
    assert found(sentence) == {code: "warning"}


def test_refusals_come_before_warnings() -> None:
    severities = [one.severity for one in lint("The best! Nordwind Systems plans.", seller_names=SELLERS)]
    assert severities == sorted(severities)
    assert set(severities) == {"refusal", "warning"}


def test_a_name_that_is_part_of_another_word_names_nobody() -> None:
    assert lint("Removals are planned centrally", seller_names=["Move", "", "GmbH & Co. KG"]) == ()


def test_every_finding_has_a_sentence_that_its_facts_complete() -> None:
    facts = dict.fromkeys(("characters", "words", "most", "name", "text", "sign", "word"), "…")
    assert all("%(" not in str(Finding(code, facts)) for code in FINDINGS)


@settings(deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=3))
def test_any_sentence_gets_findings_in_whole_words(sentence: str, names: list[str]) -> None:
    for finding in lint(sentence, seller_names=names):
        assert "%(" not in str(Finding(finding.code, dict.fromkeys(finding.facts, "…")))
