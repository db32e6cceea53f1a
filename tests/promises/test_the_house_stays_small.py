"""Functions and modules stay short, have a subject's name, and say what they promise."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from rig import house

LONGEST_FUNCTION = 50
LONGEST_MODULE = 300
NO_SUBJECT = {"utils", "helpers", "common", "misc", "base", "manager", "services", "core"}


def test_no_file_is_named_for_nothing() -> None:
    """Where would one look for something in `utils`?"""
    places = [path for path in house.kept_files() if path.suffix in {".py", ".html", ".js", ".css"}]
    assert [house.named(path) for path in places if NO_SUBJECT & {path.stem, *path.parts[:-1]}] == []


def test_no_module_is_longer_than_its_reader_is_patient() -> None:
    """Three hundred lines at most."""
    lengths = {house.named(path): len(path.read_text().splitlines()) for path in house.modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    """Fifty lines at most, and half of them no longer than seven."""
    lengths = {
        f"{house.named(path)}:{one.lineno} {one.name}": (one.end_lineno or one.lineno) - one.lineno + 1
        for path in house.modules()
        for one in house.functions(path)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
    assert median(lengths.values()) <= 8


def test_everything_public_says_what_it_promises() -> None:
    """Modules, classes and functions without an underscore have a docstring."""
    assert [place for path in house.modules() for place in _silent(path)] == []


def test_every_function_says_what_it_gives() -> None:
    """Return annotations everywhere, in tests too."""
    paths = [*house.modules(), *(house.ROOT / "tests").rglob("*.py")]
    unsaid = [
        f"{house.named(path)}:{one.lineno} {one.name}"
        for path in paths
        for one in house.functions(path)
        if one.returns is None
    ]
    assert unsaid == []


#: Methods whose promise is given by the class they come from.
OF_THE_PARENT = {"HTMLParser": "handle_", "TypeDecorator": "process_", "Command": "invoke"}


def _silent(path: Path) -> Iterator[str]:
    tree = house.tree(path)
    if ast.get_docstring(tree) is None:
        yield house.named(path)
    for node in filter(_is_public, tree.body):
        assert isinstance(node, ast.ClassDef | house.Function)
        if ast.get_docstring(node) is None:
            yield f"{house.named(path)}:{node.lineno} {node.name}"
        if isinstance(node, ast.ClassDef):
            yield from (f"{house.named(path)}:{one.lineno} {one.name}" for one in _silent_methods(node))


def _silent_methods(owner: ast.ClassDef) -> Iterator[house.Function]:
    parents = {ast.unparse(parent).partition("[")[0].rpartition(".")[2] for parent in owner.bases}
    promised = tuple(OF_THE_PARENT[one] for one in parents & OF_THE_PARENT.keys())
    for one in filter(_is_public, owner.body):
        if not isinstance(one, house.Function) or ast.get_docstring(one) is not None:
            continue
        if not one.name.startswith(promised) and not _reads_in_an_if(one):
            yield one


def _is_public(node: ast.stmt) -> bool:
    return isinstance(node, ast.ClassDef | house.Function) and not node.name.startswith("_")


def _reads_in_an_if(one: house.Function) -> bool:
    """`is_wide` in one line has said it all."""
    return one.name.startswith(("is_", "has_")) and len(one.body) == 1
