"""Every fixed text can be translated: in a made-up language of capitals, no small letter is left."""

import re
from collections.abc import Callable
from datetime import date
from gettext import NullTranslations
from io import BytesIO

import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from app import i18n
from app.documents.content import (
    Answer,
    Extract,
    ExtractCategory,
    ExtractRow,
    Letter,
    Mark,
    Notification,
    Party,
    Receipt,
    ReceiptLine,
    Window,
)
from app.documents.extract import write_extract
from app.documents.letter import write_letter, write_window_sheet
from app.documents.notification import write_notification
from app.documents.receipt import write_receipt
from app.documents.recovery_sheet import write_recovery_sheet
from app.documents.workbook import write_extract_workbook
from tests.documents.reading import text_of

MARK = Mark("B-1", date(2026, 11, 20), "en", is_example=True, version=2, trail="00")
NOBODY = Party("X", ("X",), "X", "X")
ROW = ExtractRow("X", "X", is_masked=True)
LONG = ExtractRow("X", "X" * 20_000)
EXTRACT = Extract(MARK, NOBODY, NOBODY, "X", "X", has_data=True, categories=(ExtractCategory("x", "X", (ROW, LONG)),))
LETTER = Letter(MARK, NOBODY, ("X", "X", "X"), "X", ("X",), "X", enclosures=("X",))
NOTIFICATION = Notification(MARK, "X", "X", (Answer("1", "x", "X", is_missing=True),), late_reason="X")
RECEIPT = Receipt(MARK, "X", "X", "X", "X", (ReceiptLine("X", "X", "X"),))


class Capitals(NullTranslations):
    """Turns everything but the {fields} into capitals."""

    def gettext(self, message: str) -> str:
        return "".join(part if part.startswith("{") else part.upper() for part in re.split(r"(\{\w+\})", message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def in_capitals(code: str) -> NullTranslations:
    return Capitals() if code == "en" else NullTranslations()


@pytest.mark.parametrize(
    "write",
    [
        lambda: write_extract(EXTRACT),
        lambda: write_letter(LETTER),
        lambda: write_window_sheet(Window(), language="en"),
        lambda: write_notification(NOTIFICATION),
        lambda: write_receipt(RECEIPT),
    ],
    ids=["extract", "letter", "window sheet", "notification", "receipt"],
)
def test_every_fixed_text_is_in_the_documents_language(
    write: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "_catalogue", in_capitals)
    pdf = write()
    assert re.findall("[a-zåäö]{2,}", text_of(pdf)) == []
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.Lang == "en-GB"
    assert i18n.language() == "sv"


def test_the_workbook_is_in_the_documents_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_catalogue", in_capitals)
    book = CalamineWorkbook.from_filelike(BytesIO(write_extract_workbook(EXTRACT)))
    cells = [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert re.findall("[a-zåäö]{2,}", " ".join([*book.sheet_names, *cells])) == []


def test_the_recovery_sheet_follows_the_language_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_catalogue", in_capitals)
    with i18n.language_as("en"):
        pdf = write_recovery_sheet("X", "1", "AAAAA-BBBBB", date(2026, 11, 20))
    assert re.findall("[a-zåäö]{2,}", text_of(pdf)) == []
