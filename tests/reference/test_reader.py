"""Resource files are read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pytest

from app.reference import reader


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Leaf:
    name: str
    size: float
    colour: Colour
    seen_on: date | None = None


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...]
    words: Mapping[str, tuple[str, ...]]
    is_tall: bool = False


def raw() -> dict[str, Any]:
    return {
        "_note": "kept for the reader of the file",
        "leaves": [{"name": "ek", "size": 2, "colour": "red", "seen_on": "2026-11-20"}],
        "words": {"_why": [], "a": ["b"]},
    }


def test_json_becomes_a_frozen_dataclass() -> None:
    tree = reader.build(Tree, raw(), "tree.json")
    assert tree.leaves == (Leaf("ek", 2.0, Colour.RED, date(2026, 11, 20)),)
    assert dict(tree.words) == {"a": ("b",)}
    assert tree.is_tall is False


def test_the_words_cannot_be_changed_afterwards() -> None:
    tree = reader.build(Tree, raw(), "tree.json")
    with pytest.raises(TypeError):
        tree.words["a"] = ()  # type: ignore[index]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"extra": 1}, "tree.json: unknown: extra"),
        ({"leaves": None}, r"tree.json.leaves: a list"),
        ({"leaves": [{}]}, r"tree.json.leaves\[0\]: missing: colour, name, size"),
        ({"leaves": ["ek"]}, r"leaves\[0\]: an object"),
        ({"words": []}, "words: an object"),
        ({"is_tall": 1}, "is_tall: bool"),
        ({"leaves": [{"name": "ek", "size": 2, "colour": "blue"}]}, "'blue' is not a Colour"),
        ({"leaves": [{"name": "ek", "size": 2, "colour": "red", "seen_on": "20 nov"}]}, "is not a date"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_the_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(reader.ResourceError, match=place):
        reader.build(Tree, raw() | change, "tree.json")


def test_a_missing_resource_is_an_error_and_not_an_empty_one() -> None:
    with pytest.raises(FileNotFoundError):
        reader.read_json("no_such_file.json")


def test_a_resource_that_is_not_json_is_refused() -> None:
    with pytest.raises(reader.ResourceError, match="not JSON"):
        reader.read_json("__init__.py")
