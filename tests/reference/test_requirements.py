"""Every requirement has its place, and the place says so itself."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from app.paths import program_root, resource
from app.reference.requirements import RequirementKind, requirements


def read(name: str) -> Any:
    return json.loads(resource(name).read_text(encoding="utf-8"))


def element(document: Any, path: str) -> Any:
    """Return the part of a resource at `table/code`, or None."""
    found: Any = document
    for step in path.split("/"):
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list):
            named = [entry for entry in found if step in {entry.get("code"), entry.get("right")}]
            found = named[0] if named else next((entry[step] for entry in found if step in entry), None)
        else:
            return None
    return found


def names(part: Any, requirement: str, path: str) -> bool:
    """Say whether a part of a resource names the requirement that points at it."""
    if path == f"requirements/{requirement}":
        return bool(part)
    return isinstance(part, dict) and requirement in part.get("requirements", [])


def unmet(where: str, requirement: str, documents: dict[str, Any]) -> bool:
    file, _, path = where.partition("#")
    if path == "requirements/R37" and file == "breach_form.json":
        return "R37" not in documents[file]["requirements"]
    return not names(element(documents[file], path), requirement, path)


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    places = [where for entry in requirements() if entry.kind is not RequirementKind.BEHAVIOUR for where in entry.where]
    return {file: read(file) for file in {where.partition("#")[0] for where in places}}


def test_there_are_eighty_requirements_in_order() -> None:
    assert [entry.id for entry in requirements()] == [f"R{number}" for number in range(1, 81)]


def test_every_requirement_has_a_place() -> None:
    assert [entry.id for entry in requirements() if not entry.where] == []


def test_every_data_and_text_requirement_lives_where_it_says(documents: dict[str, Any]) -> None:
    for entry in requirements():
        if entry.kind is not RequirementKind.BEHAVIOUR:
            assert [where for where in entry.where if unmet(where, entry.id, documents)] == [], entry.id


def test_every_behaviour_lives_in_a_part_of_the_program_that_exists() -> None:
    for entry in requirements():
        if entry.kind is RequirementKind.BEHAVIOUR:
            assert [where for where in entry.where if not Path(program_root(), where).exists()] == [], entry.id


def test_every_requirement_that_a_profile_names_is_listed() -> None:
    listed = {entry.id for entry in requirements()}
    text = resource("profiles/itrace.json").read_text(encoding="utf-8")
    named: set[str] = set()
    for table in json.loads(text).values():
        for entry in table if isinstance(table, list) else [table] if isinstance(table, dict) else []:
            named |= set(entry["requirements"])
    assert named <= listed


def test_a_profile_that_forgets_a_requirement_is_found(documents: dict[str, Any]) -> None:
    broken = copy.deepcopy(documents)
    rules = broken["profiles/itrace.json"]["rules"]
    assert not unmet("profiles/itrace.json#rules/relation_60", "R31", broken)
    rules[0]["requirements"].remove("R31")
    assert unmet("profiles/itrace.json#rules/relation_60", "R31", broken)
    del rules[0]
    assert unmet("profiles/itrace.json#rules/relation_60", "R30", broken)
