"""Next conversations: fair to both views, true to the cells, about parts and never about persons."""

import re
from typing import Any

import pytest
import report_sample as sample

from survey_service.reports import agenda, conversations, phrases
from survey_service.reports.standpoints import VIEWS
from survey_service.reports.wording import wording

TOPICS = wording("core/1", "en").topics


def wave(case: str = "report-023") -> dict[str, Any]:
    return dict(sample.document(case)["waves"][0])


def talks(case: str) -> list[conversations.Conversation]:
    return conversations.next_ones(wave(case), TOPICS)


def test_every_topic_has_a_question_and_two_views() -> None:
    assert set(VIEWS) == set(phrases.TOPICS) == set(phrases.QUESTIONS)
    for there, not_yet in VIEWS.values():
        assert str(there) != str(not_yet)
        assert abs(len(str(there).split()) - len(str(not_yet).split())) <= 8  # neither is the longer argument


@pytest.mark.parametrize("text", [str(text) for views in VIEWS.values() for text in views])
def test_no_view_counts_people_or_speaks_of_a_seller(text: str) -> None:
    found = re.findall(
        r"\b(all|everyone|everybody|nobody|most|many|some|few|half|majority|seller)\b",
        text.replace("at all", ""),
        re.I,
    )
    assert [word for word in found if word.lower() not in {"nobody", "some"}] == []


@pytest.mark.parametrize("question", [str(text) for text in phrases.QUESTIONS.values()])
def test_every_question_is_open(question: str) -> None:
    assert question.endswith("?")
    assert question.split()[0] in {"How", "What", "Which", "Whom"}


@pytest.mark.parametrize("reason", [agenda.CAMPS, agenda.APART, agenda.WHOLE])
def test_an_agenda_fills_thirty_minutes_without_a_gap(reason: str) -> None:
    items = agenda.agenda(reason)
    assert items[0].start == 0
    assert items[-1].end == agenda.MINUTES == 30
    assert [item.end for item in items[:-1]] == [item.start for item in items[1:]]


@pytest.mark.parametrize("case", sorted(sample.CASES))
def test_each_talk_says_why_and_names_parts_that_exist(case: str) -> None:
    value = wave(case)
    parts = {part["part"] for part in value["parts"]}
    for talk in talks(case):
        assert talk.why
        named = [part for part in parts if part in talk.room]
        assert named or talk.room == "people from every group"


@pytest.mark.parametrize("case", sorted(sample.CASES))
def test_those_in_two_camps_or_furthest_apart_are_in_the_room(case: str) -> None:
    value = wave(case)
    for talk in talks(case):
        topic = next(one for one in value["topics"] if one["key"] == talk.key)
        for part in topic["parts"]:
            if topic["state"] == "split" and part["camps"] and part["part"] != "Organisation":
                assert part["part"] in talk.room


@pytest.mark.parametrize(("band", "word"), [(1, "low"), (2, "rather low"), (3, "middle")])
def test_a_topic_that_is_not_split_says_what_it_comes_to(band: int, word: str) -> None:
    alike = sample.read_from(sample.everywhere(band))["waves"][0]
    found = conversations.next_ones(alike, TOPICS)
    assert [talk.key for talk in found] == ["idea", "sounding-out", "first-talks"]
    for talk in found:
        assert talk.why == (f"Taken together, the answers are “{word}”.",)
        assert talk.agenda[2].text.startswith("In turn, each says what is there already")
        assert talk.room == "people from every group"


def test_where_all_is_in_place_there_is_nothing_to_talk_about() -> None:
    html = sample.on_screen(sample.read_from(sample.everywhere(5)))
    assert "Every topic that was heard is in place." in html
    assert "Next conversations" not in html


def test_other_roles_are_named_by_their_groups() -> None:
    talk = next(one for one in talks("report-023") if one.key == "able")
    assert talk.room == "Operations, Sales and Other roles (Legal, Finance, Purchasing and Personnel)"


def test_the_pack_is_a_page_of_its_own_with_nothing_but_the_talks() -> None:
    html = sample.on_screen(sample.document("report-023"), part="conversations")
    assert html.count('class="talk"') == 3
    assert "<table" not in html
    assert "Two camps" in html
    assert "have not been validated" in html


def test_the_pack_of_a_report_with_too_few_answers_says_so() -> None:
    assert "Too few answers" in sample.on_screen(sample.too_few(), part="conversations")
