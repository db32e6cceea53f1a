"""Ines puts the questions in the words of her engagement: copy, change, look through, launch, and again."""

import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from cast import Stage, stage
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from village import Village
from visitor import TOKEN, Visitor, reading

from survey_service.aggregator.audit.structure import broken_rules
from survey_service.answers.intake import Ballot
from survey_service.collection import sentences, shelf
from survey_service.collection.models import OwnInstrument
from survey_service.engagements import roster, sponsor
from survey_service.engagements.roster_check import Person
from survey_service.foundation import i18n
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.instrument import catalog, limits
from survey_service.instrument.limits import Limit
from survey_service.reports import publish
from survey_service.waves import chain, close, fitness, handover
from survey_service.waves import launch as launching
from survey_service.workspaces.scope import Scope

WORDS = "I can say what is wrong with our orders."


def copied(ines: Visitor) -> str:
    """The address of a fresh copy of core."""
    return ines.sends("/desk/instruments", to="/desk/instruments/copy", source="core/1").location


def fields(page: str) -> dict[str, str]:
    """What the editor's form holds, as a browser would send it."""
    found = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    found |= dict(re.findall(r'<input type="hidden" name="(seen|words)" value="([^"]*)"', page))
    found |= dict.fromkeys(re.findall(r'name="(step-\d+)" value="y" checked', page), "y")
    return found


def keeps(ines: Visitor, address: str, **changes: str) -> str:
    """Fill in the editor and send it; where it leads."""
    page = ines.opens(address).text
    token = TOKEN.search(page)
    assert token
    sent = {"title": "Our words", "go": "keep", "csrf_token": token[1], **fields(page), **changes}
    return ines.client.post(address.split("?")[0], data={k: v for k, v in sent.items() if v != "-"}).location


def own(scope: Scope) -> OwnInstrument:
    return shelf.listed(scope)[0]


def test_a_copy_is_reworded_with_a_step_left_out_and_a_concern_added(
    desk_app: Flask, ines: Visitor, hanse: Scope
) -> None:
    where = keeps(
        ines,
        copied(ines),
        **{"q-Q01": WORDS, "step-3": "-", "new-1": "The night shift is far", "new-domain-1": "people"},
    )
    page = ines.opens(where)
    assert WORDS in page.text
    assert "23 questions on 12 steps, 19 concerns." in reading(page)
    assert "The report says which steps were not asked." in reading(page)
    with desk_app.app_context():
        asked = shelf.definition(own(hanse))
        assert asked.languages == ("en",)
        assert asked.words["en"].concerns["K19"] == "The night shift is far"
    assert "ready to be asked" in reading(ines.opens("/desk/instruments"))


def test_what_leads_or_asks_two_things_is_said_beside_it_and_kept_and_not_offered(ines: Visitor) -> None:
    where = keeps(ines, copied(ines), **{"q-Q02": "Surely we agree and we are ready."})
    page = ines.opens(where)
    assert "Surely we agree and we are ready." in page.text
    assert "“Surely” pushes towards an answer." in page.text
    assert "asks two things at once" in reading(page)
    assert "2 things to put right" in reading(ines.opens("/desk/instruments"))
    assert "Our words" not in ines.opens("/desk/engagements/new").text


def test_words_are_looked_through_while_they_are_typed_and_nothing_is_kept(
    desk_app: Flask, ines: Visitor, hanse: Scope
) -> None:
    address = copied(ines)
    page = ines.opens(address).text
    token = TOKEN.search(page)
    assert token
    sent = {**fields(page), "csrf_token": token[1], "q-Q01": "Obviously it is broken."}
    told = ines.client.post(f"{address}/look-through", data=sent).get_json()
    assert told["faults"] == {"Q01": ["“Obviously” pushes towards an answer."]}
    assert "years of age" in told["age"]
    with desk_app.app_context():
        assert shelf.definition(own(hanse)).words["en"].questions["Q01"] != "Obviously it is broken."


def test_a_second_copy_is_told_from_the_first_by_its_name(ines: Visitor) -> None:
    copied(ines)
    assert 'value="Core, our words 2"' in ines.opens(copied(ines)).text


def test_another_language_shows_what_is_missing_and_takes_the_packaged_words(
    desk_app: Flask, ines: Visitor, hanse: Scope
) -> None:
    german = keeps(ines, copied(ines), **{"q-Q01": WORDS, "go": "in-de"})
    page = ines.opens(german)
    assert "Not written in Deutsch yet." in reading(page)
    keeps(ines, german, **{"fits-Q01": "y"})
    with desk_app.app_context():
        assert shelf.definition(own(hanse)).languages == ("en", "de")


def test_of_two_who_write_at_once_nobody_loses_a_word(desk_app: Flask, ines: Visitor, hanse: Scope) -> None:
    address = copied(ines)
    stale = ines.opens(address).text
    keeps(ines, address, **{"q-Q02": "I have spoken with colleagues."})
    token = TOKEN.search(stale)
    assert token
    late = {**fields(stale), "title": "Mine", "csrf_token": token[1], "q-Q01": WORDS}
    answer = ines.client.post(address, data=late)
    assert "changed this while you were writing" in reading(answer)
    assert WORDS in answer.text
    with desk_app.app_context():
        assert own(hanse).title == "Our words"
    assert ines.client.post(address, data={**late, **fields(answer.text)}).status_code == 302
    with desk_app.app_context():
        assert own(hanse).title == "Mine"


@pytest.mark.parametrize("device", ["phone", "desk"])
def test_it_is_seen_as_a_stakeholder_sees_it(ines: Visitor, device: str) -> None:
    address = keeps(ines, copied(ines), **{"q-Q01": WORDS, "go": "preview"})
    page = ines.opens(f"{address}&device={device}").text
    assert f"frame--{device}" in page
    inside = re.search(r'<iframe[^>]* src="([^"]+)"', page)
    assert inside
    shown = ines.opens(inside[1].replace("&amp;", "&")).text
    assert WORDS in shown
    assert 'hreflang="de"' not in shown  # Q01 is not written in German


def test_a_file_goes_out_and_comes_in_and_a_bad_line_is_named(
    desk_app: Flask, ines: Visitor, hanse: Scope
) -> None:
    address = keeps(ines, copied(ines), **{"q-Q01": WORDS})
    exported = ines.opens(f"{address.split('?')[0]}.toml").text
    assert ines.sends("/desk/instruments/import", text=exported, title="Again").status_code == 302
    with desk_app.app_context():
        first, second = (shelf.definition(row) for row in shelf.listed(hanse))
        assert first.words["en"].questions == second.words["en"].questions
    bad = exported.replace("step = 5", "step = 15", 1)
    page = ines.sends("/desk/instruments/import", text=bad)
    assert "Line 9: Q06 is on step 15; there are steps 1 to 13." in reading(page)
    assert "step = 15" in page.text
    token = TOKEN.search(ines.opens("/desk/instruments/import").text)
    assert token
    broken = {"csrf_token": token[1], "files": (io.BytesIO(b"name = = 1\n"), "x.toml")}
    assert "Line 1: This is no TOML" in reading(ines.client.post("/desk/instruments/import", data=broken))


@pytest.fixture
def asked(desk_app: Flask, ines: Visitor, hanse: Scope) -> Stage:
    """An engagement that asks Ines's words, written in English only, without step 3."""
    keeps(ines, copied(ines), **{"q-Q01": WORDS, "step-3": "-", "new-1": "The night shift is far"})
    with desk_app.app_context():
        key = own(hanse).key
        soon = datetime.now(UTC) + timedelta(days=11)
        return stage(desk_app, scope=hanse, at=datetime.now(UTC), closes_at=soon, instrument=key)


def test_the_sponsor_approves_the_words_and_a_later_change_asks_again(
    desk_app: Flask, ines: Visitor, hanse: Scope, asked: Stage
) -> None:
    with desk_app.app_context(), transaction():
        named = sponsor.of(asked.engagement)
        assert named is not None
        sponsor.approve(named, sponsor.digest(asked.engagement), at=now())
    with desk_app.app_context():
        name, version = own(hanse).name, own(hanse).version
        assert sponsor.is_approved(asked.engagement)
    keeps(ines, f"/desk/instruments/{name}/{version}", **{"q-Q02": "I have spoken with colleagues."})
    with desk_app.app_context():
        assert not sponsor.is_approved(asked.engagement)
        found = launching.obstacles(asked.engagement, at=now())
        assert [type(one) for one in found] == [launching.NotApproved]


def test_nobody_is_asked_in_a_language_it_is_not_written_in(
    desk_app: Flask, ines: Visitor, asked: Stage
) -> None:
    with desk_app.app_context(), transaction():
        jana = Person(
            name="Jana", email="jana@nordlicht.example", group="Sales", language="de", time_zone=None
        )
        roster.add_all(asked.engagement, (jana,), who="Ines", at=now())
    page = reading(ines.opens(f"/desk/engagements/{asked.key}"))
    assert "is not written in all languages of this survey. Missing: Deutsch." in page
    with desk_app.app_context(), pytest.raises(fitness.NotWritten):
        asked.launch()


def test_launch_freezes_the_words_and_the_report_carries_them(
    desk_app: Flask, ines: Visitor, hanse: Scope, asked: Stage
) -> None:
    with desk_app.app_context():
        wave = asked.launch()
        terms = chain.current(wave)
        row = own(hanse)
        assert terms.instrument_sha256 == shelf.definition(row).sha256
        with pytest.raises(IntegrityError, match="frozen"):
            db.session.execute(text("UPDATE own_instrument SET title = 'other'"))
        db.session.rollback()
        close.close_due(asked.here.keys, at=asked.wave.closes_at + timedelta(minutes=1))
        document = publish.for_sponsor(asked.engagement)["waves"][0]
        assert document["asked"]["words"]["en"]["questions"]["Q01"] == WORDS
        address = f"/desk/instruments/{row.name}/{row.version}"
    where = keeps(ines, address, **{"q-Q02": "I have spoken with colleagues."})
    assert where.startswith(address[:-1] + "2")
    page = reading(ines.opens("/desk/instruments"))
    assert "version 2" in page
    assert "launched; it stays as it is" in page
    assert "Asked at: Nordlicht Energie" in page
    with desk_app.app_context():
        assert json.loads(own(hanse).draft)["words"]["en"]["questions"]["Q02"].startswith("I have spoken")


def test_a_packaged_concern_is_left_out_and_sponsor_and_report_say_so(
    desk_app: Flask, ines: Visitor, hanse: Scope, asked: Stage
) -> None:
    with desk_app.app_context():
        address = f"/desk/instruments/{own(hanse).key}"
    packaged = {f"concern-K{number:02d}": "y" for number in range(1, 19) if number != 6}
    nothing = reading(ines.opens(keeps(ines, address, packaged="y", **{"drop-K19": "y"})))
    assert "At least one concern has to be asked." in nothing
    keeps(ines, address, packaged="y", **packaged)
    page = ines.opens(address)
    assert "1 packaged concern is left out, and the report says so." in reading(page)
    assert not re.search(r'name="concern-K06" value="y" checked', page.text)
    with desk_app.app_context():
        named = sponsor.of(asked.engagement)
        assert named is not None
        link = asked.here.links.token("sponsor", bytes.fromhex(named.link), named.link_version)
    told = reading(ines.opens(f"/s/{link}"))
    assert "The seller left out 1 of the usual concerns" in told
    assert "The wrong people are deciding" in told
    with desk_app.app_context():
        asked.launch()
        for invitation in asked.invitations():
            asked.answer(invitation, Ballot(answers={"Q02": 4}, concerns=("K05",)), at=now())
        close.close_due(asked.here.keys, at=asked.wave.closes_at + timedelta(minutes=1))
    report = reading(ines.opens(f"/s/{link}/report"))
    assert "One of the usual concerns was left out: “The wrong people are deciding”." in report


def test_a_report_of_own_words_says_what_was_not_asked_and_breaks_no_rule(
    desk_app: Flask, ines: Visitor, hanse: Scope, asked: Stage
) -> None:
    with desk_app.app_context():
        asked.launch()
        answers = {one.id: 4 for one in catalog.instrument("core/1").questions if one.step != 3}
        for invitation in asked.invitations()[:18]:
            asked.answer(invitation, Ballot(answers=answers, concerns=("K19",)), at=now())
        close.close_due(asked.here.keys, at=asked.wave.closes_at + timedelta(minutes=1))
        document = publish.for_sponsor(asked.engagement)
        assert document["waves"][0]["concerns"]["K19"] in (True, 2)
        assert (
            list(
                broken_rules(
                    document["waves"][0], shelf.definition(own(hanse)).instrument, {}, has_sponsor=True
                )
            )
            == []
        )
        with transaction():
            handover.release_to_seller(asked.wave, who="sponsor", at=now())
    page = reading(ines.opens(f"/desk/engagements/{asked.key}/report"))
    assert WORDS in page
    assert "The night shift is far" in page
    assert "One of the 13 steps was not asked, and nothing is said of it: First talks." in page


def test_faults_are_whole_sentences_in_the_writers_language(app: Flask) -> None:
    """No word of the code stands in them: languages go by their own name."""
    with app.app_context(), i18n.speaking("en"):
        said = [
            sentences.of_finding(Limit(code, {"id": "Q9", "count": 50, "most": 40, "speech": "de"}))
            for code in limits.SENTENCES.keys() - {"long concern"}
        ]
    assert "There are 50 questions; 40 are the most." in said
    assert "There are 50 concerns; 40 are the most." in said
    assert any("“Q9” is changed in Deutsch." in one for one in said)
    assert not [one for one in said if "%" in one or " de " in one]


def test_looking_at_a_preview_leaves_the_desk_in_its_language(village: Village) -> None:
    ines = village.client("ines")
    for query in ("words=de", "language=de"):
        page = ines.get(f"/desk/engagements/{village.at.prepared}/preview?{query}")
        assert "preview/page?group=Operations&amp;language=de" in page.text
        assert "Einstellungen" not in ines.get("/desk/").text
    assert (
        "The survey as a stakeholder sees it"
        in ines.get(f"/desk/engagements/{village.at.prepared}/preview?words=de").text
    )
