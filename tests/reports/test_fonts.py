"""The vendored fonts are the files they claim to be."""

import hashlib

from report_sample import STATIC


def test_the_fonts_match_their_checksums() -> None:
    folder = STATIC / "fonts"
    lines = [line.split() for line in (folder / "SHA256SUMS").read_text().splitlines()]
    listed = {name: checksum for checksum, name in lines}
    assert {file.name for file in folder.iterdir()} - {"README.md", "SHA256SUMS"} == set(listed)
    for name, expected in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected
