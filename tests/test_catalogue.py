"""The English catalogue is complete, and the guard that says so can fail."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages import Catalog

from app.i18n import _, language_as, ngettext

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def catalogue() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / ".ci" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogue"] = module
    spec.loader.exec_module(module)
    return module


def test_every_text_has_its_english(catalogue: ModuleType) -> None:
    assert catalogue.problems(catalogue.extracted(), catalogue.stored()) == []


def test_the_compiled_catalogue_is_the_stored_one(catalogue: ModuleType) -> None:
    assert catalogue.CATALOGUE.with_suffix(".mo").read_bytes() == catalogue.compiled()


@pytest.mark.parametrize(
    ("text", "translated", "fault"),
    [
        ("Avbryt", "", "not translated"),
        ("Frist {day}", "Due", "fields differ"),
        ("Frist {day}", "Due {date}", "fields differ"),
        (("{count} post", "{count} poster"), ("{count} record", ""), "not translated"),
    ],
)
def test_a_missing_or_broken_translation_is_found(
    catalogue: ModuleType, text: str, translated: str, fault: str
) -> None:
    strings, stored = Catalog(), Catalog()
    strings.add(text)
    stored.add(text, translated)

    [found] = catalogue.problems(strings, stored)
    assert found.startswith(fault)


def test_a_translation_of_nothing_is_found(catalogue: ModuleType) -> None:
    stored = Catalog()
    stored.add("Borta", "Gone")

    assert catalogue.problems(Catalog(), stored) == ["not in the program: 'Borta'"]


def test_the_language_belongs_to_the_context_and_falls_back_to_swedish() -> None:
    with language_as("en"):
        assert _("Avbryt") == "Cancel"
        assert ngettext("{count} träff", "{count} träffar", 1) != ""
        with language_as("sv"):
            assert _("Avbryt") == "Avbryt"
        text = "Detta finns inte i katalogen"
        assert _(text) == text
    with pytest.raises(ValueError, match="xx"), language_as("xx"):
        pass
