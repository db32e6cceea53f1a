"""A logo is drawn anew, a colour must be readable: nothing of a hostile file is left."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from survey_service.workspaces import look

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script>'
    b'<image href="https://evil.example/x.png"/></svg>'
)


def picture(size: tuple[int, int] = (600, 200), form: str = "PNG", **more: object) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "#1f4e79").save(stream, form, **more)
    return stream.getvalue()


def empty_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_logo_becomes_a_small_png(form: str) -> None:
    kept = look.fit_logo(picture(form=form))
    with Image.open(io.BytesIO(kept)) as drawn:
        assert drawn.format == "PNG"
        assert drawn.width <= 440
        assert drawn.height <= 112
    assert len(kept) <= look.LARGEST


def test_a_noisy_logo_shrinks_until_letters_can_carry_it() -> None:
    noise = Image.effect_noise((2000, 500), 120).convert("RGB")
    stream = io.BytesIO()
    noise.save(stream, "PNG")
    assert len(look.fit_logo(stream.getvalue())) <= look.LARGEST


@pytest.mark.parametrize(
    "content",
    [SVG, b"", b"GIF89a", b"<html>", b"\x89PNG\r\n\x1a\n", picture()[:60], b"%PDF-1.7", empty_png(10, 10)],
    ids=["svg", "nothing", "gif", "html", "head of a png", "half a png", "pdf", "png without pixels"],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(look.LogoUnreadable, match="PNG"):
        look.fit_logo(content)


@pytest.mark.parametrize("size", [(30_000, 30_000), (30_000, 1), (4_001, 4_001)])
def test_a_picture_of_thirty_thousand_pixels_is_refused_before_it_is_opened(size: tuple[int, int]) -> None:
    with pytest.raises(look.LogoTooLarge):
        look.fit_logo(empty_png(*size))


def test_nothing_but_pixels_is_kept() -> None:
    """A polyglot: a page after the picture, a script in its notes, a place in its EXIF."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    hostile = picture(pnginfo=notes) + b"<html><script>alert(2)</script></html>"
    kept = look.fit_logo(hostile)
    assert b"script" not in kept
    exif = Image.Exif()
    exif[0x010E] = "Hamburg, second floor"
    assert b"Hamburg" not in look.fit_logo(picture(form="JPEG", exif=exif))


@pytest.mark.parametrize(
    ("text", "kept"), [("#1F4E79", "#1f4e79"), (" 000000 ", "#000000"), ("#767676", "#767676")]
)
def test_a_dark_colour_is_kept(text: str, kept: str) -> None:
    assert look.fit_colour(text) == kept


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "1f4e79;}body{display:none", "\u0660" * 6])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(look.ColourUnknown):
        look.fit_colour(text)


@pytest.mark.parametrize("text", ["#ffffff", "#ffff00", "#777777", "#8fbbe4"])
def test_a_colour_too_light_for_words_is_refused(text: str) -> None:
    with pytest.raises(look.ColourTooLight):
        look.fit_colour(text)
