"""Ines has people on her roster who have no e-mail address."""

from cast import Stage, stage
from flask import Flask
from sqlalchemy import select
from visitor import Visitor, reading

from survey_service.engagements import desk, roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Stakeholder
from survey_service.engagements.roster_csv import Person
from survey_service.foundation import clock
from survey_service.foundation.db import db, transaction
from survey_service.workspaces.scope import Scope


def on_roster(app: Flask, scope: Scope, key: str) -> list[tuple[str, str | None]]:
    with app.app_context():
        return [(one.name, one.email) for one in roster.people(desk.find(scope, key))]


def test_one_is_typed_named_twice_renamed_and_given_an_address(
    desk_app: Flask, hanse: Scope, ines: Visitor, key: str
) -> None:
    add = f"/desk/engagements/{key}/roster/add"
    ines.sends(add, name="Pia Press", email="", group="Shop", language="en", time_zone="")
    again = ines.sends(add, name="pia press", email="", group="Shop", language="en", time_zone="")
    assert "already on the roster, without an e-mail address too" in reading(again)
    assert 'value="pia press"' in again.text
    nobody = ines.sends(add, name="", email="", group="Shop", language="en", time_zone="")
    assert "Both name and e-mail address are missing." in reading(nobody)
    listed = ines.opens(f"/desk/engagements/{key}/roster")
    assert "none: a letter on paper" in reading(listed)
    with desk_app.app_context():
        number = db.session.scalars(select(Stakeholder.id)).one()
    edit = f"/desk/engagements/{key}/roster/{number}"
    ines.sends(edit, name="Pia Press", email="", group="Yard", language="de", time_zone="")
    assert on_roster(desk_app, hanse, key) == [("Pia Press", None)]
    ines.sends(
        edit, name="Pia Press", email="pia@nordlicht.example", group="Yard", language="de", time_zone=""
    )
    assert on_roster(desk_app, hanse, key) == [("Pia Press", "pia@nordlicht.example")]


def test_the_look_at_a_list_says_who_is_asked_on_paper(
    desk_app: Flask, hanse: Scope, ines: Visitor, key: str
) -> None:
    rows = "Name;E-Mail;Abteilung\nPia Press;;Shop\nAda;ada@nordlicht.example;Shop\n"
    page = ines.sends(f"/desk/engagements/{key}/roster/import", text=rows)
    said = reading(page)
    assert "1 person in this list has no e-mail address: Pia Press." in said
    assert "only whoever runs this server can print" in said
    assert "Import 2 people" in said


def launched(app: Flask, scope: Scope) -> Stage:
    """Open now, with Pia on paper."""
    with app.app_context():
        at = clock.now()
        play = stage(app, scope=scope, at=at, closes_at=at.replace(year=at.year + 1))
        with transaction():
            roster.add_all(play.engagement, [Person("Pia Press", "", "Sales", "en", None)], who="Ines", at=at)
        play.launch()
    return play


def test_the_page_of_letters_on_paper_shows_who_prints_and_no_link(
    desk_app: Flask, hanse: Scope, ines: Visitor
) -> None:
    play = launched(desk_app, hanse)
    assert "1 person without an e-mail address is asked on paper." in reading(
        ines.opens(f"/desk/engagements/{play.key}")
    )
    page = ines.opens(f"/desk/engagements/{play.key}/on-paper")
    said = reading(page)
    assert "neither you nor the sponsor can print these letters" in said
    assert f"flask survey print-letters {play.key}" in said
    assert "Not printed yet." in said
    with desk_app.app_context():
        assert play.tokens()["Pia Press"] not in page.text


def test_an_address_given_while_it_is_open_takes_her_off_the_page(
    desk_app: Flask, hanse: Scope, ines: Visitor
) -> None:
    play = launched(desk_app, hanse)
    page = f"/desk/engagements/{play.key}/on-paper"
    with desk_app.app_context():
        number = db.session.scalars(select(Stakeholder.id).where(Stakeholder.email.is_(None))).one()
    wrong = ines.sends(page, person=str(number), email="pia@elsewhere.example")
    assert "one that ends like another on this roster" in reading(wrong)
    assert 'value="pia@elsewhere.example"' in wrong.text
    ines.sends(page, person=str(number), email="pia@nordlicht.example")
    assert "Everyone on the roster has an e-mail address." in reading(ines.opens(page))


def test_whoever_changes_something_hears_how_many_get_no_letter_about_it(
    desk_app: Flask, hanse: Scope, ines: Visitor
) -> None:
    """The number is one of the roster, which both of them know; who has answered plays no part in it."""
    play = launched(desk_app, hanse)
    with desk_app.app_context():
        sponsor = sponsors.of(play.engagement)
        assert sponsor
        sam = "/s/" + play.here.links.token("sponsor", bytes.fromhex(sponsor.link), sponsor.link_version)
    for path in ("closing", "sponsor", "joiners", "call-off"):
        page = reading(ines.opens(f"/desk/engagements/{play.key}/{path}"))
        assert "1 person has no e-mail address and gets no letter about this." in page, path
    for path in ("closing", "hand-over"):
        page = reading(ines.opens(f"{sam}/{path}"))
        assert "1 person was asked on paper and gets no letter about this: tell them yourself" in page, path
        assert "Pia Press, Sales" in page, path
    off = f"/desk/engagements/{play.key}/call-off"
    ines.sends(off, is_meant="y")
    told = reading(ines.opens(f"/desk/engagements/{play.key}"))
    assert "1 person has no e-mail address: let them be told in person." in told
