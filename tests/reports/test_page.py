"""The page: what the document says, all of it, and nothing more."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
import report_sample as sample

from survey_service.aggregator import readiness
from survey_service.reports import narrative, phrases
from survey_service.reports.wording import wording

HOSTILE = '<script>alert("1")</script>"><img src=x onerror=alert(1)>{{ 7*7 }}&#60;'


class Text(HTMLParser):
    """Visible text of a page, and the text of every table cell by its row."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.is_in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self.is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.is_in_cell = self.is_in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.is_in_cell:
            self.rows[-1][-1] += data


def read(html: str) -> Text:
    page = Text()
    page.feed(html)
    return page


def visible(html: str) -> str:
    return " ".join(" ".join(read(html).words).split())


@pytest.mark.parametrize("case", sorted(sample.CASES))
def test_every_golden_report_says_its_verdict_on_screen_and_in_print(case: str) -> None:
    document = sample.document(case)
    heading = narrative.heading(document["waves"][0])
    for html in (sample.on_screen(document), sample.in_print(document)):
        assert f"<h1>{heading}</h1>" in html
        assert "have not been validated" in html


def map_rows(html: str) -> dict[str, list[str]]:
    """Topic name -> the words of its cells in the heat map, without the part's name that a phone shows."""
    rows = {}
    html = re.sub(r'<span class="cell-part">.*?</span>', "", html)
    names = {str(name) for name in phrases.TOPICS.values()}
    for row in read(html).rows:
        name = re.sub(r"^\s*\d*\s*", "", " ".join(row[0].split())) if row else ""
        if name in names and name not in rows and len(row) > 2:
            rows[name] = [" ".join(cell.split()) for cell in row[1:]]
    return rows


@pytest.mark.parametrize("case", sorted(sample.CASES))
def test_the_map_shows_the_document_cell_by_cell(case: str) -> None:
    document = sample.document(case)
    wave = document["waves"][0]
    shown = map_rows(sample.in_print(document))
    asked = wording(wave["instrument"], "en").topics
    for topic in wave["topics"]:
        row = shown[str(phrases.TOPICS[topic["key"]])]
        if not asked[topic["key"]]:
            assert row == ["not asked", "not asked"]
        elif topic["state"] == "not heard":
            assert row == ["not heard: too few answers to show", "not heard"]
        else:
            assert_row_tells(row, topic, sample.part_names(wave["questions"]))


def assert_row_tells(row: list[str], topic: dict[str, Any], parts: list[str]) -> None:
    assert row[-1] == topic["state"]
    assert band(row[-2]) == topic["organisation_band"]
    by_part = {part["part"]: part for part in topic["parts"]}
    own = [by_part[part] for part in parts if part in by_part and part != "Organisation"]
    for cell, part in zip(row, own, strict=False):
        assert band(cell) == part["band"]
        assert ("two camps" in cell) == part["camps"]


def band(cell: str) -> int | None:
    words = {str(word): number for number, word in phrases.BANDS.items()}
    found = [number for word, number in words.items() if re.search(rf"(^|\s){word}(\s\D|$)", cell)]
    return max(found, key=lambda number: len(str(phrases.BANDS[number]))) if found else None


def test_on_a_phone_each_cell_can_name_its_part() -> None:
    html = sample.on_screen(sample.document("report-023"))
    cells = re.findall(r'<td class="cell band-.*?</td>', html, re.S)
    assert cells
    assert all('class="cell-part"' in cell for cell in cells)


def test_each_topic_opens_to_the_questions_behind_it() -> None:
    document = sample.document("report-023")
    assert sample.on_screen(document).count("<details>") == 20
    assert "<details>" not in sample.in_print(document)
    assert "The questions behind the map" in sample.in_print(document)


@pytest.mark.parametrize("field", ["buyer", "change"])
def test_a_hostile_name_is_text_and_nothing_else(field: str) -> None:
    document = sample.document("report-023")
    document["engagement"][field] = HOSTILE
    for html in (sample.on_screen(document), sample.in_print(document)):
        assert HOSTILE in visible(html)
        assert not {"script", "img"} & set(read(html).tags)


def test_a_hostile_part_group_or_text_is_text_and_nothing_else() -> None:
    document = sample.document("report-023")
    wave = document["waves"][0]
    wave["parts"][0] |= {"part": HOSTILE, "groups": [HOSTILE]}
    for holder in [*wave["questions"].values(), *(topic.get("parts", []) for topic in wave["topics"])]:
        for cell in holder:
            cell["part"] = HOSTILE if cell["part"] == "Operations" else cell["part"]
    wave["appendix"] = {"texts": {"O1": [HOSTILE]}, "hidden": 0}
    html = sample.on_screen(document)
    assert not {"script", "img"} & set(read(html).tags)
    assert visible(html).count(HOSTILE) > 20


def test_no_style_or_script_stands_in_the_page() -> None:
    page = read(sample.on_screen(sample.document("report-023"), links={"PDF": "/r/x.pdf"}))
    assert "script" not in page.tags
    assert "style" not in page.tags
    assert not [name for name in page.attributes if name == "style" or name.startswith("on")]


def test_too_few_answers_show_how_many_were_asked_and_nothing_else() -> None:
    html = sample.on_screen(sample.too_few())
    assert "Too few answers for a report" in html
    assert "of the 9 people invited answered" in html
    for word in ("table", "Readiness, 0", "you are here", "terms"):
        assert word not in visible(html)
    assert "table" not in read(html).tags


@pytest.mark.parametrize("case", ["report-005", "report-007"])
def test_without_a_place_nothing_is_said_of_place_verdict_or_silence(case: str) -> None:
    text = visible(sample.on_screen(sample.document(case)))
    assert "names no place on the path and no verdict" in text
    for phrase in ("you are here", "passed over", "The verdict stands", "not settled", "None"):
        assert phrase not in text


def test_what_the_pulse_does_not_ask_is_not_called_unheard() -> None:
    shown = map_rows(sample.on_screen(sample.document("report-005")))
    assert shown["Sounding out"] == ["not asked", "not asked"]
    assert "not heard" not in " ".join(word for row in shown.values() for word in row)


def test_texts_the_sponsor_let_through_are_shown() -> None:
    appendix = {"texts": {"O1": ["A clear owner.", "Time."], "O2": []}, "hidden": 1}
    text = visible(sample.on_screen(sample.document("report-023", appendix=appendix)))
    assert "A clear owner." in text
    assert "The sponsor left out one text." in text
    assert "own words" not in visible(sample.on_screen(sample.document("report-023")))


def test_movement_is_shown_only_where_the_document_gives_it() -> None:
    then, now = (sample.document(case)["waves"][0] for case in ("report-021", "report-023"))
    now |= {"wave": 2, "movement": readiness.movement(then, now, roster_changed_by=42)}
    text = visible(sample.on_screen(sample.report(then, now)))
    assert "Then 5 of 9 answered, now 43 of 51." in text
    assert "The verdict was “Ready to choose”; it is now “Working out the change”." in text
    assert "Choice middle rather low down" in text
    assert "What moved" not in visible(sample.on_screen(sample.document("report-023")))


def test_concerns_stand_in_the_order_of_the_questionnaire() -> None:
    document = sample.document("report-023")
    texts = wording("core/1", "en").concerns
    html = sample.on_screen(document)
    at = [html.index(text.replace("'", "&#39;")) for text in texts.values()]
    assert at == sorted(at)


def test_a_page_has_one_language_one_title_and_headings_in_order() -> None:
    html = sample.on_screen(sample.document("report-023"))
    assert '<html lang="en" dir="ltr"' in html
    assert "<title>Nordlicht Energie: Working out the change</title>" in html
    levels = [int(tag[1]) for tag in read(html).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_believed_step_beside_the_reached_one_has_its_own_line() -> None:
    document = sample.document("report-023")
    document["engagement"]["believed_step"] = 7
    html = sample.on_screen(document)
    here = re.search(r'<li class="step [^"]*step--here[^"]*".*?</li>', html, re.S)
    assert here
    assert "you are here" in here[0]
    assert "the seller thought" in here[0]


def test_the_map_can_be_read_in_the_order_of_disagreement() -> None:
    document = sample.document("report-023")
    html = sample.on_screen(document, order="disagreement")
    keys = re.findall(r'id="topic-([a-z-]+)"', html)
    split = document["waves"][0]["disagreement"]
    assert keys[: len(split)] == split
    assert sorted(keys) == sorted(phrases.TOPICS)
    assert 'href="?order=path"' in html
    assert 'href="?order=disagreement"' in sample.on_screen(document)


def test_without_disagreement_there_is_no_order_to_choose() -> None:
    document = sample.document("report-023", disagreement=[])
    assert "?order=" not in sample.on_screen(document)


def test_concerns_are_summed_up_in_a_sentence_that_counts_no_person() -> None:
    for case in ("report-023", "report-021"):
        document = sample.document(case)
        text = visible(sample.on_screen(document))
        levels = [level for id_, level in document["waves"][0]["concerns"].items() if id_ != "menu"]
        if document["waves"][0]["answered"] >= 10:
            assert f"{levels.count(2)} concerns are each shared by a half or more of you." in text
            assert f"{levels.count(1)} are each shared by a quarter to under a half." in text
        else:
            assert f"About half of you or more raised each of {levels.count(True)} concerns." in text
