"""A workspace's own look: a logo and a colour, both made harmless before they are kept."""

import io
import re
import warnings
from datetime import datetime

from PIL import Image, ImageFile, UnidentifiedImageError

from survey_service import journal
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotAllowed, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.workspaces.models import Workspace
from survey_service.workspaces.scope import Scope

#: Pixels of a side that are still opened, and those kept; bytes kept, so that letters may carry it.
LONGEST_SIDE = 4000
KEPT = (440, 112)
LARGEST = 24 * 1024
#: Contrast with white that a colour needs for words and signs in it (WCAG 2.2, 1.4.3).
CONTRAST = 4.5
_COLOUR = re.compile(r"#?([0-9a-f]{6})", re.IGNORECASE)


class LogoRefused(Refusal):
    """Not to be shown as a logo."""


class LogoUnreadable(LogoRefused):
    """Neither a PNG nor a JPEG, or a broken one."""

    sentence = _l("This is not a PNG or JPEG picture that can be read. Save the logo as PNG and try again.")


class LogoTooLarge(LogoRefused):
    """More pixels than anyone can see on paper."""

    sentence = _l("This picture is too large. A logo of 400 to 1,000 pixels in width is enough.")


class ColourRefused(Refusal):
    """Not to be used for words."""


class ColourUnknown(ColourRefused):
    """Not a colour in six hex digits."""

    sentence = _l("Write the colour as six hex digits, for example #1f4e79.")


class ColourTooLight(ColourRefused):
    """Too little contrast with paper."""

    sentence = _l("This colour is too light to be read on white. Choose a darker one.")


def of(workspace_id: int) -> Workspace:
    """The workspace whose look is wanted."""
    return db.session.get_one(Workspace, workspace_id)


def change(scope: Scope, *, logo: bytes | None, colour: str, drop_logo: bool = False, at: datetime) -> None:
    """Keep a new logo (None keeps the old) and colour ('' for none). Raises LogoRefused, ColourRefused."""
    if not scope.may("manage"):
        raise NotAllowed
    workspace = of(scope.workspace_id)
    before = (workspace.logo, workspace.colour)
    workspace.colour = fit_colour(colour) if colour else None
    if logo is not None:
        workspace.logo = fit_logo(logo)
    elif drop_logo:
        workspace.logo = None
    if (workspace.logo, workspace.colour) != before:
        journal.note("look changed", who=scope.who, at=at, workspace_id=scope.workspace_id)


def fit_colour(text: str) -> str:
    """'#1F4E79' as '#1f4e79'. Raises ColourUnknown, ColourTooLight."""
    found = _COLOUR.fullmatch(text.strip())
    if not found:
        raise ColourUnknown
    digits = found[1].lower()
    if 1.05 / (_luminance(digits) + 0.05) < CONTRAST:
        raise ColourTooLight
    return f"#{digits}"


def fit_logo(content: bytes) -> bytes:
    """The picture drawn anew as a small PNG: whatever else the file held is gone. Raises LogoRefused."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, lets half pictures pass
        try:
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
                if max(picture.size) > LONGEST_SIDE:  # the header alone says so; nothing is decoded yet
                    raise LogoTooLarge
                drawn = picture.convert("RGBA")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as fault:
            raise LogoUnreadable from fault
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
            raise LogoTooLarge from fault
    return _small(drawn)


def _small(drawn: Image.Image) -> bytes:
    """A PNG of at most LARGEST bytes; smaller and smaller until it is."""
    width, height = KEPT
    while True:
        fitted = drawn.copy()
        fitted.thumbnail((width, height))
        stream = io.BytesIO()
        Image.frombytes("RGBA", fitted.size, fitted.tobytes()).save(stream, "PNG", optimize=True)
        if stream.tell() <= LARGEST:
            return stream.getvalue()
        width, height = width * 3 // 4, height * 3 // 4


def sheet(colour: str) -> str:
    """A style sheet that makes the colour the accent on paper; dark screens keep their own.

    ``colour``: as ``fit_colour`` gives it.
    """
    rule = f":root {{ --accent: {colour}; --accent-strong: {colour}; }}"
    return f"@media print {{ {rule} }}\n@media screen and (prefers-color-scheme: light) {{ {rule} }}\n"


def _luminance(digits: str) -> float:
    """Relative luminance of 'rrggbb' (WCAG 2.2), 0 to 1."""
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
