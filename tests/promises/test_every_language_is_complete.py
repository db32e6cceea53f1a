"""Everything people read stands in every shipped language, complete and with its facts in place."""

import ast
import configparser
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2 import Environment

from survey_service.foundation.i18n import LANGUAGES
from survey_service.instrument import catalog as instruments

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "survey_service" / "translations"
CODE = ROOT / "survey_service"
TEMPLATES = ROOT / "templates"
SPEAKERS = {"_", "_l", "gettext", "lazy_gettext", "ngettext"}
TRANSLATED = [language for language in LANGUAGES if language != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
NAMED = re.compile(
    r"%\((name|email|address|workspace|buyer|sponsor|operator|group|groups|part|parts|fingerprint)\)s"
)
TAG = re.compile(r"</?[a-z][^>]*>")
#: Words of a page that are the same in every language.
UNTRANSLATED = {"Common", "Ground", "PDF", "CSV", "JSON", "SHA-256"}
#: Attributes that people read or hear.
READ = re.compile(r"\b(?:aria-label|alt|title|placeholder|aria-roledescription)=\"([^\"]*)\"")


@cache
def gathered() -> frozenset[tuple[str, ...]]:
    """Every message in the code and the templates, as babel.cfg finds them."""
    config = configparser.ConfigParser()
    config.read(ROOT / "babel.cfg")
    places = [tuple(section.split(": ")) for section in config.sections()]
    found = extract_from_dir(
        str(ROOT),
        method_map=[(pattern, method) for method, pattern in places],
        options_map={pattern: dict(config[f"{method}: {pattern}"]) for method, pattern in places},
        keywords={**DEFAULT_KEYWORDS, "_l": None},
        directory_filter=lambda folder: not Path(folder).name.startswith("."),
    )
    return frozenset((text,) if isinstance(text, str) else tuple(text) for _, _, text, _, _ in found)


@cache
def catalogue(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def forms(message: Message) -> tuple[str, ...]:
    """What it says: one text, or one for each kind of number."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def source(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def facts(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def test_the_code_speaks_more_than_a_few_words() -> None:
    assert len(gathered()) > 900
    assert ("%(num)s question", "%(num)s questions") in gathered()


def test_no_message_is_hidden_from_the_gatherer() -> None:
    """Inside an f-string, or made of parts, a message is gathered by no tool and stays English."""
    assert [
        f"{path.name}:{line}"
        for path in CODE.rglob("*.py")
        for line in _hidden(ast.parse(path.read_text("utf-8")))
    ] == []


def _hidden(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from (inner.lineno for inner in ast.walk(node) if _speaks(inner))
        elif _speaks(node) and not all(isinstance(text, ast.Constant) for text in _messages_of(node)):
            yield node.lineno


def _speaks(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPEAKERS


def _messages_of(call: ast.Call) -> list[ast.expr]:
    return call.args[: 2 if isinstance(call.func, ast.Name) and call.func.id == "ngettext" else 1]


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_missing_and_nothing_is_left_over(language: str) -> None:
    held = {source(message) for message in messages(language)}
    assert sorted(gathered() - held) == [], "run ./run words, then translate"
    assert sorted(held - gathered()) == [], "run ./run words"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_none_is_a_guess(language: str) -> None:
    assert [message.id for message in messages(language) if not all(forms(message))] == []
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_numbers_have_every_form_the_language_counts_by(language: str) -> None:
    wanted = catalogue(language).num_plurals
    counted = [message for message in messages(language) if len(source(message)) > 1]
    assert counted
    assert [message.id for message in counted if len(forms(message)) != wanted] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_fact_has_its_place_in_the_translation(language: str) -> None:
    """A form for one certain number may say it as a word: 'one' and 'two' need no digits."""
    for message in messages(language):
        wanted = set().union(*map(facts, source(message)))
        for form in forms(message):
            may_lack = {"%(num)s", "%(num)d", "%(count)s", "%(count)d"} if len(source(message)) > 1 else set()
            assert facts(form) <= wanted, message.id
            assert wanted - facts(form) <= may_lack, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_emphasis_and_links_are_kept(language: str) -> None:
    for message in messages(language):
        wanted = sorted(TAG.findall(source(message)[-1]))
        assert all(sorted(TAG.findall(form)) == wanted for form in forms(message)), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_colons_and_line_ends_stay_where_templates_count_on_them(language: str) -> None:
    for message in messages(language):
        for form in forms(message):
            assert form == form.strip(), message.id
            assert source(message)[0].count("\n") == form.count("\n"), message.id
            if not source(message)[0].startswith("Hello"):  # Spanish greets with a colon
                assert source(message)[0].endswith(":") == form.endswith(":"), message.id


def test_names_in_other_letters_do_not_turn_an_arabic_sentence() -> None:
    """Each name stands between U+2068 and U+2069 (Unicode UAX 9), addresses inside a tag do not."""
    for message in messages("ar"):
        for form in forms(message):
            bare = re.sub("\u2068%\\(\\w+\\)s\u2069|<[^>]*>", "", form)
            assert not NAMED.search(bare), message.id
            assert "\u2068" not in "".join(TAG.findall(form)), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_spoken_is_what_is_written(language: str) -> None:
    """The compiled catalogue, which a fresh copy speaks from at once, says the same as its source."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        spoken = {source(message): forms(message) for message in read_mo(file) if message.id}
    assert spoken == {source(message): forms(message) for message in messages(language)}, "run ./run words"


@pytest.mark.parametrize("key", instruments.names())
def test_every_instrument_can_be_asked_in_every_language(key: str) -> None:
    assert set(instruments.languages(key)) == set(LANGUAGES)


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("key", instruments.names())
def test_no_question_is_left_in_english(key: str, language: str) -> None:
    own, english = instruments.words(key, language), instruments.words(key, "en")
    for kind in ("questions", "concerns", "open_questions", "sections"):
        given, original = getattr(own, kind), getattr(english, kind)
        assert [id_ for id_, text in given.items() if text == original[id_]] == []
    assert not set(own.scale) & set(english.scale)
    assert len(set(own.scale)) == 5
    assert {own.dk, own.na, own.intro, own.about}.isdisjoint(
        {english.dk, english.na, english.intro, english.about}
    )


@pytest.mark.parametrize("name", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*")))
def test_no_template_speaks_english_past_the_catalogues(name: str) -> None:
    """Whatever stands in a template outside of Jinja's own marks is read by everyone as it is."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert _bare_words(text) == []


def _bare_words(template: str) -> list[str]:
    template = re.sub(r"\{% block sheet %\}.*?\{% endblock %\}", "", template)  # a class, not words
    template = re.sub(r"\{%-?\s*trans\b.*?\{%-?\s*endtrans\s*-?%\}", "\x00", template, flags=re.DOTALL)
    parts = Environment().lex(template)
    page = "".join(text if kind == "data" else "\x00" for _, kind, text in parts)
    page = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    read = [*READ.findall(page), re.sub(r"<[^>]*>", " ", re.sub(r"&\w+;", "", page))]
    words = re.findall(r"[A-Za-z][\w-]+", " ".join(read))
    return [word for word in words if word not in UNTRANSLATED]
