"""No file names the place it was made at, and lock files hold no address."""

import re

from rig import house

LOCKS = ("main", "audit", "dev")
#: What a lock file must not hold: where packages come from is decided by whoever installs them.
ADDRESSES = ("http", "--index", "--find-links", "--extra-index", "--trusted-host", "file:", " @ ")
#: Folders of a workshop, and hosts that hand out packages. Written in pieces, so that this file passes.
PLACES = re.compile(
    r"(?<![\w.~-])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/\w+|Us" + r"ers/\w+|tm" + r"p/wt)(?:/|\b)"
    r"|\b(?:pypi|files\.pythonhosted|registry\.npmjs|proxy\.golang)\.(?:org|com)\b"
    r"|\b(?:artifac" + r"tory|nex" + r"us|dev" + r"pi)\b|\.inter" + r"nal\b",
    re.IGNORECASE,
)
PLAIN = {
    ".py",
    ".md",
    ".html",
    ".txt",
    ".toml",
    ".css",
    ".js",
    ".json",
    ".in",
    ".ini",
    ".mako",
    ".po",
    ".cfg",
    ".svg",
    "",
}
#: Fonts' licence and word lists are others' text, unchanged.
OF_OTHERS = {"survey_service/static/fonts/Inter-LICENSE.txt", "LICENSE"}


def test_lock_files_hold_hashes_and_no_address() -> None:
    for name in LOCKS:
        text = (house.ROOT / "requirements" / f"{name}.txt").read_text()
        assert [word for word in ADDRESSES if word in text] == [], name
        pinned = re.findall(r"^[\w.-]+(?:\[.*?\])?==", text, re.MULTILINE)
        hashed = re.findall(r"^[\w.-]+(?:\[.*?\])?==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
        assert len(pinned) == len(hashed) > 10, name
        stray = [line for line in text.splitlines() if not re.match(r"[\w.-]+(\[.*?\])?==|    --hash=", line)]
        assert stray == [], name


def test_smaller_locks_are_part_of_the_larger() -> None:
    """What was tested is what is installed."""
    pins = [
        set(
            re.findall(
                r"^([\w.-]+(?:\[.*?\])?==\S+)",
                (house.ROOT / f"requirements/{name}.txt").read_text(),
                re.MULTILINE,
            )
        )
        for name in LOCKS
    ]
    versions = [{re.sub(r"\[.*?\]", "", pin) for pin in one} for one in pins]
    assert versions[0] <= versions[1] <= versions[2]


def test_no_file_names_a_workshop() -> None:
    found = []
    for path in house.kept_files():
        if path.suffix not in PLAIN or house.named(path) in OF_OTHERS:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            if match := PLACES.search(line):
                found.append(f"{house.named(path)}:{number} {match[0]}")
    assert found == []


def test_a_workshop_would_be_noticed() -> None:
    places = ("/wo" + "rk/main", "cd /ro" + "ot", "https://py" + "pi.org/simple", "/ho" + "me/ines/x")
    assert all(PLACES.search(one) for one in places)
    innocent = "/".join(("a", "work", "of art"))  # joined, or this file would name the place itself
    assert not PLACES.search(f"templates/ and framework/workspaces, ~/root-word, {innocent}")
