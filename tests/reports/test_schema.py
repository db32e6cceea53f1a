"""The documented format is the real one, and every example is a report one can open."""

import copy
import json
from pathlib import Path

import pytest
import report_sample as sample
from report_schema import faults

from survey_service.aggregator.audit import audit
from survey_service.reports import exports

DOCS = sample.ROOT / "docs"
SCHEMA = json.loads((DOCS / "report.schema.json").read_text())
EXAMPLES = sorted((DOCS / "examples").glob("*.json"))


@pytest.mark.parametrize("case", sorted(sample.CASES))
def test_every_golden_report_has_the_documented_shape(case: str) -> None:
    assert list(faults(sample.document(case), SCHEMA, SCHEMA)) == []


def test_too_few_answers_have_the_documented_shape() -> None:
    assert list(faults(sample.too_few(), SCHEMA, SCHEMA)) == []


@pytest.mark.parametrize(
    ("field", "value"), [("mean", 3.4), ("verdict", "ready"), ("k", 4), ("answered", None), ("too_few", True)]
)
def test_what_the_format_does_not_know_is_a_fault(field: str, value: object) -> None:
    document = copy.deepcopy(sample.document("report-023"))
    document["waves"][0][field] = value
    assert list(faults(document, SCHEMA, SCHEMA))


def test_a_cell_with_a_number_of_answers_is_a_fault() -> None:
    document = copy.deepcopy(sample.document("report-023"))
    document["waves"][0]["questions"]["Q01"][0]["answered"] = 7
    assert list(faults(document, SCHEMA, SCHEMA))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_has_the_documented_shape_and_can_be_read(file: Path) -> None:
    document = json.loads(file.read_text())
    assert list(faults(document, SCHEMA, SCHEMA)) == []
    assert "<h1>" in sample.on_screen(document)
    assert exports.to_json(document) == file.read_text()


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_is_audited_safe(file: Path) -> None:
    assert audit(json.loads(file.read_text())) == ()


def test_every_example_is_listed_in_the_documentation() -> None:
    told = (DOCS / "report.md").read_text()
    assert EXAMPLES
    assert all(f"`{file.name}`" in told for file in EXAMPLES)
