"""CSV and JSON: exactly what is published, safe to open, enough to compute the report again."""

import csv
import io
import json

import pytest
import report_sample as sample

from survey_service.aggregator import readiness
from survey_service.instrument import catalog
from survey_service.reports import exports


@pytest.mark.parametrize("case", sorted(sample.CASES))
def test_any_reader_can_compute_the_report_again_from_its_csv(case: str) -> None:
    document = sample.document(case)
    questions, facts = exports.cells_from_csv(exports.to_csv(document), wave=1)
    wave = {"questions": questions} | {name: int(facts[name]) for name in ("stakeholders", "answered", "k")}
    computed = readiness.reading(wave, catalog.instrument(facts["instrument"]))
    published = document["waves"][0]
    assert computed == {name: published[name] for name in computed}


def test_json_is_the_document_itself() -> None:
    document = sample.document("report-023")
    assert json.loads(exports.to_json(document)) == document


@pytest.mark.parametrize("case", sorted(sample.CASES))
def test_the_cells_come_back_from_the_csv_as_they_were_published(case: str) -> None:
    document = sample.document(case)
    questions, facts = exports.cells_from_csv(exports.to_csv(document), wave=1)
    published = document["waves"][0]["questions"]
    assert questions == {
        key: [{"consensus": None, **cell} for cell in cells] for key, cells in published.items()
    }
    assert facts["answered"] == str(document["waves"][0]["answered"])


@pytest.mark.parametrize("name", ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "＝1"])
def test_no_name_runs_as_a_formula_in_a_spreadsheet(name: str) -> None:
    document = sample.document("report-023")
    document["engagement"]["buyer"] = name
    document["waves"][0]["parts"][0]["groups"] = [name]
    found = list(csv.reader(io.StringIO(exports.to_csv(document))))
    assert [field for row in found for field in row if name in field] == [f"'{name}", f"'{name}"]


def test_no_formula_begins_inside_a_cell_where_semicolons_part_cells() -> None:
    document = sample.document("report-023")
    document["engagement"]["buyer"] = "Bund;=1+1 und\t@SUM(A1); -2"
    assert "Bund;'=1+1 und\t'@SUM(A1); '-2" in exports.to_csv(document)


@pytest.mark.parametrize("name", ["-Ops", "Ops; -2", "Ops;=1", "Ops;'=1"])
def test_a_part_with_a_dangerous_name_keeps_its_name_on_the_way_back(name: str) -> None:
    document = sample.document("report-023")
    for cells in document["waves"][0]["questions"].values():
        for cell in cells:
            cell["part"] = name
    questions, _ = exports.cells_from_csv(exports.to_csv(document), wave=1)
    assert questions["Q01"][0]["part"] == name


def test_too_few_answers_export_no_cell() -> None:
    text = exports.to_csv(sample.too_few())
    assert "too_few" in text
    assert ",cell," not in text
    assert "answered,," not in text


def test_free_texts_and_computed_figures_are_not_in_the_csv() -> None:
    appendix = {"texts": {"O1": ["A clear owner."]}, "hidden": 0}
    text = exports.to_csv(sample.document("report-023", appendix=appendix))
    assert "A clear owner." not in text
    assert "working out" not in text
