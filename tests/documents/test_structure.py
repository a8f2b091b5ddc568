"""What a screen reader and an archive ask of every PDF we write."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise

import pikepdf
import pytest

from app.documents.content import ExtractCategory, ExtractRow, Window
from app.documents.extract import write_extract
from app.documents.letter import write_letter, write_window_sheet
from app.documents.notification import write_notification
from app.documents.pdf.flow import Flow
from app.documents.pdf.render import Info, render
from app.documents.pdf.style import BODY, SMALL, STRONG
from app.documents.protect import with_password
from app.documents.receipt import write_receipt
from app.documents.record import write_record
from app.documents.recovery_sheet import write_recovery_sheet
from tests.documents.reading import elements, fonts, operations, tags, unmarked_drawing
from tests.documents.samples import EXTRACT, LETTER, NOTIFICATION, RECEIPT
from tests.documents.test_record import RECORD

KEY = "0123A-4567B-89ABC-DEFGH-JKMNP-QRSTV-WXYZ0-1234A"
MANY = tuple(ExtractRow(f"Fält {number}", f"värde {number}", source="SPAR") for number in range(120))
LONG_EXTRACT = replace(EXTRACT, categories=(ExtractCategory("customer", "Kundinformation", MANY),))

WRITERS: dict[str, Callable[[], bytes]] = {
    "extract": lambda: write_extract(EXTRACT),
    "long extract": lambda: write_extract(LONG_EXTRACT),
    "example": lambda: write_extract(replace(EXTRACT, mark=replace(EXTRACT.mark, is_example=True))),
    "letter": lambda: write_letter(LETTER),
    "window sheet": lambda: write_window_sheet(Window("left")),
    "notification": lambda: write_notification(NOTIFICATION),
    "receipt": lambda: write_receipt(RECEIPT),
    "record": lambda: write_record(RECORD),
    "recovery sheet": lambda: write_recovery_sheet("Exempelbolaget", "c0ffee", KEY, date(2026, 11, 20)),
}


@pytest.fixture(params=WRITERS)
def pdf(request: pytest.FixtureRequest) -> bytes:
    return WRITERS[request.param]()


def test_the_file_is_tagged_and_says_its_language_and_title(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "sv-SE"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo["/Title"])
        with document.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert meta["dc:title"] == str(document.docinfo["/Title"])


def test_only_embedded_source_sans_is_named(pdf: bytes) -> None:
    found = fonts(pdf)
    assert found
    assert all(found.values())
    assert all("SourceSansPro" in name for name in found)


def test_everything_drawn_is_in_the_structure_or_an_artifact(pdf: bytes) -> None:
    assert unmarked_drawing(pdf) == []


def test_all_marked_content_is_found_from_its_page_and_from_its_element(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        parents = dict(zip(map(int, list(numbers)[::2]), list(numbers)[1::2], strict=True))
        for page in document.pages:
            owners = parents[int(page.obj.StructParents)]
            marks = [
                int(operands[1].MCID) for name, operands in operations(page) if name == "BDC" and "/MCID" in operands[1]
            ]
            assert marks == list(range(len(owners)))
            assert all(owner.S for owner in owners)


def test_headings_begin_at_one_and_skip_no_level(pdf: bytes) -> None:
    levels = [int(tag[1]) for tag in tags(pdf) if tag in {"H1", "H2", "H3"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_same_text_is_drawn_in_each_style_that_it_has() -> None:
    styles = (BODY, STRONG, replace(BODY, color="#0B5CAD"), replace(STRONG, size=20), BODY, SMALL)
    flow = Flow()
    for style in styles:
        flow.paragraph("Åsa", style)
    found, font = [], ("", 0.0)
    color: tuple[int, ...] = ()
    with pikepdf.open(
        BytesIO(render(flow.pages, flow.root, lambda *_args: (), Info("Prov", "sv", date(2026, 11, 20))))
    ) as pdf:
        names = {str(name): str(one.BaseFont) for name, one in pdf.pages[0].obj.Resources.Font.items()}
        for operator, operands in operations(pdf.pages[0]):
            if operator == "rg":
                color = tuple(round(float(part) * 255) for part in operands)
            elif operator == "Tf":
                font = (names[str(operands[0])].split("-")[-1], float(operands[1]))
            elif operator == "Tj":
                found.append((*font, "#" + "".join(f"{part:02X}" for part in color)))
    assert found == [(style.face.value.split("-")[-1], style.size, style.color) for style in styles]


def test_the_bytes_are_the_same_each_time() -> None:
    for write in WRITERS.values():
        assert write() == write()


def test_every_table_row_has_a_cell_for_every_column_and_header_cells_have_a_scope() -> None:
    with pikepdf.open(BytesIO(write_extract(LONG_EXTRACT))) as document:
        tables = [node for _depth, node in elements(document) if node.S == "/Table"]
        assert tables
        for table in tables:
            rows = table.K if isinstance(table.K, pikepdf.Array) else [table.K]
            assert len({len(row.K) for row in rows}) == 1
            heads = [cell for row in rows for cell in row.K if cell.S == "/TH"]
            assert heads
            assert all(head.A.Scope in ("/Column", "/Row") for head in heads)


def test_a_table_over_several_pages_is_one_table_whose_header_is_read_once() -> None:
    pdf = write_extract(LONG_EXTRACT)
    with pikepdf.open(BytesIO(pdf)) as document:
        values = max(
            (node for _depth, node in elements(document) if node.S == "/Table"), key=lambda table: len(table.K)
        )
        assert len(values.K) == 1 + len(MANY)
        columns = [cell for row in values.K for cell in row.K if cell.S == "/TH" and cell.A.Scope == "/Column"]
        assert len(columns) == 8
        landscape = [page for page in document.pages if page.mediabox[2] > page.mediabox[3]]
        assert len(landscape) > 2


def test_a_row_that_runs_over_pages_stays_one_row() -> None:
    long = ExtractRow("Anteckning", "ord " * 5_000)
    pdf = write_extract(replace(EXTRACT, categories=(ExtractCategory("customer", "Kundinformation", (long,)),)))
    with pikepdf.open(BytesIO(pdf)) as document:
        cell = max((node for _depth, node in elements(document) if node.S == "/TD"), key=_kids)
        assert _kids(cell) > 2
        assert len(cell.P.K) == 8


def _kids(node: pikepdf.Object) -> int:
    return len(node.K) if isinstance(node.K, pikepdf.Array) else 1


def test_a_list_is_a_list() -> None:
    found = tags(write_letter(LETTER))
    start = found.index("L")
    assert found[start : start + 7] == ["L", "LI", "Lbl", "LBody", "LI", "Lbl", "LBody"]


def test_a_figure_says_in_words_what_it_is() -> None:
    with pikepdf.open(BytesIO(WRITERS["recovery sheet"]())) as document:
        figures = [node for _depth, node in elements(document) if node.S == "/Figure"]
        assert [str(figure.Alt) for figure in figures] == ["QR-kod med återställningsnyckeln"]
        assert not any("/XObject" in page.obj.Resources for page in document.pages)


def test_the_file_properties_hold_no_personal_data() -> None:
    with pikepdf.open(BytesIO(write_extract(EXTRACT))) as document, document.open_metadata() as meta:
        told = " ".join(str(value) for value in document.docinfo.values()) + str(meta)
    for word in ("Åsa", "Öström", "19121212", "Maj"):
        assert word not in told


def test_a_password_closes_the_file_with_aes_256() -> None:
    closed = with_password(write_receipt(RECEIPT), "fem påhittade ord")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(closed))
    with pikepdf.open(BytesIO(closed), password="fem påhittade ord") as document:
        assert document.encryption.R == 6
        assert document.encryption.bits == 256
        assert document.Root.MarkInfo.Marked
    with pytest.raises(ValueError, match="empty"):
        with_password(write_receipt(RECEIPT), "")
