"""The locks pin everything the program needs, by hash, and name no place to fetch it from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEST_LOCK, RUN_LOCK = "requirements.lock", "requirements-run.lock"
REMAKE = "see 'The locks' in README.md"


def text(lock: str) -> str:
    return (ROOT / lock).read_text(encoding="utf-8")


def pins(lock_text: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", lock_text, re.MULTILINE))


def unhashed(lock_text: str) -> list[str]:
    entries = re.split(r"^(?=[a-z0-9])", lock_text, flags=re.MULTILINE)
    return [entry.split("==")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]


def addresses(lock_text: str) -> list[str]:
    return re.findall(r"\S*://\S*|^-\S+.*", lock_text, re.MULTILINE)


def wanted(*, extra: str | None = None) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = list(project["dependencies"]) + (project["optional-dependencies"][extra] if extra else [])
    return {
        re.split(r"[\[<>=!~ ;]", requirement)[0].lower().replace("_", "-").replace(".", "-") for requirement in found
    }


@pytest.mark.parametrize("lock", [TEST_LOCK, RUN_LOCK])
def test_a_lock_names_no_registry_and_sets_no_options(lock: str) -> None:
    assert addresses(text(lock)) == []


@pytest.mark.parametrize("line", ["--no-binary :all:", "a @ https://example.com/a.whl", "-e ."])
def test_an_address_in_a_lock_would_be_found(line: str) -> None:
    assert addresses(f"a==1 \\\n    --hash=sha256:00\n{line}\n")


@pytest.mark.parametrize("lock", [TEST_LOCK, RUN_LOCK])
def test_every_pin_has_a_hash(lock: str) -> None:
    assert unhashed(text(lock)) == []


def test_a_pin_without_a_hash_would_be_found() -> None:
    assert unhashed("a==1 \\\n    --hash=sha256:00\nb==2\n") == ["b"]


def test_every_dependency_is_in_both_locks() -> None:
    assert wanted() <= pins(text(RUN_LOCK)).keys(), REMAKE
    assert wanted(extra="dev") <= pins(text(TEST_LOCK)).keys(), REMAKE


def test_the_users_lock_is_a_part_of_the_tests_lock() -> None:
    assert pins(text(RUN_LOCK)).items() <= pins(text(TEST_LOCK)).items(), REMAKE


def test_the_users_lock_holds_no_tools() -> None:
    assert pins(text(RUN_LOCK)).keys().isdisjoint({"pytest", "mypy", "ruff", "pyinstaller"}), REMAKE


def test_the_window_toolkit_is_the_version_that_does_not_abort() -> None:
    assert pins(text(RUN_LOCK))["pyside6-essentials"].startswith("6.11.")
