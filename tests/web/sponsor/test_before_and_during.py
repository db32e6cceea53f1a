"""Sam approves or corrects before launch; while it runs, agrees to more people, moves the end, hands over."""

import re
from collections.abc import Callable
from datetime import timedelta

from cast import Stage
from flask import Flask
from flask.testing import FlaskClient
from visitor import letters, reading

from survey_service.collection import shelf
from survey_service.engagements import roster_identity
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.roster_check import Person
from survey_service.foundation import clock
from survey_service.foundation.db import transaction
from survey_service.instrument import catalog, draft
from survey_service.waves import amend, chain

Link = Callable[[], str]
NEW = Person(name="Nia New", email="nia@nordlicht.example", group="Legal", language="en", time_zone=None)


def approve(sam: FlaskClient, link: str) -> None:
    digest = re.search(r'name="digest" value="([^"]+)"', sam.get(link + "/").text)
    assert digest
    sam.post(link + "/approve", data={"digest": digest[1]})


def launched(app: Flask, play: Stage) -> None:
    with app.app_context():
        play.launch()


def test_sam_sees_where_every_group_will_appear_and_approves(
    app: Flask, play: Stage, link: Link, sam: FlaskClient
) -> None:
    page = reading(sam.get(link() + "/"))
    assert "Legal , 2 people: will appear in Other roles with Finance, 6 people." in page
    assert "The seller may raise this to nine at launch." in page
    assert "believes your organisation stands at step 10, Taking action." in page
    assert "English, Europe/Berlin" in page
    assert "reminded: on working days 2 and 5 after launch and on the last working day" in page
    approve(sam, link())
    assert "You have approved this" in reading(sam.get(link() + "/"))
    with app.app_context():
        assert sponsors.is_approved(play.engagement)


def test_no_word_of_the_sellers_own_is_asked_that_sam_was_not_shown(
    app: Flask, play: Stage, link: Link, sam: FlaskClient
) -> None:
    """Nobody on the roster speaks French; whoever answers may choose it. And a heading can give orders."""
    sly = draft.of(catalog.packaged("core/1"), "core/1")
    sly["words"]["fr"]["questions"]["Q01"] = "Je sais quel fournisseur il nous faut."
    sly["words"]["en"]["sections"]["problem"] = "All but Finance: disagree"
    with app.app_context(), transaction():
        play.engagement.instrument = shelf.put(play.scope, sly, "Sly", at=play.at).key
    page = reading(sam.get(link() + "/"))
    assert "All but Finance: disagree (the seller’s words)" in page
    assert "Je sais quel fournisseur il nous faut. (the seller’s words)" in page


def test_sam_asks_for_a_correction_and_the_seller_is_told(
    app: Flask, play: Stage, link: Link, sam: FlaskClient
) -> None:
    approve(sam, link())
    page = sam.post(link() + "/note", data={"note": "Karl left. <b>Ask</b> Kim."}, follow_redirects=True)
    assert "Karl left. &lt;b&gt;Ask&lt;/b&gt; Kim." in page.text
    assert letters(app, "ines@hanse.example")[-1] == "seller-correction"
    with app.app_context():
        assert not sponsors.is_approved(play.engagement)
    seller = app.test_client()
    seller.post("/sign-in", data={"email": "ines@hanse.example", "password": "a calm long password"})
    assert "Sam Sponsor asks for a correction before they approve." in reading(
        seller.get(f"/desk/engagements/{play.key}")
    )
    assert "Karl left." in reading(seller.get(f"/desk/engagements/{play.key}/approval"))
    seller.post(f"/desk/engagements/{play.key}/approval")
    assert "Karl left." not in reading(sam.get(link() + "/"))


def test_an_empty_note_is_refused_beside_its_field(link: Link, sam: FlaskClient) -> None:
    page = sam.post(link() + "/note", data={"note": "  "})
    assert 'id="note-error"' in page.text
    long = sam.post(link() + "/note", data={"note": "x" * 1001})
    assert "x" * 1001 in long.text


def test_while_it_runs_sam_sees_what_will_be_published_and_no_answers(
    app: Flask, play: Stage, link: Link, sam: FlaskClient
) -> None:
    launched(app, play)
    page = reading(sam.get(link() + "/"))
    assert "The survey is open" in page
    assert "Operations , 8 people: will appear by itself." in page
    assert "have answered" not in page
    late = sam.post(link() + "/note", data={"note": "Too late"})
    assert late.status_code == 409


def test_people_join_only_with_sams_yes(app: Flask, play: Stage, link: Link, sam: FlaskClient) -> None:
    launched(app, play)
    with app.app_context(), transaction():
        amend.propose_people(play.scope, play.engagement, [NEW], at=clock.now())
    assert "would like to ask 1 more person" in reading(sam.get(link() + "/"))
    sam.post(link() + "/people/decline")
    with app.app_context(), transaction():
        assert NEW.email not in roster_identity.addresses(play.engagement)
        amend.propose_people(play.scope, play.engagement, [NEW], at=clock.now())
    sam.post(link() + "/people/accept")
    with app.app_context():
        assert NEW.email in roster_identity.addresses(play.engagement)
        assert chain.current(play.wave).stakeholders == 23
    assert letters(app, NEW.email) == ["invitation"]


def test_sam_moves_the_closing_time_once(app: Flask, play: Stage, link: Link, sam: FlaskClient) -> None:
    launched(app, play)
    address = link() + "/closing"
    soon = f"{clock.now() + timedelta(hours=3):%Y-%m-%dT%H:%M}"
    page = sam.post(address, data={"closes_at": soon})
    assert "The earliest closing time is" in reading(page)
    assert f'value="{soon}"' in page.text
    later = f"{clock.now() + timedelta(days=20):%Y-%m-%dT%H:%M}"
    assert sam.post(address, data={"closes_at": later}).status_code == 302
    again = f"{clock.now() + timedelta(days=30):%Y-%m-%dT%H:%M}"
    assert "cannot be moved again" in reading(sam.post(address, data={"closes_at": again}))
    assert "terms-amended" in letters(app, "operations1@nordlicht.example")


def test_sam_hands_over_and_the_old_link_opens_nothing(
    app: Flask, play: Stage, link: Link, sam: FlaskClient
) -> None:
    launched(app, play)
    old = link()
    slip = sam.post(old + "/hand-over", data={"name": "Kim", "email": "kim@hanse.example"})
    assert "belongs to your own company" in reading(slip)
    assert 'value="Kim"' in slip.text
    done = sam.post(old + "/hand-over", data={"name": "Kim Neu", "email": "kim@nordlicht.example"})
    assert "Kim Neu is the sponsor now" in reading(done)
    assert sam.get(old + "/").status_code == 404
    assert "For Kim Neu, sponsor at Nordlicht Energie" in reading(sam.get(link() + "/"))
    assert letters(app, "kim@nordlicht.example")[-1] == "sponsor-named"
