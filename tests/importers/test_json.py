"""Lists of people in JSON, flat and nested, whole and damaged."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import UserError
from app.importers import json_table, json_text, table
from app.importers.drafts import TableOptions
from app.importers.limits import JSON_ELEMENT
from tests.importers.tables import read, text_file, whole

PEOPLE = [
    {"kundnr": "00123", "namn": "Åsa Öberg", "adress": {"gata": "Storgatan 1", "postnr": "753 31", "ort": "Uppsala"}},
    {"kundnr": "00124", "namn": "Bo Alm", "epost": ["bo@example.se", "gammal@example.se"], "nyhetsbrev": True},
]


def written(folder: Path, value: Any, encoding: str = "utf-8", **options: Any) -> Path:
    return text_file(folder, json.dumps(value, ensure_ascii=False, **options).encode(encoding), "kunder.json")


def test_a_list_of_objects_is_read_with_nested_values_under_dotted_headings(tmp_path: Path) -> None:
    path = written(tmp_path, PEOPLE)
    seen = table.preview(path)
    assert (seen.kind, seen.rows_estimate, seen.encoding) == ("json", 2, "utf-8-sig")
    assert seen.headers == (
        "kundnr", "namn", "adress.gata", "adress.postnr", "adress.ort", "epost", "epost.2", "nyhetsbrev",
    )  # fmt: skip
    rows, problems = read(path)
    assert problems == []
    assert [(row.line, row.values) for row in rows] == [
        (1, {"customer_no": "00123", "name": "Åsa Öberg", "street": "Storgatan 1", "postcode": "753 31", "city": "Uppsala"}),
        (2, {"customer_no": "00124", "name": "Bo Alm", "email": "bo@example.se", "email_2": "gammal@example.se", "newsletter_consent": "ja"}),
    ]  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
def test_an_object_that_holds_one_list_is_opened(tmp_path: Path, indent: int | None) -> None:
    path = written(
        tmp_path, {"exporterad": "2026-01-01", "antal": 2, "data": {"kunder": PEOPLE}, "slut": []}, indent=indent
    )
    assert [row.values["name"] for row in read(path)[0]] == ["Åsa Öberg", "Bo Alm"]


def test_of_several_lists_one_is_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, {"kunder": PEOPLE, "ordrar": [{"ordernr": "1", "kund": "Cia Ek"}], "taggar": ["a"]})
    seen = table.preview(path)
    assert (seen.sheets, seen.sheet) == (("kunder", "ordrar"), "kunder")
    assert any("flera listor" in text for text in seen.warnings)
    assert read(path, options=TableOptions(sheet="ordrar"))[0][0].values == {"order_no": "1", "name": "Cia Ek"}
    with pytest.raises(UserError, match="Listan som valdes"):
        table.preview(path, TableOptions(sheet="borta"))


def test_numbers_stay_as_they_are_written_and_lost_zeros_are_pointed_out(tmp_path: Path) -> None:
    raw = b'[{"kundnr": 123, "namn": "A", "belopp": 1.50, "stort": 123456789012345678901234567890, "nej": false, "inget": null}]'
    path = text_file(tmp_path, raw, "k.json")
    seen = table.preview(path)
    assert seen.sample == (("123", "A", "1.50", "123456789012345678901234567890", "nej", ""),)
    assert [text for text in seen.warnings if "nollor" in text] == [
        "kundnr: nollor i början kan ha försvunnit. Jämför med källan, och gör kolumnen till text där."
    ]
    assert read(path)[0][0].values["amount"] == "1.50"
    assert table.preview(written(tmp_path, PEOPLE)).warnings == ()


def test_a_name_that_an_object_has_twice_is_kept_twice(tmp_path: Path) -> None:
    path = text_file(tmp_path, b'[{"namn": "A", "ort": "X", "ort": "Y"}]', "k.json")
    assert table.preview(path).headers == ("namn", "ort", "ort (2)")
    assert table.preview(path).sample == (("A", "X", "Y"),)


def test_elements_that_are_no_objects_are_problems_with_their_number(tmp_path: Path) -> None:
    rows, problems = read(written(tmp_path, [{"namn": "A"}, "lös text", 7, {"namn": "B"}]))
    assert [row.line for row in rows] == [1, 4]
    assert [problem.line for problem in problems] == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_files_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, PEOPLE, encoding)
    assert read(path)[0][0].values["name"] == "Åsa Öberg"
    assert any("Kontrollera att å" in text for text in table.preview(path).warnings) is (encoding == "cp1252")
    with pytest.raises(UserError, match="teckenkodning"):
        table.preview(written(tmp_path, PEOPLE, "cp1252"), TableOptions(encoding="utf-8"))


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"{}", "ingen lista"),
        (b'{"namn": "A"}', "ingen lista"),
        (b"[]", "ingen lista"),
        (b'["a", "b"]', "ingen lista"),
        (b'[{"namn": "A"}, {"namn": ', "rad 1"),
        (b'[{"namn": "A"}\n {"namn": "B"}]', "rad 2"),
        (b'[{"namn": "A"}] sedan mer', "rad 1"),
        (b'{"a": [{"namn": "A"}] "b": 1}', "rad 1"),
        (b'{a: 1}', "rad 1"),
        (b"inget alls", "rad 1"),
        (b"[" * 100_000, "rad 1"),
        (b'[{"a": ' * 20_000, "rad 1"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_people_is_refused_with_a_remedy(tmp_path: Path, raw: bytes, word: str) -> None:
    with pytest.raises(UserError, match=word) as told:
        table.preview(text_file(tmp_path, raw, "k.json"))
    assert told.value.stands == "Inget har importerats."
    assert told.value.do


def test_a_file_is_recognised_by_what_it_holds_and_a_header_in_brackets_is_no_json(tmp_path: Path) -> None:
    assert table.preview(written(tmp_path, PEOPLE).rename(tmp_path / "kunder.txt")).kind == "json"
    assert table.preview(text_file(tmp_path, b"[Namn];[Ort]\nA;X\n")).kind == "csv"


def test_an_element_over_the_limit_is_refused_and_a_long_list_is_not(tmp_path: Path) -> None:
    path = written(tmp_path, [{"namn": "A", "text": "x" * (2 * JSON_ELEMENT)}])
    with pytest.raises(UserError):
        table.preview(path)
    many = written(tmp_path, [{"namn": f"P{n}", "kundnr": str(n)} for n in range(30_000)])
    assert [row.values["customer_no"] for row in read(many)[0]] == [str(n) for n in range(30_000)]


def test_more_names_than_columns_are_refused(tmp_path: Path) -> None:
    wide = written(tmp_path, [{"namn": "A"} | {f"k{n}": "x" for n in range(199)}])
    assert len(table.preview(wide).headers) == 200
    with pytest.raises(UserError, match="kolumner"):
        table.preview(written(tmp_path, [{f"k{n}": "x"} for n in range(300)]))


def test_values_are_found_whole_wherever_the_text_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"antal": 1234, "x": -1.5e10, "kunder": [{"namn": "A", "n": 12}, {"namn": 'B\\"', "n": [1, 2, {}]}]}
    path = written(tmp_path, value)
    expected = list(json_text.elements(path, "utf-8"))
    for size in (1, 2, 3, 7):
        monkeypatch.setattr(json_text, "_BLOCK", size)
        assert list(json_text.elements(path, "utf-8")) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_json_gives_rows_or_a_refusal_and_loses_no_value(tmp_path: Path, value: Any) -> None:
    path = written(tmp_path, value)
    whole(path)
    if isinstance(value, list):
        rows = [json_table.flat(element) for _name, element in json_text.elements(path, "utf-8")]
        assert [len(row) for row in rows] == [leaves(element) for element in value]


def leaves(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(leaves(part) for part in (value.values() if isinstance(value, dict) else value))
    return 1


@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_json_file_gives_rows_or_a_refusal(tmp_path: Path, damage: list[tuple[float, bytes]]) -> None:
    raw = json.dumps({"kunder": PEOPLE}, ensure_ascii=False).encode()
    for place, put in damage:
        at = int(place * len(raw))
        raw = raw[:at] + put + raw[at + len(put) // 2 :]
    whole(text_file(tmp_path, raw, "k.json"))
