"""A report stands in a frame of the one site Ines names, and nothing else of ours stands in any."""

import re

import pytest
from village import MARK, Village

from survey_service.reports import shares

SITE = "https://intranet.nordlicht.example"


def ancestors(policy: str) -> str:
    return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))


def shared(village: Village, **form: str) -> str:
    """The address of a new link, made on the page for it; "" where it was refused."""
    at = f"/desk/engagements/{village.at.closed}/shares"
    ines = village.client("ines")
    if ines.post(at, data={"label": "Intranet", "days": "7", **form}).status_code != 302:
        return ""
    found = re.search(r'href="[^"]*(/r/[^"]+)"', ines.get(at).text)
    assert found
    return found[1]


def test_the_page_of_that_link_alone_may_stand_in_a_frame_of_that_site_alone(village: Village) -> None:
    village.app.config["PDF_PATIENCE"] = 0
    framed, plain = shared(village, frame=f"{SITE}/"), shared(village)
    reader = village.app.test_client()
    page = reader.get(framed)
    assert MARK in page.text
    assert ancestors(page.headers["Content-Security-Policy"]) == f"frame-ancestors {SITE}"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert f'<a href="{framed}/report.pdf" target="_blank" rel="noopener">' in page.text
    assert ancestors(reader.get(f"{framed}?show=conversations").headers["Content-Security-Policy"]) == (
        f"frame-ancestors {SITE}"
    )
    others = [plain, *(f"{framed}/report.{form}" for form in ("pdf", "csv", "json")), framed + "x"]
    for address in others:
        policy = reader.get(address).headers["Content-Security-Policy"]
        assert ancestors(policy) == "frame-ancestors 'none'", address
    assert 'target="_blank"' not in reader.get(plain).text


def test_a_link_that_is_over_is_framed_nowhere(village: Village) -> None:
    framed = shared(village, frame=SITE)
    at = f"/desk/engagements/{village.at.closed}/shares"
    ines = village.client("ines")
    revoke = re.search(r'action="([^"]+/revoke)"', ines.get(at).text)
    assert revoke
    ines.post(revoke[1])
    over = village.app.test_client().get(framed)
    assert over.status_code == 410
    assert ancestors(over.headers["Content-Security-Policy"]) == "frame-ancestors 'none'"


def test_the_list_says_where_a_link_may_be_shown_and_a_fault_is_named_beside_its_field(
    village: Village,
) -> None:
    shared(village, frame=SITE.upper())
    at = f"/desk/engagements/{village.at.closed}/shares"
    ines = village.client("ines")
    assert f"May be shown inside pages of {SITE}." in ines.get(at).text
    for form in ({"frame": "intranet"}, {"frame": SITE, "passphrase": "calm blue lake"}):
        answer = ines.post(at, data={"label": "Intranet", "days": "7", **form})
        assert 'id="frame-error"' in answer.text
        assert f'value="{form["frame"]}"' in answer.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://Intranet.Nordlicht.example/", SITE),
        (" https://intranet.nordlicht.example:443 ", SITE),
        ("https://intranet.nordlicht.example:8443", f"{SITE}:8443"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
    ],
)
def test_one_spelling_is_kept(typed: str, kept: str) -> None:
    assert shares.origin(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "http://intranet.example",
        "intranet.example",
        "https://",
        "https://intranet",
        "https://*.example",
        "https://*",
        "'self'",
        "https://a.example https://b.example",
        "https://a.example; script-src *",
        "https://a.example,https://b.example",
        "https://a.example/page",
        "https://a.example?x",
        "https://user@a.example",
        "https://a.example:0",
        "https://a.example:99999",
        "https://127.0.0.1",
        "https://[::1]",
        "https://-a.example",
        "https://a..example",
        "https://a.example\r\nX: y",
        "data:text/html,x",
    ],
)
def test_what_is_more_or_less_than_one_origin_is_refused(typed: str) -> None:
    with pytest.raises(shares.NoOrigin):
        shares.origin(typed)
