"""Letter, notification, receipt and recovery sheet."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest

from app.documents.content import Window
from app.documents.letter import address_lines, address_problem, write_letter, write_window_sheet
from app.documents.notification import write_notification
from app.documents.preview import page_png, page_rgb, page_texts, pages
from app.documents.receipt import write_receipt
from app.documents.recovery_sheet import write_recovery_sheet
from app.domain.errors import UserError
from tests.documents.reading import operations, text_of, tight
from tests.documents.samples import LETTER, MARK, NOTIFICATION, RECEIPT

MM = 72 / 25.4
KEY = "0123A-4567B-89ABC-DEFGH-JKMNP-QRSTV-WXYZ0-1234A"


def place_of(pdf: bytes, words: str) -> tuple[float, float]:
    """Return how far from the left and upper edges some words stand, in millimetres."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        text = page.get_textpage()
        found = text.search(words).get_next()
        assert found is not None
        left, _bottom, _right, top = text.get_charbox(found[0])
        return left / MM, (page.get_height() - top) / MM


@pytest.mark.parametrize(("side", "left"), [("right", 111), ("left", 23)])
def test_the_address_stands_where_the_envelopes_window_is(side: str, left: float) -> None:
    window = Window("right" if side == "right" else "left")
    x, y = place_of(write_letter(replace(LETTER, window=window)), "Skogsvägen")
    assert x == pytest.approx(left, abs=2)
    assert 42 < y < 55


def test_the_window_can_be_moved_to_suit_the_offices_envelopes() -> None:
    x, y = place_of(write_letter(LETTER), "Skogsvägen")
    moved = write_letter(replace(LETTER, window=Window("right", right_mm=5, down_mm=3)))
    assert place_of(moved, "Skogsvägen") == pytest.approx((x + 5, y + 3), abs=0.1)


def test_an_address_has_no_blank_line_and_a_post_town_in_capitals() -> None:
    assert address_lines(("Åsa  Öström", "", " ", "Skogsvägen 3", "75231 Uppsala")) == (
        "Åsa Öström",
        "Skogsvägen 3",
        "752 31  UPPSALA",
    )


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        (("Åsa Öström", "752 31 Uppsala"), "tre till fem"),
        (("a", "b", "c", "d", "e", "f"), "tre till fem"),
        (("Åsa Öström", "19121212-1212", "752 31 Uppsala"), "personnummer"),
        (("Åsa Öström 121212+1212", "Gatan 1", "752 31 Uppsala"), "personnummer"),
        (("Åsa " * 40, "Gatan 1", "752 31 Uppsala"), "bredare"),
    ],
)
def test_an_address_that_does_not_suit_a_window_is_explained(lines: tuple[str, ...], word: str) -> None:
    assert word in (address_problem(lines) or "")
    assert address_problem(LETTER.addressee_lines) is None


@pytest.mark.parametrize(
    "lines", [(), ("", " "), ("a", "b", "c", "d", "e", "f"), ("Åsa", "200001012384", "752 31 Uppsala"), ("W" * 80,)]
)
def test_a_letter_with_an_unsafe_address_is_not_written(lines: tuple[str, ...]) -> None:
    with pytest.raises(UserError) as caught:
        write_letter(replace(LETTER, addressee_lines=lines))
    assert caught.value.do
    assert not any(line and line in caught.value.what for line in lines if len(line) > 3)


def test_a_letter_by_mail_needs_no_postal_address() -> None:
    assert "asa@example.com" in text_of(write_letter(replace(LETTER, addressee_lines=("asa@example.com",))))


def test_a_letter_says_all_it_should() -> None:
    letter = replace(LETTER, via="Rekommenderat brev")
    text = tight(text_of(write_letter(letter)))
    for words in (*letter.paragraphs, *letter.enclosures, letter.subject, "Rekommenderat brev", "Maj Sandström"):
        assert tight(words.removeprefix("- ")) in text
    assert tight("20 november 2026") in text
    assert tight("Vår referens B-2026-053") in text


def test_a_long_letter_goes_on_with_page_numbers() -> None:
    texts = page_texts(write_letter(replace(LETTER, paragraphs=LETTER.paragraphs * 5)))
    assert len(texts) > 1
    assert all(f"{number} ({len(texts)})" in text for number, text in enumerate(texts, start=1))
    assert all("B-2026-053" in text for text in texts)


def test_the_window_sheet_shows_five_lines() -> None:
    text = text_of(write_window_sheet(Window("left")))
    assert all(f"Adressrad {number}" in text for number in range(1, 6))


def test_the_notification_keeps_the_forms_order_and_its_known_numbers() -> None:
    text = text_of(write_notification(NOTIFICATION))
    places = [text.index(answer.label) for answer in NOTIFICATION.answers]
    assert places == sorted(places)
    for answer in NOTIFICATION.answers:
        if answer.number:
            assert f"{answer.number} {answer.label}" in text


def test_a_missing_answer_says_so_and_is_counted() -> None:
    text = text_of(write_notification(NOTIFICATION))
    assert "Organisationsnummer SAKNAS" in text
    assert "2 svar saknas." in text
    whole = replace(NOTIFICATION, answers=tuple(replace(a, is_missing=False) for a in NOTIFICATION.answers))
    assert "SAKNAS" not in text_of(write_notification(whole))


def test_the_notification_warns_that_it_becomes_public_and_ends_with_the_decision() -> None:
    text = text_of(write_notification(NOTIFICATION))
    assert "allmän handling" in text
    order = [
        text.index(words)
        for words in ("allmän handling", "Organisationsnummer SAKNAS", "DPC 2", "Anmäls. Beslutat", *NOTIFICATION.log)
    ]
    assert order == sorted(order)


def test_a_late_notification_gives_its_reason_and_a_supplement_says_that_it_is_one() -> None:
    late = text_of(write_notification(replace(NOTIFICATION, late_reason="Vi såg det först efter helgen.")))
    assert "senare än 72 timmar Vi såg det först efter helgen." in late
    assert "senare än 72 timmar" not in text_of(write_notification(NOTIFICATION))
    assert "Komplettering av anmälan" in text_of(write_notification(replace(NOTIFICATION, is_supplement=True)))


def test_an_empty_notification_and_an_empty_receipt_say_that_they_are() -> None:
    bare = replace(NOTIFICATION, answers=(), severity_text="", decision_text="", log=())
    assert text_of(write_notification(bare)).count("Ingen ännu") == 2
    assert text_of(write_receipt(replace(RECEIPT, erased=(), kept=(), outside=()))).count("Inga") == 3


def test_the_receipt_lists_kinds_of_data_and_reasons() -> None:
    text = tight(text_of(write_receipt(RECEIPT)))
    for line in (*RECEIPT.erased, *RECEIPT.kept):
        assert tight(line.what) in text
        assert tight(line.why) in text
    assert tight(RECEIPT.decided_by) in text
    assert all(tight(line) in text for line in RECEIPT.outside)


def test_the_recovery_sheet_has_the_groups_and_the_same_key_in_its_code() -> None:
    import segno

    pdf = write_recovery_sheet("Exempelbolaget", "c0ffee", KEY, date(2026, 11, 20))
    text = text_of(pdf)
    places = [text.index(group) for group in KEY.split("-")]
    assert places == sorted(places)
    wanted = [[bool(module) for module in row] for row in segno.make_qr(KEY, error="q").matrix]
    assert drawn_code(pdf, len(wanted)) == wanted


def drawn_code(pdf: bytes, modules: int) -> list[list[bool]]:
    """Return which modules of the figure are dark, from its rectangles."""
    with pikepdf.open(BytesIO(pdf)) as document:
        steps = list(operations(document.pages[0]))
    start = next(number for number, (name, operands) in enumerate(steps) if name == "BDC" and operands[0] == "/Figure")
    stop = next(number for number, (name, _) in enumerate(steps) if number > start and name == "EMC")
    rects = [tuple(float(side) for side in operands) for name, operands in steps[start:stop] if name == "re"]
    left = min(x for x, _y, _width, _height in rects)
    top = max(y + height for _x, y, _width, height in rects)
    size = rects[0][3]

    def is_dark(column: int, row: int) -> bool:
        at, up = left + (column + 0.5) * size, top - (row + 0.5) * size
        return any(x < at < x + width and y < up < y + height for x, y, width, height in rects)

    return [[is_dark(column, row) for column in range(modules)] for row in range(modules)]


def test_a_preview_is_a_picture_of_the_page() -> None:
    pdf = write_receipt(RECEIPT)
    assert pages(pdf) == 1
    width, height, pixels = page_rgb(pdf, 0, scale=0.5)
    assert (width, height) == (298, 421)
    assert len(pixels) == width * height * 3
    assert page_png(pdf, 0).startswith(b"\x89PNG")
    with pytest.raises(IndexError):
        page_png(pdf, 1)


def test_invented_data_is_marked_on_letters_too() -> None:
    assert "EXEMPELDATA" in text_of(write_letter(replace(LETTER, mark=replace(MARK, is_example=True))))
    assert "EXEMPELDATA" not in text_of(write_letter(LETTER))
