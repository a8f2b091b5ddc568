"""The CSV of a person's data: text is text in every spreadsheet program."""

import pytest

from app.documents.extract_csv import BOM, headers, safe_cell, write_extract_csv
from tests.documents import samples


@pytest.mark.parametrize(
    "text", ["=1+1", "+46701740605", "@SUM(A1)", "-cmd", "|calc", "%0", "\u00a0=1", "  =1", "＝1", "－1", "-1,5,0"]
)
def test_what_a_program_may_run_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["-1", "-12,50", "12", "Åsa", "a=1", "", "2026-11-22", "'=1"])
def test_what_is_harmless_is_left_alone(text: str) -> None:
    assert safe_cell(text) == text


def test_an_extract_begins_with_the_sign_that_makes_it_swedish() -> None:
    raw = write_extract_csv(samples.EXTRACT).decode()
    assert raw.startswith(BOM + ";".join(headers()) + "\r\n")
    assert write_extract_csv(samples.EXTRACT).decode() == raw, "the same content gives the same bytes"
