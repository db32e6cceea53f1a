"""The bill of materials says what is installed, to a reader that checks it."""

import json
import re
import subprocess
import sys

from cyclonedx.model.bom import Bom
from packageurl import PackageURL
from rig import house

from survey_service.foundation import materials

LOCK = (house.ROOT / "requirements" / "main.txt").read_text()


def test_every_locked_package_is_in_the_bill_with_its_hashes() -> None:
    told = [one for one in materials.bill(LOCK)["components"] if one["type"] == "library"]
    pinned = re.findall(r"^([\w.-]+)(?:\[.*?\])?==([^\s;\\]+)", LOCK, re.MULTILINE)
    assert [(one["name"], one["version"]) for one in told] == pinned
    properties = [one["name"] for part in told for one in part["properties"]]
    assert properties.count("lock:sha256") == LOCK.count("--hash=sha256:")
    assert properties.count("lock:marker") == LOCK.count(" ; ")
    for part in told:
        assert PackageURL.from_string(part["purl"]).name == part["name"]


def test_the_same_lock_gives_the_same_bill_and_a_reader_takes_it() -> None:
    command = [sys.executable, "-m", "survey_service.foundation.materials"]
    printed = [subprocess.run(command, cwd=house.ROOT, capture_output=True, check=True).stdout for _ in "12"]
    assert printed[0] == printed[1]
    read = Bom.from_json(json.loads(printed[0]))  # type: ignore[attr-defined] # made by a decorator
    assert len(read.components) == len(materials.bill(LOCK)["components"])


def test_fonts_are_in_the_bill_with_their_licence() -> None:
    files = [one for one in materials.bill(LOCK)["components"] if one["type"] == "file"]
    shipped = (house.ROOT / "survey_service" / "static" / "fonts").glob("*.woff2")
    assert sorted(one["name"] for one in files) == sorted(one.name for one in shipped)
    assert {one["licenses"][0]["license"]["id"] for one in files} == {"OFL-1.1"}
