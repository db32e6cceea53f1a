"""A reader: opens the link, reads, keeps a file; a passphrase stands in front where Ines set one."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from village import MARK, Village

from survey_service.engagements import desk
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.installation import installation
from survey_service.reports import shares
from survey_service.scheduler import timetable
from survey_service.workspaces import passwords
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.models import Workspace

WORDS = "calm blue lake"


@pytest.fixture(autouse=True)
def _no_waiting(village: Village) -> None:
    village.app.config["PDF_PATIENCE"] = 0


def shared(village: Village, passphrase: str = "") -> tuple[str, str]:
    """The address and the id of a link to the closed engagement's report."""
    with village.app.app_context():
        eyes = _ines(village)
        with transaction():
            made = shares.share(
                desk.find(eyes, village.at.closed),
                label="Board",
                days=7,
                who="Sam",
                from_sponsor=True,
                passphrase=passphrase,
                at=now(),
            )
            return f"/r/{shares.token(installation().links, made)}", made.link


def _ines(village: Village) -> scopes.Scope:
    found = db.session.scalars(select(Workspace).where(Workspace.key == village.at.workspaces["hanse"])).one()
    return scopes.of_operator(found)


def views(village: Village, link: str) -> int:
    with village.app.app_context():
        listed = shares.of_engagement(desk.find(_ines(village), village.at.closed))
        return next(one.views for one in listed if one.link == link)


def test_a_link_opens_the_report_and_counts_the_view(village: Village) -> None:
    reader, (address, link) = village.client("reader"), shared(village)
    answer = reader.get(address)
    assert answer.status_code == 200
    assert MARK in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]
    reader.head(address)
    assert views(village, link) == 1


def test_without_the_passphrase_not_even_the_buyer_is_named(village: Village) -> None:
    reader, (address, link) = village.client("reader"), shared(village, WORDS)
    asked = reader.get(address)
    assert "A passphrase is needed" in asked.text
    assert MARK not in asked.text
    for form in ("pdf", "csv", "json"):
        answer = reader.get(f"{address}/report.{form}")
        assert answer.status_code == 302
        assert MARK not in answer.text
    assert views(village, link) == 0


def test_the_right_words_open_this_link_here_and_no_other(village: Village) -> None:
    reader, (address, link) = village.client("reader"), shared(village, WORDS)
    other, _ = shared(village, WORDS)
    wrong = reader.post(address, data={"passphrase": "calm blue lakes"})
    assert wrong.status_code == 403
    assert "Set-Cookie" not in wrong.headers
    right = reader.post(address, data={"passphrase": WORDS})
    cookie = right.headers["Set-Cookie"]
    assert f"Path={address}" in cookie
    assert "HttpOnly" in cookie
    assert MARK in reader.get(address).text
    assert reader.get(f"{address}/report.json").status_code == 200
    assert MARK not in reader.get(other).text
    stolen = re.search(r"opened=([^;]+)", cookie)
    assert stolen
    thief = village.client("reader")
    thief.set_cookie("opened", stolen[1], path=other)
    assert MARK not in thief.get(other).text
    assert views(village, link) == 1


def test_guessing_is_slowed_down_for_everybody(village: Village) -> None:
    village.app.config["RATELIMIT_ENABLED"] = True
    address, _ = shared(village, WORDS)
    codes = [_guess(village.client("reader"), address, f"10.0.0.{at % 250}") for at in range(32)]
    assert codes[0] == 403
    assert codes[-1] == 429


def _guess(reader: FlaskClient, address: str, network: str) -> int:
    return reader.post(
        address, data={"passphrase": "x"}, environ_overrides={"REMOTE_ADDR": network}
    ).status_code


def test_the_passphrase_is_kept_as_argon2id(village: Village) -> None:
    shared(village, WORDS)
    with village.app.app_context():
        kept = shares.of_engagement(desk.find(_ines(village), village.at.closed))[0].passphrase_hash
    assert kept
    assert kept.startswith("$argon2id$")
    assert passwords.fits(WORDS, kept)


def test_a_link_that_was_taken_back_opens_nothing(village: Village) -> None:
    reader, (address, link) = village.client("reader"), shared(village, WORDS)
    with village.app.app_context(), transaction():
        shares.revoke(
            desk.find(_ines(village), village.at.closed), link, from_sponsor=True, who="Sam", at=now()
        )
    for answer in (reader.get(address), reader.post(address, data={"passphrase": WORDS})):
        assert MARK not in answer.text
        assert answer.status_code == 410
        assert "<h1>This link is no longer good</h1>" in answer.text
        assert "no longer valid" in answer.text


@pytest.mark.pdf
def test_a_pdf_is_made_by_the_worker_while_the_reader_waits(village: Village) -> None:
    reader, (address, _) = village.client("reader"), shared(village)
    first = reader.get(f"{address}/report.pdf?paper=letter")
    assert first.status_code == 202
    assert first.headers["Refresh"] == "2"
    assert "Your PDF is being made" in first.text
    assert "It is the next to be printed." in first.text
    assert '<progress max="3" value="1"' in first.text
    with village.app.app_context():
        assert "print reports" not in timetable.tick(installation(), at=now())
    second = reader.get(f"{address}/report.pdf?paper=letter")
    assert second.status_code == 200
    assert second.content_type == "application/pdf"
    assert second.data.startswith(b"%PDF-")
    assert reader.get(f"{address}/report.pdf").status_code == 202  # on A4 it is another page


def test_conversations_and_the_order_of_disagreement_have_addresses(village: Village) -> None:
    reader, (address, _) = village.client("reader"), shared(village)
    page = reader.get(f"{address}?show=conversations&language=en")
    assert page.status_code == 200
    assert "<table" not in page.text
    assert reader.get(f"{address}?order=disagreement").status_code == 200
    assert reader.get(f"{address}?order=x&show=y").status_code == 200


SETTINGS = {"name": "Hanse Systems", "languages": "en", "archives_after": "6", "erases_after": "24"}


def test_ines_gives_reports_a_look_and_readers_see_it(village: Village, tmp_path: Path) -> None:
    ines, logo = village.client("ines"), tmp_path / "logo.png"
    Image.new("RGB", (300, 100), "#7a1f4e").save(logo)
    with logo.open("rb") as file:
        sent = ines.post("/desk/settings", data={**SETTINGS, "colour": "#7A1F4E", "logo": (file, "logo.png")})
    assert sent.status_code == 302, sent.text
    reader, (address, _) = village.client("reader"), shared(village)
    page = reader.get(address).text
    assert 'alt="Hanse Systems"' in page
    assert "data:image/png;base64," in page
    sheet = reader.get("/look/7a1f4e.css")
    assert 'href="/look/7a1f4e.css"' in page
    assert "--accent: #7a1f4e" in sheet.text
    assert reader.get("/look/ffffff.css").status_code == 404


def test_a_hostile_logo_is_refused_beside_its_field(village: Village, tmp_path: Path) -> None:
    ines, svg = village.client("ines"), tmp_path / "logo.svg"
    svg.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    with svg.open("rb") as file:
        answer = ines.post(
            "/desk/settings", data={**SETTINGS, "colour": "#ffff00", "logo": (file, "logo.png")}
        )
    assert answer.status_code == 200
    assert "too light" in answer.text or "not a PNG or JPEG" in answer.text
    assert village.client("vi").get("/desk/settings").status_code == 403


def test_neither_side_takes_back_the_others_link(village: Village) -> None:
    _, (_, link) = village.client("reader"), shared(village)
    with village.app.app_context(), transaction():
        engagement = desk.find(_ines(village), village.at.closed)
        with pytest.raises(NotFound):
            shares.revoke(engagement, link, from_sponsor=False, who="Ines", at=now())
