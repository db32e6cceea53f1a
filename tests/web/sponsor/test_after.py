"""After close Sam reads first, releases, and sends the report to everyone who was asked, once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from cast import Stage
from flask import Flask
from flask.testing import FlaskClient
from visitor import letters, reading

from survey_service.foundation import clock
from survey_service.waves import close

Link = Callable[[], str]


@pytest.fixture
def over(app: Flask, play: Stage) -> None:
    with app.app_context():
        play.launch()
        close.close(play.wave.id, play.here.keys, at=clock.now() + timedelta(days=12))


@pytest.mark.usefixtures("over")
def test_sam_reads_first_and_the_seller_waits(app: Flask, play: Stage, link: Link, sam: FlaskClient) -> None:
    assert sam.get(link() + "/report").status_code == 200
    seller = app.test_client()
    seller.post("/sign-in", data={"email": "ines@hanse.example", "password": "a calm long password"})
    assert seller.get(f"/desk/engagements/{play.key}/report").status_code == 409
    sam.post(link() + "/release")
    assert seller.get(f"/desk/engagements/{play.key}/report").status_code == 200


@pytest.mark.usefixtures("over")
def test_too_few_answers_are_said_at_once_and_the_report_leads_back(
    app: Flask, play: Stage, link: Link, sam: FlaskClient
) -> None:
    page = reading(sam.get(link()))
    assert "Too few answers for a report Fewer than 5 of the 22 people invited answered." in page
    assert f'href="{link()}"' in sam.get(link() + "/report").text
    sam.post(link() + "/release")
    seller = app.test_client()
    seller.post("/sign-in", data={"email": "ines@hanse.example", "password": "a calm long password"})
    assert "Fewer than 5 of the 22 people" in reading(seller.get(f"/desk/engagements/{play.key}"))


@pytest.mark.usefixtures("over")
def test_everyone_gets_the_report_once(app: Flask, link: Link, sam: FlaskClient) -> None:
    for _ in range(2):
        sam.post(link() + "/send-to-all")
    assert letters(app, "legal1@nordlicht.example").count("report-for-all") == 1
    assert "Everyone has got a letter" in reading(sam.get(link() + "/"))


def test_before_close_there_is_nothing_to_send(app: Flask, play: Stage, link: Link, sam: FlaskClient) -> None:
    with app.app_context():
        play.launch()
    assert sam.post(link() + "/send-to-all").status_code == 409


@pytest.mark.usefixtures("over")
def test_sam_lets_the_intranet_show_the_report_and_takes_that_back(
    app: Flask, link: Link, sam: FlaskClient
) -> None:
    typed = {"label": "Intranet", "days": "7", "frame": "https://intranet.nordlicht.example/"}
    sam.post(link() + "/shares", data=typed)
    page = sam.get(link())
    assert "May be shown inside pages of https://intranet.nordlicht.example." in page.text
    shared = re.search(r'href="[^"]*(/r/[^"]+)"', page.text)
    assert shared
    policy = app.test_client().get(shared[1]).headers["Content-Security-Policy"]
    assert "frame-ancestors https://intranet.nordlicht.example;" in policy + ";"
    back = re.search(r'action="([^"]+/revoke)"', page.text)
    assert back
    sam.post(back[1])
    assert "Taken back. It was opened 1 time." in reading(sam.get(link()))
