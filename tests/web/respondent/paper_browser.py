"""A browser without script or cookies: it opens addresses, fills in forms and presses buttons."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


@dataclass
class Button:
    """One submit button: where it posts to, what it adds, what it says."""

    action: str
    name: str
    value: str
    text: str = ""


@dataclass
class PaperForm(HTMLParser):
    """The page's form as a browser reads it: what it would send, and its buttons."""

    sent: MultiDict[str, str] = field(default_factory=MultiDict)
    buttons: list[Button] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.action = ""
        self._open: list[str] = []
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect fields and buttons."""
        given = {name: value or "" for name, value in attrs}
        has = given.__contains__
        if tag == "form":
            self.action = given.get("action", "")
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or has("checked")):
            self.sent.add(given["name"], given.get("value", ""))
        elif tag == "textarea":
            self._textarea = given["name"]
            self.sent.add(self._textarea, "")
        elif tag == "button" and given.get("type") != "button":
            action = given.get("formaction", "").split("#")[0]
            self.buttons.append(Button(action, given.get("name", ""), given.get("value", "")))
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "button" and self._open:
            self._open.pop()
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        """Words on a button, or in a text."""
        if self._open:
            self.buttons[-1].text += data.strip()
        elif self._textarea:
            self.sent[self._textarea] += data.removeprefix("\n")


class PaperBrowser:
    """Someone at a browser with script and cookies turned off."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.page: TestResponse
        self.form = PaperForm()

    @property
    def text(self) -> str:
        """The page's HTML."""
        return self.page.get_data(as_text=True)

    @property
    def receipt(self) -> str:
        """The receipt the page shows."""
        found = re.search(r'<output id="receipt">([A-Z2-7-]+)</output>', self.text)
        assert found, self.text
        return found[1]

    def answer(self, address: str, **said: str | list[str]) -> str:
        """From the welcome to the receipt, saying only what is given; the receipt."""
        self.open(address)
        self.press("Start")
        while self.form.buttons[0].value == "next":
            self.press("Continue", **{name: value for name, value in said.items() if self.offers(name)})
        self.press("Send")
        return self.receipt

    def offers(self, name: str) -> bool:
        """Whether the page has a visible field of that name."""
        return bool(
            re.search(rf'<(?:textarea|input type="(?:radio|checkbox)")[^>]* name="{name}"', self.text)
        )

    def open(self, address: str) -> None:
        """Type an address."""
        self._show(self.client.get(address, follow_redirects=True))

    def press(self, words: str, **said: str | list[str]) -> None:
        """Fill in fields (a list for ticks), then press the button with those words."""
        found = [one for one in self.form.buttons if one.text.startswith(words)]
        assert found, f"no button {words!r} on the page:\n{self.text}"
        button = found[-1]
        sent = MultiDict(self.form.sent)
        for name, value in said.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        if button.name:
            sent.add(button.name, button.value)
        self.post(button.action or self.form.action, sent)

    def post(self, address: str, sent: Mapping[str, object]) -> None:
        """Post a form put together by hand."""
        self._show(self.client.post(address, data=sent))

    def _show(self, page: TestResponse) -> None:
        self.page, self.form = page, PaperForm()
        self.form.feed(self.text)
