"""An owner answers a request for access or erasure on one page."""

from datetime import timedelta

import pytest
from village import PAT, Village, everything
from visitor import reading

from survey_service.foundation import clock
from survey_service.web.seller import somebody

PAGE = "/desk/settings/person"
PREPARED = "sales1@nordlicht.example"


def test_ines_sees_what_is_held_and_what_cannot_be_found(village: Village) -> None:
    ines = village.client("ines")
    page = reading(ines.post(PAGE, data={"email": PAT.upper()}))
    assert "Operations 1, group Operations" in page
    assert "Answers cannot be looked up" in page
    assert "Nothing." in reading(ines.post(PAGE, data={"email": "nobody@nowhere.example"}))
    assert "Type the person’s address." in reading(ines.post(PAGE, data={"email": " "}))


def test_while_a_survey_is_open_with_pat_on_its_list_nothing_is_erased(village: Village) -> None:
    before = everything(village.app)
    page = reading(village.client("ines").post(PAGE, data={"email": PAT, "act": "erase"}))
    assert "only whoever runs this server can erase them" in page
    after = everything(village.app)
    for table in ("stakeholder", "invitation", "dispatch"):
        assert after[table] == before[table]


def test_somebody_in_a_survey_that_is_long_over_is_erased(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = "sales1@south.nordlicht.example"
    ines = village.client("ines")
    assert "not yet a fortnight old" in reading(ines.post(PAGE, data={"email": who, "act": "erase"}))
    monkeypatch.setattr(somebody, "now", lambda: clock.now() + timedelta(days=30))
    assert "Sales 1" in reading(ines.post(PAGE, data={"email": who}))
    page = reading(ines.post(PAGE, data={"email": who, "act": "erase"}))
    assert "Erased from every list" in page
    assert "Nothing." in page
    assert who not in repr(everything(village.app))


def test_carl_finds_nobody_of_another_workspace(village: Village) -> None:
    page = reading(village.client("carl").post(PAGE, data={"email": "sales1@south.nordlicht.example"}))
    assert "Nothing." in page
