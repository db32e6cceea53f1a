"""The sentences: true of the document, and silent where it is."""

from typing import Any

import pytest
import report_sample as sample

from survey_service.reports import conversations, method, narrative, path, phrases
from survey_service.reports.wording import wording

TOPICS = wording("core/1", "en").topics


def wave(case: str = "report-023", **changes: object) -> dict[str, Any]:
    return dict(sample.document(case, **changes)["waves"][0])


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"reached": 6, "from": 6, "to": 6}, "step 6"),
        ({"reached": 6, "from": 5, "to": 7}, "step 6"),
        ({"reached": 6, "from": 5, "to": 8}, "about step 6 (5 to 8)"),
        ({"reached": 5, "from": 2, "to": 8}, "cannot tell: between 2 and 8"),
    ],
)
def test_a_place_is_named_as_surely_as_its_range_allows(place: dict[str, int], words: str) -> None:
    assert narrative.place_words(place) == words


def test_where_the_place_cannot_be_told_no_step_is_named() -> None:
    unsure = wave(place={"reached": 5, "from": 2, "to": 8}, verdict="cannot tell yet", passed_over=[3])
    text = " ".join(narrative.lede(unsure))
    assert "between step 2 and step 8" in text
    assert "step 5" not in text
    assert "passed over" not in text
    assert "step 5" not in narrative.believed(10, unsure)
    assert not any(step.is_here for step in path.steps(unsure, 10))


def test_before_the_first_step_nobody_has_come_to_step_zero() -> None:
    early = wave(place={"reached": 0, "from": 0, "to": 1}, verdict="looking for words", passed_over=[])
    assert "not yet come to step 1" in narrative.lede(early)[0]
    assert "step 0" not in narrative.believed(4, early)


def test_when_everyone_answered_the_verdict_stands_without_a_word_on_the_silent() -> None:
    standing = narrative.standing(wave(stakeholders=43, answered=43))
    assert standing
    assert standing.lead == "The verdict stands."
    assert "did not answer" not in standing.rest


def test_an_unsettled_verdict_says_what_it_could_become_and_what_would_settle_it() -> None:
    standing = narrative.standing(wave("report-013"))
    assert standing
    assert standing.lead == "The verdict is not settled."
    assert "8 people who did not answer" in standing.rest
    assert "“Looking for words, step 1”" in standing.rest
    assert "“Working out the change, step 7”" in standing.rest
    assert "4 more answers" in standing.rest


def test_a_verdict_that_rests_on_the_groups_says_so() -> None:
    same = {"verdict": "working out the change", "reached": 7}
    silence = {"stands": False, "could_be": {"at_1": same, "at_5": same}, "settle": 8}
    standing = narrative.standing(wave(silence=silence))
    assert standing
    assert "Read as one part" in standing.rest
    assert "once everyone had answered" in standing.rest


@pytest.mark.parametrize(("step", "far"), [(10, True), (9, False), (3, False)])
def test_time_is_spoken_of_only_where_the_seller_was_three_steps_ahead(step: int, far: bool) -> None:
    sentence = narrative.believed(step, wave())
    assert sentence.startswith(
        f"The seller placed you at step {step}; your answers place you at about step 7."
    )
    assert ("where time will go" in sentence) is far


def test_an_unknown_belief_is_not_mentioned() -> None:
    assert narrative.believed(None, wave()) == ""


@pytest.mark.parametrize("case", sorted(sample.CASES))
def test_no_sentence_counts_people_in_a_part(case: str) -> None:
    value = wave(case)
    told = [
        *narrative.lede(value),
        *(why for talk in conversations.splits(value, TOPICS) for why in talk.why),
    ]
    for sentence in told:
        assert "all said" not in sentence
        assert "%" not in sentence
        assert "None" not in sentence


@pytest.mark.parametrize("case", sorted(sample.CASES))
def test_at_most_five_splits_and_three_conversations_most_disagreement_first(case: str) -> None:
    value = wave(case)
    shown = [talk.key for talk in conversations.splits(value, TOPICS)]
    assert shown == value["disagreement"][:5]
    ahead = [talk.key for talk in conversations.next_ones(value, TOPICS)]
    assert len(ahead) <= 3
    assert ahead[: len(shown[:3])] == shown[:3]


def test_a_split_names_the_parts_with_two_camps_and_those_furthest_apart() -> None:
    talk = next(one for one in conversations.splits(wave(), TOPICS) if one.key == "research")
    assert talk.why == (
        "Two camps: Operations, Sales and Other roles.",
        "Furthest apart: Operations (rather low) and Other roles (rather high).",
    )


def test_the_path_has_a_sign_for_every_step() -> None:
    steps = path.steps(wave(), 10)
    assert [step.sign for step in steps[:8]] == [
        "behind", "passed", "behind", "passed", "behind", "behind", "behind", "open",
    ]  # fmt: skip
    assert [step.number for step in steps if step.is_in_range] == [6, 7, 8]
    assert [step.number for step in steps if step.is_believed] == [10]


def test_every_word_of_the_measures_has_its_words_here() -> None:
    for case in sample.CASES:
        value = wave(case)
        assert value["verdict"] is None or value["verdict"] in phrases.VERDICTS
        assert value["verdict"] is None or value["verdict"] in phrases.OUTLOOK
        assert set(value["agreement"]) == set(phrases.STATES)
    assert set(phrases.QUESTIONS) == set(phrases.TOPICS)


def test_the_method_names_n_k_edges_terms_operator_and_that_nothing_was_validated() -> None:
    told = " ".join(point.text for point in method.points(wave(), "Fjord Software"))
    for needed in (
        "43 of the 51",
        "fewer than 5",
        "2.7",
        "7f3a 91c2",
        "Fjord Software",
        "not been validated",
    ):
        assert needed in told
