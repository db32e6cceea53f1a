"""What goes wrong at a page is said beside its field or on a calm page; nothing that was typed is lost."""

import io
import re
from html import unescape

import pytest
from village import Village

from survey_service.foundation import clock
from survey_service.foundation.db import db, transaction
from survey_service.reports.models import Share

MEGABYTE = 1024 * 1024
TAG = re.compile(r"<(?:input|textarea|select)\b[^>]*>(?:[^<]*(?=</textarea>))?")


def kept(page: str, name: str) -> str:
    """What the field of that name holds on the page."""
    tags: list[str] = TAG.findall(page)
    for tag in tags:
        if f'name="{name}"' in tag:
            if tag.startswith("<textarea"):
                return unescape(tag.partition(">")[2]).strip()
            if tag.startswith("<select"):
                options = page.partition(tag)[2].partition("</select>")[0]
                found = re.search(r"<option[^>]*\bselected\b[^>]*>", options)
                return _value(found[0]) if found else ""
            if 'type="radio"' not in tag or " checked" in tag:
                return _value(tag)
    return ""


def _value(tag: str) -> str:
    found = re.search(r'value="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


#: Page, what is typed there, and the field that is wrong. Nothing typed may be lost, but passwords.
FORMS = {
    "signing up": (
        "nobody",
        "/sign-up",
        {
            "name": "Zoë O’Neil",
            "email": "no address",
            "workspace": "Quasten & Co",
            "password": "six slow trains",
        },
        "email",
    ),
    "signing in": (
        "nobody",
        "/sign-in",
        {"email": "zoe@quasten.example", "password": "not hers"},
        "password",
    ),
    "a lost password": ("nobody", "/forgotten-password", {"email": "zoe@"}, "email"),
    "inviting a colleague": ("ines", "/desk/members/invite", {"email": "zoe@", "role": "viewer"}, "email"),
    "a new engagement": (
        "ines",
        "/desk/engagements/new",
        {
            "buyer": "Quasten & Co",
            "change": "",
            "sponsor_name": "Zoë <O’Neil>",
            "sponsor_email": "zoe@quasten.example",
            "believed_step": "7",
            "instrument": "pulse/1",
            "language": "de",
            "time_zone": "America/Lima",
            "closes_at": "2099-12-11T17:00",
        },
        "change",
    ),
    "an engagement’s words": (
        "ines",
        "/desk/engagements/{prepared}/words",
        {
            "buyer": "",
            "change": "Keep all orders in one list.",
            "believed_step": "3",
            "time_zone": "Asia/Tokyo",
        },
        "buyer",
    ),
    "somebody for the roster": (
        "ines",
        "/desk/engagements/{prepared}/roster/add",
        {
            "name": "Zoë O’Neil",
            "email": "zoe@",
            "group": "Night shift",
            "language": "de",
            "time_zone": "Asia/Tokyo",
        },
        "email",
    ),
    "a share link": ("ines", "/desk/engagements/{closed}/shares", {"label": "L" * 90, "days": "90"}, "label"),
    "a sponsor’s share link": (
        "nobody",
        "/s/{sponsor}/shares",
        {"label": "Board", "days": "90", "passphrase": "short"},
        "passphrase",
    ),
    "a sponsor’s link to be framed": (
        "nobody",
        "/s/{sponsor}/shares",
        {"label": "Intranet", "days": "7", "frame": "intranet"},
        "frame",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_cannot_be_taken_keeps_what_was_typed(village: Village, form: str) -> None:
    who, address, typed, wrong = FORMS[form]
    address = address.format(
        prepared=village.at.prepared, closed=village.at.closed, sponsor=village.at.sponsor["closed"]
    )
    page = village.client(who).post(address, data=typed)
    assert page.status_code == 200
    assert f'id="{wrong}-error"' in page.text, "the message stands beside its field"
    for name, value in typed.items():
        assert kept(page.text, name) == ("" if name == "password" else value), name


def test_a_file_over_two_megabytes_is_refused_beside_its_field(village: Village) -> None:
    rows = b"name;email;group\n" + b"Ada Bode;ada@b.example;Sales\n" * (int(2.3 * MEGABYTE) // 29)
    form = {"file": (io.BytesIO(rows), "roster.csv")}
    address = f"/desk/engagements/{village.at.prepared}/roster/import"
    page = village.client("ines").post(address, data=form, content_type="multipart/form-data")
    page.request.environ["wsgi.input"].close()  # the test browser's own file
    assert page.status_code == 200
    assert 'id="file-error"' in page.text
    assert "2 MB" in page.text


@pytest.mark.parametrize("door", ["desk", "sponsor", "respondent", "sign-up"])
def test_far_too_much_at_once_is_refused_in_words_at_every_door(village: Village, door: str) -> None:
    """Before it is read: the page says what to do."""
    address = {
        "desk": f"/desk/engagements/{village.at.prepared}/roster/import",
        "sponsor": f"/s/{village.at.sponsor['prepared']}/approve",
        "respondent": f"/a/{village.at.stakeholder}/questions",
        "sign-up": "/sign-up",
    }[door]
    page = village.client("ines" if door == "desk" else "nobody").post(
        address, data={"name": "x" * 4 * MEGABYTE}
    )
    assert page.status_code == 413
    assert "<h1" in page.text
    assert "Traceback" not in page.text


@pytest.mark.parametrize("state", ["expired", "taken back"])
def test_a_share_link_that_no_longer_works_says_so_and_shows_nothing(village: Village, state: str) -> None:
    with village.app.app_context(), transaction():
        for share in db.session.scalars(db.select(Share)):
            if state == "expired":
                share.expires_at = clock.now()
            else:
                share.revoked_at = clock.now()
    for address in (f"/r/{village.at.share}", f"/r/{village.at.share}/report.json"):
        page = village.app.test_client().get(address)
        assert 400 < page.status_code < 500
        assert "no longer valid" in page.text
        assert "Nordlicht" not in page.text


@pytest.mark.parametrize(
    "address", ["/nowhere", "/desk/nowhere", "/r/x/report.exe", "/a/", "/s/", "/static/no.css"]
)
def test_an_address_that_leads_nowhere_gets_a_calm_page(village: Village, address: str) -> None:
    page = village.client("ines").get(address)
    assert page.status_code == 404
    assert "<h1" in page.text
