"""Ines takes everything along, and closes the workspace."""

import io
import json
import zipfile
from datetime import UTC, datetime

from flask.testing import FlaskClient
from village import MARK, PAT, Village

from survey_service.foundation.i18n import day
from survey_service.waves import leaving


def taken(client: FlaskClient) -> zipfile.ZipFile:
    answer = client.post("/desk/settings/everything.zip", data={"everything": "1"})
    assert answer.status_code == 200
    assert answer.content_type == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_everything_is_in_the_zip_and_nothing_of_who_answered(village: Village) -> None:
    archive = taken(village.client("ines"))
    assert archive.testzip() is None
    names = set(archive.namelist())
    folders = {name.split("/")[1] for name in names if name.startswith("engagements/")}
    assert {village.at.prepared, village.at.open, village.at.closed} <= folders
    assert {"READ-ME.txt", "workspace.json", "journal.csv"} <= names
    closed = f"engagements/{village.at.closed}"
    report = json.loads(archive.read(f"{closed}/report.json"))
    assert report["engagement"]["buyer"] == MARK
    assert f"engagements/{village.at.open}/report.json" not in names
    assert json.loads(archive.read(f"{closed}/wave-1/terms.json"))["buyer"] == MARK
    assert PAT in archive.read(f"engagements/{village.at.open}/roster.csv").decode()
    everything = b"".join(archive.read(name) for name in names).decode()
    for secret in (village.at.stakeholder, village.at.share, *village.at.sponsor.values()):
        assert secret not in everything
    for word in (
        "spent",
        "remind_at",
        "reminders_sent",
        "password",
        "ciphertext",
        "public_key",
        "link_version",
    ):
        assert word not in everything
    assert "carl@else.example" not in everything
    assert "everything exported" in archive.read("journal.csv").decode()


def test_it_is_written_while_it_is_sent(village: Village) -> None:
    """One piece at a time, however large the workspace: none is the whole zip."""
    answer = village.client("ines").post(
        "/desk/settings/everything.zip", data={"everything": "1"}, buffered=False
    )
    assert answer.content_length is None
    pieces = [len(piece) for piece in answer.iter_encoded()]
    assert len(pieces) > 10
    assert max(pieces) < sum(pieces) / 2


def test_a_workspace_on_its_way_out_says_so_on_every_page(village: Village) -> None:
    ines = village.client("ines")
    wrong = ines.post("/desk/settings/delete", data={"name": "Hanse"})
    assert "not the name of the workspace" in wrong.text
    assert ines.post("/desk/settings/delete", data={"name": "Hanse Systems"}).status_code == 302
    bo = village.client("bo").get("/desk/").text
    with village.app.test_request_context():
        when = day(datetime.now(UTC) + leaving.GRACE, "UTC")
    assert f"will be deleted on {when}" in bo
    assert "Call it back" not in bo
    assert "Call it back" in ines.get("/desk/").text
    assert ines.post("/desk/settings/delete/call-back").status_code == 302
    assert "will be deleted" not in ines.get("/desk/").text
