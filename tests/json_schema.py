"""A check of JSON against the words of JSON Schema that our own schemas use; a word it does not know is an error."""

import json
import re
from typing import Any

from app.paths import resource

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
NOTES = {"$schema", "$id", "$defs", "title", "description", "if", "then"}


def schema(name: str) -> Any:
    """Return a schema of `resources/schemas`."""
    return json.loads(resource(f"schemas/{name}").read_text(encoding="utf-8"))


def problems(value: Any, shape: Any, root: Any, where: str = "$") -> list[str]:
    """Return what in a value breaks the schema, one line each."""
    if "$ref" in shape:
        return problems(value, root["$defs"][shape["$ref"].rpartition("/")[2]], root, where)
    found = []
    for word, asked in shape.items():
        if word not in NOTES:
            found += RULES[word](value, asked, root, where, shape)
    if "if" in shape and not problems(value, shape["if"], root, where):
        found += problems(value, shape["then"], root, where)
    return found


def _type(value: Any, asked: Any, _root: Any, where: str, _shape: Any) -> list[str]:
    names = [asked] if isinstance(asked, str) else asked
    fits = any(isinstance(value, TYPES[name]) and (name == "boolean" or type(value) is not bool) for name in names)
    return [] if fits else [f"{where}: not {asked}"]


def _properties(value: Any, asked: Any, root: Any, where: str, _shape: Any) -> list[str]:
    held = value if isinstance(value, dict) else {}
    return [
        line
        for name, shape in asked.items()
        if name in held
        for line in problems(held[name], shape, root, f"{where}.{name}")
    ]


def _required(value: Any, asked: Any, _root: Any, where: str, _shape: Any) -> list[str]:
    return [f"{where}: {name} is missing" for name in asked if isinstance(value, dict) and name not in value]


def _closed(value: Any, asked: Any, _root: Any, where: str, shape: Any) -> list[str]:
    assert asked is False
    return [
        f"{where}: {name} is unknown"
        for name in value or ()
        if isinstance(value, dict) and name not in shape["properties"]
    ]


def _items(value: Any, asked: Any, root: Any, where: str, _shape: Any) -> list[str]:
    return [line for place, one in enumerate(value or ()) for line in problems(one, asked, root, f"{where}[{place}]")]


def _enum(value: Any, asked: Any, _root: Any, where: str, _shape: Any) -> list[str]:
    return [] if value in asked else [f"{where}: {value!r} is none of {asked}"]


def _const(value: Any, asked: Any, _root: Any, where: str, _shape: Any) -> list[str]:
    return [] if value == asked else [f"{where}: {value!r} is not {asked!r}"]


def _pattern(value: Any, asked: Any, _root: Any, where: str, _shape: Any) -> list[str]:
    return [] if not isinstance(value, str) or re.search(asked, value) else [f"{where}: {value!r} does not fit"]


def _minimum(value: Any, asked: Any, _root: Any, where: str, _shape: Any) -> list[str]:
    return [] if not isinstance(value, int) or value >= asked else [f"{where}: {value!r} is too small"]


def _any_of(value: Any, asked: Any, root: Any, where: str, _shape: Any) -> list[str]:
    tried = [problems(value, one, root, where) for one in asked]
    return [] if [] in tried else [line for lines in tried for line in lines]


RULES = {
    "type": _type,
    "properties": _properties,
    "required": _required,
    "additionalProperties": _closed,
    "items": _items,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "minimum": _minimum,
    "anyOf": _any_of,
}
