"""The development mailbox: every letter as it would arrive. Not there in production."""

from email.message import EmailMessage
from itertools import islice

from flask import Response, make_response, render_template, request

from survey_service.foundation.errors import NotFound
from survey_service.foundation.installation import installation
from survey_service.outbox.mailbox import Mailbox
from survey_service.web.audiences import Door

door = Door("mailbox", __name__, audience="development", url_prefix="/dev/mailbox")

MOST = 100
#: A letter brings its own style and nothing else; it cannot reach this page.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
)


def _mailbox() -> Mailbox:
    return Mailbox(installation().settings.data_dir / "mailbox")


@door.get("")
def show_all() -> str:
    """The newest hundred; ``?to=`` keeps those whose recipient holds the text."""
    to = request.args.get("to", "").strip()
    kept = list(islice(_mailbox().letters(to=to), MOST + 1))
    return render_template(
        "mailbox/list.html",
        kept=kept[:MOST],
        to=to,
        has_more=len(kept) > MOST,
        most=MOST,
        is_used=installation().settings.smtp_url is None,
    )


@door.get("/<name>")
def show(name: str) -> str:
    """One letter: its HTML in a frame, its text below."""
    letter = _mailbox().read(name)
    return render_template("mailbox/letter.html", letter=letter, name=name, text=_part(letter, "plain"))


@door.get("/<name>/html")
def html(name: str) -> Response:
    """The letter's HTML for the frame; its links open in the whole window."""
    content = _part(_mailbox().read(name), "html").replace("<head>", '<head>\n<base target="_top" />', 1)
    response = make_response(content)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _part(letter: EmailMessage, kind: str) -> str:
    """The part's words. Raises NotFound."""
    part = letter.get_body((kind,))
    if not isinstance(part, EmailMessage):
        raise NotFound
    return str(part.get_content())
