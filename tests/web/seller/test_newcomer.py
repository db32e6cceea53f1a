"""What a newcomer tripped over at the desk."""

from flask import Flask
from village import Village
from visitor import Visitor, reading

from survey_service.web import zone_choices


def test_time_zones_stand_by_city_in_regions_the_likely_ones_first(ines: Visitor, desk_app: Flask) -> None:
    page = ines.opens("/desk/engagements/new").text
    select = page[page.index('id="time_zone"') :].partition("</select>")[0]
    assert select.index('label="Likely"') < select.index("Europe/London") < select.index('label="Europe"')
    assert ">Salta, Argentina<" in select
    with desk_app.test_request_context():
        offered = [zone for places in zone_choices.grouped().values() for zone in places]
    assert set(offered) == zone_choices.names()
    assert len(offered) == len(set(offered))


def test_an_old_name_of_a_zone_stays_chosen(ines: Visitor, key: str) -> None:
    for name in ("Asia/Calcutta", "US/Eastern"):
        assert f'value="{name}"' in ines.opens(f"/desk/engagements/{key}/words").text


def test_an_engagement_nobody_was_asked_in_can_be_discarded(village: Village) -> None:
    ines, address = village.client("ines"), f"/desk/engagements/{village.at.prepared}"
    assert "Discard this engagement" in ines.get(address).text
    assert "Tick this if you mean it." in ines.post(f"{address}/discard").text
    assert ines.get(address).status_code == 200
    assert ines.post(f"{address}/discard", data={"is_meant": "y"}).status_code == 302
    assert ines.get(address).status_code == 404
    assert village.client("sam").get(f"/s/{village.at.sponsor['prepared']}/").status_code == 404


def test_one_that_was_launched_cannot(village: Village) -> None:
    ines, address = village.client("ines"), f"/desk/engagements/{village.at.open}"
    assert ines.post(f"{address}/discard", data={"is_meant": "y"}).status_code == 409
    assert ines.get(address).status_code == 200


ROWS = (
    "name;email;group\nAnna;anna@nordlicht.example;Sales\nBerg; Kim;kim@nordlicht.example;Sales\n"
    "Cem;cem@nordlicht.example;Sales;old\nDora;dora@nordlicht.example;Sales\n"
    "Eva;eva@nordlicht.example;Sales\nFay;fay@nordlicht.example;Sales"
)


def test_a_row_longer_than_the_headings_is_named(ines: Visitor, key: str) -> None:
    page = ines.sends(f"/desk/engagements/{key}/roster/import", people=ROWS, text=ROWS)
    assert reading(page).count("more cells than there are headings") == 2


def test_one_button_imports_the_others(ines: Visitor, key: str) -> None:
    page = ines.sends(f"/desk/engagements/{key}/roster/import", people=ROWS, text=ROWS).text
    assert 'name="act" value="rest"' in page


def test_a_share_link_can_be_opened_and_says_views_as_one_says_them(village: Village) -> None:
    page = village.client("ines").get(f"/desk/engagements/{village.at.closed}/shares")
    assert "At least 8 characters" in page.text
    assert "1 times" not in page.text
    assert f'<a href="http://localhost/r/{village.at.share}"' in page.text


def test_reports_bring_their_own_icon(village: Village) -> None:
    page = village.client("reader").get(f"/r/{village.at.share}").text
    assert '<link rel="icon" href="data:,">' in page
