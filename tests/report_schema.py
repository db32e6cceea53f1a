"""The few words of JSON Schema that docs/report.schema.json uses; enough to hold documents to it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
NOTES = {"$schema", "$defs", "title", "description"}
SHAPES = {"$ref", "oneOf", "type", "required", "properties", "additionalProperties", "items", "minItems"}
VALUES = {"enum", "const", "minimum", "maximum", "pattern"}
KNOWN = NOTES | SHAPES | VALUES


def faults(value: object, schema: Schema, root: Schema, at: str = "$") -> Iterator[str]:
    """Where and how a value breaks the schema; nothing if it holds."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "oneOf" in schema and sum(not list(faults(value, one, root)) for one in schema["oneOf"]) != 1:
        yield f"{at}: fits not exactly one of the shapes"
    if not _has_type(value, schema.get("type")):
        yield f"{at}: is {type(value).__name__}"
    elif isinstance(value, dict):
        yield from _object_faults(value, schema, root, at)
    elif isinstance(value, list):
        yield from _array_faults(value, schema, root, at)
    else:
        yield from _plain_faults(value, schema, at)


def _has_type(value: object, named: str | list[str] | None) -> bool:
    if named is None:
        return True
    names = [named] if isinstance(named, str) else named
    is_bool = isinstance(value, bool)
    return any(isinstance(value, TYPES[name]) and (name == "boolean" or not is_bool) for name in names)


def _object_faults(value: Mapping[str, Any], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{at}: lacks {name}" for name in schema.get("required", ()) if name not in value)
    rest = schema.get("additionalProperties", True)
    for name, inner in value.items():
        if name in known:
            yield from faults(inner, known[name], root, f"{at}.{name}")
        elif rest is False:
            yield f"{at}: has {name}"
        elif rest is not True:
            yield from faults(inner, rest, root, f"{at}.{name}")


def _array_faults(value: list[Any], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if len(value) < schema.get("minItems", 0):
        yield f"{at}: too short"
    for number, inner in enumerate(value):
        yield from faults(inner, schema.get("items", {}), root, f"{at}[{number}]")


def _plain_faults(value: Any, schema: Schema, at: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if allowed is not None and not any(value == one and type(value) is type(one) for one in allowed):
        yield f"{at}: {value!r} is not allowed"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{at}: {value} is out of range"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at}: {value!r} does not match"
