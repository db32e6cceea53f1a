"""The bill of materials: every locked package and every packaged file of others, as CycloneDX 1.6."""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "main.txt"
FONTS = ROOT / "survey_service" / "static" / "fonts"

Component = dict[str, Any]

PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)(?P<rest>[^\n]*)", re.MULTILINE
)
MARKER = re.compile(r"\s*;\s*(.+?)\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(lock: str) -> Component:
    """The bill for a lock file's text. In the lock’s order; the same lock, the same bill."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "common-ground", "bom-ref": "common-ground"}
        },
        "components": [*_packages(lock), *_files()],
    }


def _packages(lock: str) -> Iterator[Component]:
    found = list(PINNED.finditer(lock))
    ends = [one.start() for one in found[1:]] + [len(lock)]
    for one, end in zip(found, ends, strict=True):
        name, pinned = one["name"].lower().replace("_", "-"), one["version"]
        address = f"pkg:pypi/{name}@{pinned}"
        component: Component = {
            "type": "library",
            "bom-ref": address,
            "name": name,
            "version": pinned,
            "purl": address,
            "scope": "optional" if ";" in one["rest"] else "required",
            # One of these belongs to the file that is installed, by platform.
            "properties": [
                {"name": "lock:sha256", "value": digest} for digest in HASH.findall(lock[one.start() : end])
            ],
        }
        if licence := _licence(name, pinned):
            component["licenses"] = [{"expression": licence}]
        if marker := MARKER.match(one["rest"]):
            component["properties"].append({"name": "lock:marker", "value": marker[1]})
        yield component


def _licence(name: str, pinned: str) -> object:
    """The SPDX expression of the installed package; None where it gives none, or another version is here."""
    try:
        return metadata(name).json.get("license_expression") if version(name) == pinned else None
    except PackageNotFoundError:
        return None


def _files() -> Iterator[Component]:
    """Files of others that lie in the project itself."""
    for line in (FONTS / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        if name.endswith(".woff2"):
            yield {
                "type": "file",
                "bom-ref": name,
                "name": name,
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "licenses": [{"license": {"id": "OFL-1.1"}}],
            }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(LOCK.read_text()), indent=2) + "\n")
