"""Strangers see nothing: every route, tried by everybody, from Ines who owns it to nobody at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from village import MARK, Village, everything, snapshot
from werkzeug.test import TestResponse

from survey_service.workspaces.scope import ACTS


@dataclass(frozen=True)
class Route:
    """What one route asks of whoever comes.

    ``act``: what a role must allow (scope.ACTS), for the desk. ``at``: the values of its address, which are
    Hanse's. ``form``: what is posted. ``theirs``: everybody has one of their own, so there is no stranger.
    """

    act: str = ""
    at: dict[str, object] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    theirs: bool = False


SETTINGS = {
    "name": "Hanse Systems",
    "colour": "#1f4e79",
    "languages": "en",
    "archives_after": "6",
    "erases_after": "24",
}
#: Every route of the desk. A new one fails here until somebody has thought about who may.
DESK = {
    "seller.overview GET": Route("look", theirs=True),
    "seller.members GET": Route("look", theirs=True),
    "seller.account GET": Route("look", theirs=True),
    "seller.turn_on GET": Route("look", theirs=True),
    "seller.turn_on POST": Route("look", theirs=True),
    "seller.turn_off GET": Route("look", theirs=True),
    "seller.turn_off POST": Route("look", theirs=True),
    "seller.sign_out_everywhere POST": Route("look", theirs=True),
    "seller.change_password GET": Route("look", theirs=True),
    "seller.change_password POST": Route("look", theirs=True),
    "seller.change_address GET": Route("look", theirs=True),
    "seller.change_address POST": Route("look", theirs=True),
    "seller.keep_address POST": Route("look", theirs=True),
    "seller.end_session POST": Route("look", {"number": 999}, theirs=True),
    "seller.workspaces GET": Route("look", theirs=True),
    "seller.choose_workspace POST": Route("look", {"key": "hanse"}),
    "seller.look GET": Route("manage", theirs=True),
    "seller.settings GET": Route("manage", theirs=True),
    "seller.settings POST": Route("manage", form=SETTINGS, theirs=True),
    "seller.journal GET": Route("manage", theirs=True),
    "seller.take_everything POST": Route("manage", form={"everything": "1"}, theirs=True),
    "seller.somebody GET": Route("manage", theirs=True),
    "seller.somebody POST": Route("manage", form={"email": "x@y.example"}, theirs=True),
    "seller.leave GET": Route("manage", theirs=True),
    "seller.leave POST": Route("manage", form={"name": "Hanse Systems"}, theirs=True),
    "seller.call_back POST": Route("manage", theirs=True),
    "seller.invite_member GET": Route("manage", theirs=True),
    "seller.invite_member POST": Route(
        "manage", form={"email": "eve@hanse.example", "role": "owner"}, theirs=True
    ),
    "seller.invite_again POST": Route("manage", {"number": "dora"}),
    "seller.take_back_invitation POST": Route("manage", {"number": "dora"}),
    "seller.member GET": Route("manage", {"number": "bo"}),
    "seller.member POST": Route("manage", {"number": "bo"}, {"role": "owner"}),
    "seller.remove_member POST": Route("manage", {"number": "bo"}),
    "seller.instruments GET": Route("look", theirs=True),
    "seller.copy_instrument POST": Route("work", form={"source": "pulse/1"}, theirs=True),
    "seller.import_instrument GET": Route("work", theirs=True),
    "seller.import_instrument POST": Route("work", theirs=True),
    "seller.edit_instrument GET": Route("work", {"name": "own", "version": 1}),
    "seller.edit_instrument POST": Route(
        "work", {"name": "own", "version": 1}, {"title": "Eve", "seen": "x"}
    ),
    "seller.look_through POST": Route("work", {"name": "own", "version": 1}),
    "seller.preview_instrument GET": Route("look", {"name": "own", "version": 1}),
    "seller.preview_instrument_page GET": Route("look", {"name": "own", "version": 1}),
    "seller.export_instrument GET": Route("look", {"name": "own", "version": 1}),
    "seller.delete_instrument POST": Route("work", {"name": "own", "version": 1}),
    "seller.open_new GET": Route("work", theirs=True),
    "seller.open_new POST": Route("work", theirs=True),
    "seller.show GET": Route("look", {"key": "prepared"}),
    "seller.edit GET": Route("work", {"key": "prepared"}),
    "seller.edit POST": Route("work", {"key": "prepared"}, {"buyer": "Somebody else"}),
    "seller.approval GET": Route("look", {"key": "prepared"}),
    "seller.ask_approval POST": Route("work", {"key": "prepared"}),
    "seller.launch GET": Route("look", {"key": "prepared"}),
    "seller.freeze POST": Route("work", {"key": "prepared"}),
    "seller.roster_page GET": Route("look", {"key": "prepared"}),
    "seller.add_person GET": Route("work", {"key": "prepared"}),
    "seller.add_person POST": Route(
        "work",
        {"key": "prepared"},
        {"name": "Eve", "email": "eve@far.example", "group": "Sales", "language": "en"},
    ),
    "seller.edit_person GET": Route("work", {"key": "prepared", "number": "person"}),
    "seller.edit_person POST": Route(
        "work",
        {"key": "prepared", "number": "person"},
        {"name": "Eve", "email": "eve@far.example", "group": "Sales", "language": "en"},
    ),
    "seller.remove_person POST": Route("work", {"key": "prepared", "number": "person"}),
    "seller.export_roster GET": Route("work", {"key": "prepared"}),
    "seller.import_list GET": Route("work", {"key": "prepared"}),
    "seller.import_list POST": Route("work", {"key": "prepared"}, {"text": "Eve,eve@far.example,Sales"}),
    "seller.import_looked_at POST": Route(
        "work",
        {"key": "prepared"},
        {
            "text": "Eve,eve@far.example,Sales",
            "name": "0",
            "first_name": "",
            "last_name": "",
            "email": "1",
            "group": "2",
            "language": "",
            "time_zone": "",
            "act": "import",
        },
    ),
    "seller.groups GET": Route("look", {"key": "prepared"}),
    "seller.merge_groups POST": Route("work", {"key": "prepared"}, {"group": "Legal", "other": "Finance"}),
    "seller.move_closing GET": Route("work", {"key": "open"}),
    "seller.move_closing POST": Route("work", {"key": "open"}, {"closes_at": "2036-12-11T17:00"}),
    "seller.replace_sponsor GET": Route("work", {"key": "open"}),
    "seller.replace_sponsor POST": Route(
        "work", {"key": "open"}, {"name": "Eve", "email": "eve@far.example"}
    ),
    "seller.joiners GET": Route("work", {"key": "open"}),
    "seller.joiners POST": Route("work", {"key": "open"}, {"people": "Eve,eve@far.example,Sales"}),
    "seller.take_back_joiners POST": Route("work", {"key": "open"}),
    "seller.discard GET": Route("work", {"key": "prepared"}),
    "seller.discard POST": Route("work", {"key": "prepared"}, {"is_meant": "y"}),
    "seller.prepare_next GET": Route("work", {"key": "closed"}),
    "seller.prepare_next POST": Route("work", {"key": "closed"}, {"instrument": "pulse/1"}),
    "seller.leave_next POST": Route("work", {"key": "closed"}),
    "seller.call_off GET": Route("work", {"key": "open"}),
    "seller.call_off POST": Route("work", {"key": "open"}, {"is_meant": "y"}),
    "seller.preview GET": Route("look", {"key": "prepared"}),
    "seller.preview_page GET": Route("look", {"key": "prepared"}),
    "seller.unreached GET": Route("look", {"key": "open"}),
    "seller.correct_address POST": Route(
        "work", {"key": "open", "number": "unreached"}, {"email": "pat@nordlicht.example"}
    ),
    "seller.people_on_paper GET": Route("look", {"key": "open"}),
    "seller.give_address POST": Route(
        "work", {"key": "open"}, {"person": "1", "email": "eve@nordlicht.example"}
    ),
    "seller.send_test POST": Route("work", {"key": "prepared"}),
    "seller.report GET": Route("look", {"key": "closed"}),
    "seller.keep_report GET": Route("look", {"key": "closed", "form": "json"}),
    "seller.next_conversations GET": Route("look", {"key": "closed"}),
    "seller.sharing GET": Route("look", {"key": "closed"}),
    "seller.share_report POST": Route("share", {"key": "closed"}, {"label": "Eve", "days": "7"}),
    "seller.revoke_share POST": Route("share", {"key": "closed", "link": "seller"}),
}
#: Every route that a link opens, with the engagement whose link opens it.
BY_LINK = {
    "sponsor.show GET": Route(at={"token": "prepared"}),
    "sponsor.approve POST": Route(at={"token": "prepared"}),
    "sponsor.correct POST": Route(at={"token": "prepared"}, form={"note": "Karl left."}),
    "sponsor.accept_people POST": Route(at={"token": "open"}),
    "sponsor.decline_people POST": Route(at={"token": "open"}),
    "sponsor.move_closing GET": Route(at={"token": "open"}),
    "sponsor.move_closing POST": Route(at={"token": "open"}),
    "sponsor.hand_over GET": Route(at={"token": "open"}),
    "sponsor.hand_over POST": Route(at={"token": "open"}),
    "sponsor.read GET": Route(at={"token": "closed"}),
    "sponsor.keep GET": Route(at={"token": "closed", "form": "json"}),
    "sponsor.conversations GET": Route(at={"token": "closed"}),
    "sponsor.conversations POST": Route(at={"token": "closed"}),
    "sponsor.keep_conversations GET": Route(at={"token": "closed"}),
    "sponsor.release POST": Route(at={"token": "closed"}),
    "sponsor.keep_longer POST": Route(at={"token": "closed"}),
    "sponsor.review GET": Route(at={"token": "closed"}),
    "sponsor.publish POST": Route(at={"token": "closed"}),
    "sponsor.send_to_all POST": Route(at={"token": "closed"}),
    "sponsor.share POST": Route(at={"token": "closed"}),
    "sponsor.take_back POST": Route(at={"token": "closed", "link": "sponsor"}),
    "respondent.welcome GET": Route(at={"token": "pat"}),
    "respondent.with_a_slash GET": Route(at={"token": "pat"}),
    "respondent.back_to_welcome GET": Route(at={"token": "pat"}),
    "respondent.questions POST": Route(at={"token": "pat"}),
    "respondent.send POST": Route(at={"token": "pat"}),
    "respondent.how GET": Route(at={"token": "pat"}),
    "respondent.terms GET": Route(at={"token": "pat"}),
    "respondent.exact_terms GET": Route(at={"token": "pat"}),
    "respondent.ask_to_stop GET": Route(at={"token": "pat"}),
    "respondent.stop POST": Route(at={"token": "pat"}),
    "respondent.ask_who GET": Route(at={"token": "pat"}),
    "respondent.tell POST": Route(at={"token": "pat"}),
    "respondent.receipt GET": Route(at={"token": "pat"}),
    "respondent.use_receipt POST": Route(at={"token": "pat"}),
    "reader.unlock POST": Route(at={"token": "share"}),
    "reader.read GET": Route(at={"token": "share"}),
    "reader.keep GET": Route(at={"token": "share", "form": "json"}),
}
#: Present in development only; test_every_door_has_a_guard.py sees to it. Public routes are listed there.
DEVELOPMENT = {"mailbox.show_all GET", "mailbox.show GET", "mailbox.html GET"}
#: Shows one page, whatever the address; test_wrong_turns.py sees to it.
NOWHERE = {"respondent.astray GET"}
ROLES = {"ines": "owner", "bo": "member", "vi": "viewer"}
REFUSED = {401, 403, 404, 405, 500}
OWN = re.compile(r'(?:href|action|formaction)="(?:http://localhost)?(/[^"#]*)')
TRACES = ("Traceback (most recent call last)", "werkzeug", 'File "/')


def test_every_route_is_in_the_table(app: Flask) -> None:
    found = {
        f"{rule.endpoint} {method}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static" and not rule.endpoint.startswith("public.")
    }
    assert found == DESK.keys() | BY_LINK.keys() | DEVELOPMENT | NOWHERE


@pytest.mark.parametrize("who", sorted(ROLES))
def test_a_role_opens_what_it_may_and_no_more(village: Village, who: str) -> None:
    """What the role may not do is refused in words and changes nothing; links there lead on straight."""
    client, as_it_was = village.client(who), snapshot(village.app)
    faults = []
    for name, route in DESK.items():
        before = everything(village.app)
        answer = _sent(client, village, name, route)
        may = ROLES[who] in ACTS[route.act]
        if may and answer.status_code in REFUSED:
            faults.append(f"{name}: {who} should, and gets {answer.status_code}")
        if not may and answer.status_code != 403:
            faults.append(f"{name}: {who} must not, and gets {answer.status_code}")
        changed = everything(village.app) != before
        if changed and (not may or name.endswith("GET")):
            faults.append(f"{name}: changes something for {who}")
        faults.extend(_traces(name, answer) + _detours(village, name, answer))
        if changed:
            as_it_was()
    assert faults == []


def test_carl_owns_a_workspace_elsewhere_and_finds_nothing_here(village: Village) -> None:
    """A stranger's object does not exist: 404, never 403, whatever his role is at home."""
    carl, before = village.client("carl"), everything(village.app)
    faults = []
    for name, route in DESK.items():
        for place in _everywhere(village, route):
            answer = _sent(carl, village, name, Route(route.act, place, {}, route.theirs))
            if not route.theirs and answer.status_code != 404:
                faults.append(f"{name} {place}: {answer.status_code}")
            if MARK in answer.text and not name.startswith(("seller.overview", "seller.instruments")):
                faults.append(f"{name} {place}: shows it")
            faults.extend(_traces(name, answer))
    assert faults == []
    assert everything(village.app) == before


def test_carls_overview_lists_his_own_engagement_alone(village: Village) -> None:
    page = village.client("carl").get("/desk/").text
    assert [key for key in (village.at.prepared, village.at.open, village.at.closed) if key in page] == []
    assert page.count("/desk/engagements/") == page.count("/desk/engagements/new") + page.count(MARK)


@pytest.mark.parametrize("who", ["nobody", "sam", "pat"])
def test_who_has_no_account_gets_no_further_than_the_sign_in_page(village: Village, who: str) -> None:
    """Sam and Pat come with their own links open; those open nothing at the desk."""
    client, before = village.client(who), everything(village.app)
    links = {"sam": f"/s/{village.at.sponsor['open']}/", "pat": f"/a/{village.at.stakeholder}"}
    if who in links:
        assert client.get(links[who]).status_code == 200
    for name, route in DESK.items():
        answer = _sent(client, village, name, route)
        assert answer.status_code == 302, name
        assert answer.location.startswith("/sign-in"), name
        assert MARK not in answer.text, name
    assert everything(village.app) == before


def test_each_link_opens_its_own_door(village: Village) -> None:
    for name, route in BY_LINK.items():
        answer = _sent(village.app.test_client(), village, name, route)
        assert answer.status_code not in REFUSED, name
        assert _traces(name, answer) + _detours(village, name, answer) == []


def test_a_link_opens_no_other_door_and_a_changed_one_opens_none(village: Village) -> None:
    """Whoever holds one link, or tries to make one up, gets the same 404 and learns nothing."""
    everybody = [village.app.test_client(), village.client("ines"), village.client("carl")]
    before = everything(village.app)
    for name, route in BY_LINK.items():
        for wrong in _wrong_links(village, name):
            for client in everybody:
                answer = _sent(client, village, name, Route(at={**route.at, "token": wrong}), follow=True)
                assert answer.status_code == 404, (name, wrong)
                assert MARK not in answer.text, name
    assert everything(village.app) == before


def test_reading_changes_nothing_but_a_count_of_views(village: Village) -> None:
    """Mail scanners open every link: GET spends none and confirms nothing."""
    client = village.app.test_client()
    for name, route in BY_LINK.items():
        if name.endswith("GET") and name != "reader.read GET":
            before = everything(village.app)
            _sent(client, village, name, route)
            assert everything(village.app) == before, name


def test_a_sponsor_touches_the_own_engagement_alone(village: Village) -> None:
    """Sam's link for one engagement takes back no link of another, and shows nothing of it."""
    client, before = village.app.test_client(), everything(village.app)
    for other in ("carls", "prepared", "open"):
        token, link = village.at.sponsor[other], village.at.links["sponsor"]
        assert client.post(f"/s/{token}/shares/{link}/revoke").status_code == 404
        assert client.get(f"/s/{token}/report").status_code in {404, 409}
        assert client.get(f"/s/{token}/texts").status_code == 404
    assert everything(village.app) == before


def test_links_of_the_accounts_room_open_nothing_for_another_purpose(village: Village) -> None:
    """A link to confirm does not reset a password; a changed one is as void as an old one."""
    client, before = village.app.test_client(), everything(village.app)
    for purpose in village.at.account_links:
        for other, token in village.at.account_links.items():
            wrong = [token[:-2] + "xx", token + "x", ""] if other == purpose else [token]
            for text in filter(None, wrong):
                for answer in (
                    client.get(f"/{purpose}/{text}"),
                    client.post(f"/{purpose}/{text}", data={"password": "six slow trains", "name": "Eve"}),
                ):
                    assert answer.status_code == 410, (purpose, other)
                    assert "@" not in re.sub(r"<[^>]+>", "", answer.text)
    assert everything(village.app) == before


def _sent(
    client: FlaskClient, village: Village, name: str, route: Route, *, follow: bool = False
) -> TestResponse:
    endpoint, method = name.split()
    values = {key: _value(village, endpoint, key, said) for key, said in route.at.items()}
    rules = [rule for rule in village.app.url_map.iter_rules(endpoint) if method in (rule.methods or ())]
    address = re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: str(values[found[1]]), rules[0].rule)
    return client.open(address, method=method, data=route.form or None, follow_redirects=follow)


def _value(village: Village, endpoint: str, key: str, said: object) -> object:
    """'prepared' is an engagement's key; 'dora' a row's number; what is none of these stands for itself."""
    names: dict[str, object] = {
        "prepared": village.at.prepared,
        "open": village.at.open,
        "closed": village.at.closed,
        "pat": village.at.stakeholder,
        "share": village.at.share,
        **village.at.workspaces,
        **village.at.numbers,
        **village.at.links,
    }
    if endpoint.startswith("sponsor.") and key == "token":
        return village.at.sponsor.get(str(said), said)
    return names.get(str(said), said)


def _everywhere(village: Village, route: Route) -> Iterator[dict[str, object]]:
    """Every engagement of Hanse's, in whatever state, where the route is about one."""
    keys = ("prepared", "open", "closed") if "key" in route.at and route.at["key"] != "hanse" else (None,)
    for key in keys:
        yield {**route.at, **({"key": key} if key else {})}


def _wrong_links(village: Village, name: str) -> list[str]:
    doors = {
        "sponsor": village.at.sponsor["closed"],
        "respondent": village.at.stakeholder,
        "reader": village.at.share,
    }
    own = doors.pop(name.partition(".")[0])
    flipped = own[:5] + ("A" if own[5] != "A" else "B") + own[6:]
    return [*doors.values(), flipped, own[:-1], own + "A", own.swapcase(), "x", "%20", "ä" * 8, "A" * 24]


def _traces(name: str, answer: TestResponse) -> list[str]:
    return [f"{name}: shows {trace}" for trace in TRACES if trace.encode() in answer.data]


def _detours(village: Village, name: str, answer: TestResponse) -> list[str]:
    """Addresses of ours, linked to or led to, that hold only a redirect or nothing at all."""
    led = {answer.location or ""} | set(OWN.findall(answer.text) if answer.mimetype == "text/html" else ())
    addresses = village.app.url_map.bind("localhost")
    paths = sorted(urlsplit(unescape(one)).path for one in led - {""})
    return [f"{name}: leads to {one}" for one in paths if not addresses.allowed_methods(one)]
