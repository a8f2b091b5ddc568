import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import ExitCode, UserError
from app.importers import table, table_rows
from app.importers.drafts import TableOptions
from app.importers.kinds import OLE_MAGIC
from app.importers.limits import MIB, Limits
from app.importers.workbook_check import Limit, look
from tests.importers.tables import HEADERS, PERSON, TODAY, csv_file, ods, read, text_file, whole, workbook


def refused(path: Path) -> str:
    """Return the words of the refusal; anything else than a refusal fails the test."""
    with pytest.raises(UserError) as told:
        table.preview(path)
    assert told.value.code is ExitCode.UNREADABLE_INPUT
    assert told.value.stands == "Inget har importerats."
    assert told.value.do
    return told.value.what


def bomb(folder: Path, size: int) -> Path:
    path = workbook(folder, HEADERS, PERSON)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/fill.xml", b"<a/>" * (size // 4))
    return path


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "tom"),
        (b"\0\1\2\3" * 50, "ingen tabell"),
        (b"%PDF-1.7\n\x00\x01", "ingen tabell"),
        (b"\xff\xfe\x00", "ingen tabell"),
        (b"<html><table><tr><td>Namn</td></tr></table>", "webbsida"),
        (b"<?xml version='1.0'?><Workbook/>", "webbsida"),
        (b"hej", "rubrikrad"),
        (b"\n\n\n\n", "rubrikrad"),
        (b"PK\x03\x04 not really", "skadad"),
        (b"PK\x03\x04", "skadad"),
        (OLE_MAGIC + b"\0" * 600, "skadad"),
        (OLE_MAGIC + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "lösenord"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(tmp_path: Path, raw: bytes, word: str) -> None:
    for name in ("fil.csv", "fil.xlsx"):
        assert word in refused(text_file(tmp_path, raw, name))


def test_a_file_that_is_gone_is_refused_with_a_remedy(tmp_path: Path) -> None:
    assert "kan inte öppnas" in refused(tmp_path / "borta.xlsx")
    assert "kan inte öppnas" in refused(tmp_path)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "arkiv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hej.txt", "hej")
    assert "ingen tabell" in refused(path)


def test_a_locked_opendocument_sheet_is_recognised(tmp_path: Path) -> None:
    assert "lösenord" in refused(ods(tmp_path, "x", manifest="<manifest:encryption-data/>"))


def test_a_workbook_that_unpacks_to_too_much_is_refused_by_the_look_before(tmp_path: Path) -> None:
    path = bomb(tmp_path, 30 * MIB)
    assert path.stat().st_size < MIB
    with pytest.raises(UserError):
        look(path)
    assert look(path, Limit(ratio=10**6)).kind == "xlsx"
    with pytest.raises(UserError):
        look(path, Limit(ratio=10**6, unpacked=20 * MIB))
    assert "för stor" in refused(path)


def test_a_small_file_may_be_packed_as_tightly_as_it_likes(tmp_path: Path) -> None:
    path = bomb(tmp_path, 5 * MIB)
    assert look(path).kind == "xlsx"
    with pytest.raises(UserError):
        look(path, Limit(ratio_from=0))


def test_too_many_entries_are_refused_before_any_is_unpacked(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADERS, PERSON)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(2000):
            archive.writestr(f"xl/x{number}.bin", b"")
    assert "för stor" in refused(path)
    assert look(path, Limit(entries=5000)).kind == "xlsx"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_of_its_own_is_refused(tmp_path: Path, encoding: str) -> None:
    path = workbook(tmp_path, HEADERS, PERSON)
    declared = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/extra.xml", declared.encode(encoding))
    assert "dokumenttyp" in refused(path)


def test_a_document_type_is_found_across_blocks(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADERS, PERSON)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/extra.xml", b" " * (256 * 1024 - 4) + b"<!DOCTYPE x>")
    assert "dokumenttyp" in refused(path)


def test_one_cell_in_the_farthest_corner_harms_nobody(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Namn"
    book.worksheets[0]["XFD1048576"] = "x"
    book.save(tmp_path / "horn.xlsx")
    assert refused(tmp_path / "horn.xlsx")


def test_a_million_empty_rows_are_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Namn", "Ort"])
    sheet.append(["A", "X"])
    sheet["A1048576"] = "B"
    book.save(tmp_path / "glest.xlsx")
    rows, _problems = read(tmp_path / "glest.xlsx")
    assert [(row.line, row.values["name"]) for row in rows] == [(2, "A"), (1048576, "B")]
    path = text_file(tmp_path, b"Namn;Ort\r\n" + b";\r\n" * 300_000 + b"A;X\r\n")
    assert [row.values["name"] for row in read(path)[0]] == ["A"]


def test_a_table_over_the_row_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(tmp_path, ("Namn", "Ort"), *[("A", "X")] * 30)
    assert len(next(table_rows.chunks(str(path), TableOptions(), ("name", "city"), TODAY))["rows"]) == 30
    monkeypatch.setattr(table_rows, "TABLE_ROWS", 29)
    with pytest.raises(UserError, match="fler än 29 rader"):
        list(table_rows.chunks(str(path), TableOptions(), ("name", "city"), TODAY))


def test_a_table_over_the_column_limit_is_refused(tmp_path: Path) -> None:
    assert "kolumner" in refused(csv_file(tmp_path, [f"k{number}" for number in range(201)]))
    assert len(table.preview(csv_file(tmp_path, [f"k{number}" for number in range(200)])).headers) == 200


def test_a_quotation_mark_that_never_ends_is_refused_with_its_line(tmp_path: Path) -> None:
    path = text_file(tmp_path, b'Namn;Ort\r\nA;X\r\n"B;' + b"x;y\r\n" * 300_000)
    with pytest.raises(UserError, match="rad 3"):
        read(path, ("name", "city"))


def test_a_reader_without_memory_enough_gives_a_refusal(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADERS, *[PERSON] * 2000)
    with pytest.raises(UserError):
        table.preview(path, limits=Limits(cpu_seconds=30, memory_bytes=16 * MIB))
    assert table.preview(path).rows_estimate == 2000


def test_eighty_thousand_quotes_are_no_trap(tmp_path: Path) -> None:
    path = text_file(tmp_path, b"Namn;Ort\r\n" + b'"a";' * 20_000 + b"\r\n" + b'"' * 40_000 + b"\r\n")
    assert table.preview(path).headers == ("Namn", "Ort")


@given(
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), min_size=1, max_size=8),
    st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_text_table_gives_rows_or_a_refusal(
    tmp_path: Path, damage: list[tuple[float, bytes]], encoding: str
) -> None:
    path = csv_file(tmp_path, HEADERS, PERSON, PERSON, encoding=encoding)
    whole(damaged(path, damage))


@given(st.text(max_size=400), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_gives_rows_or_a_refusal(tmp_path: Path, text: str, encoding: str) -> None:
    whole(text_file(tmp_path, b"Namn;Personnummer;Mobil;E-post;Kund till;Belopp\n" + text.encode(encoding, "replace")))


@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_workbook_gives_rows_or_a_refusal(tmp_path: Path, damage: list[tuple[float, bytes]]) -> None:
    whole(damaged(workbook(tmp_path, HEADERS, PERSON), damage))


def test_a_workbook_whose_directory_points_to_before_the_file_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADERS, PERSON)
    raw = bytearray(path.read_bytes())
    end = raw.rindex(b"PK\x05\x06")
    place = int.from_bytes(raw[end + 16 : end + 20], "little")
    raw[end + 16 : end + 20] = (place + 5000).to_bytes(4, "little")
    path.write_bytes(raw)
    assert "skadad" in refused(path)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.text(alphabet="<>/c r=\"'s0A19&;tn", max_size=8)), min_size=1, max_size=4)
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_workbook_with_a_damaged_sheet_gives_rows_or_a_refusal(
    tmp_path: Path, damage: list[tuple[float, str]]
) -> None:
    good = workbook(tmp_path, HEADERS, PERSON)
    path = tmp_path / "skadad.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            raw = source.read(name)
            if name.startswith(("xl/worksheets/", "xl/sharedStrings")):
                for place, put in damage:
                    at = int(place * len(raw))
                    raw = raw[:at] + put.encode() + raw[at + len(put) :]
            target.writestr(name, raw)
    whole(path)


def damaged(path: Path, damage: list[tuple[float, bytes]]) -> Path:
    raw = path.read_bytes()
    for place, put in damage:
        at = int(place * len(raw))
        raw = raw[:at] + put + raw[at + len(put) // 2 :]
    path.write_bytes(raw)
    return path
