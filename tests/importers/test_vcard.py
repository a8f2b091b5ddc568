"""Address cards of every version, as phones and programs write them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import UserError
from app.i18n import language_as
from app.importers import table, vcard_table
from app.importers.drafts import TableOptions
from tests.importers.tables import read, text_file, whole

OLD = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=96berg;=C3=85sa;;;\r\n"
    "FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:=C5sa =\r\n=D6berg\r\n"
    "TEL;CELL:070-174 06 05\r\nTEL;WORK;VOICE:08-465 004 21\r\nTEL;HOME:08-465 004 22\r\nTEL;WORK;FAX:08-465 004 23\r\n"
    "EMAIL;INTERNET:asa@example.se\r\n"
    "ADR;HOME:;;Storgatan 1;Uppsala;;753 31;Sverige\r\n"
    "PHOTO;ENCODING=BASE64;JPEG:\r\n /9j/4AAQSkZJRgABAQ\r\n AAAQABAAD\r\n\r\n"
    "END:VCARD\r\n"
)
NEW = (
    "BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:1\nFN:Bo \\, den äldre\nN:Alm;Bo;Karl;;\n"
    "item1.EMAIL;PREF=2:gammal@example.se\nEMAIL;PREF=1:bo@example.se\nEMAIL:tredje@example.se\nEMAIL:fjarde@example.se\n"
    'TEL;VALUE=uri;TYPE="voice,cell":tel:+46-70-174-06-06;ext=1\n'
    "ADR:Box 1;lgh 1201;Sjögatan 2;Göteborg;Västra Götaland;411 05;Sverige\nADR;TYPE=work:;;Kontoret 3;Malmö;;211 11;\n"
    "ORG:Bolaget AB;Ekonomi\nTITLE:Chef\nBDAY:19640823\nNOTE:Rad ett\\nrad två\nNOTE:Rad tre\nX-KUNDNR:1002\nGENDER:M\n"
    "END:VCARD\n"
)


def one(folder: Path, text: str | bytes, options: TableOptions = table.AUTOMATIC) -> dict[str, str]:
    """Return the only row of a file of cards."""
    path = text_file(folder, text if isinstance(text, bytes) else text.encode(), "kontakter.vcf")
    rows, problems = read(path, options=options)
    assert problems == []
    assert [row.line for row in rows] == [1]
    return rows[0].values


def test_a_card_of_version_2_1_is_read_with_its_charsets_and_quotes(tmp_path: Path) -> None:
    assert one(tmp_path, OLD) == {
        "name": "Åsa Öberg",
        "first_name": "Åsa",
        "last_name": "Öberg",
        "mobile": "+46701740605",
        "phone": "+46846500421",
        "phone_2": "+46846500422",
        "email": "asa@example.se",
        "street": "Storgatan 1",
        "postcode": "753 31",
        "city": "Uppsala",
        "country": "Sverige",
    }
    assert "Fax" in table.preview(tmp_path / "kontakter.vcf").headers


def test_a_card_of_version_4_keeps_every_address_and_number(tmp_path: Path) -> None:
    values = one(tmp_path, NEW)
    assert values["name"] == "Bo , den äldre"
    assert (values["first_name"], values["last_name"]) == ("Bo Karl", "Alm")
    assert (values["email"], values["email_2"], values["email_3"]) == (
        "bo@example.se",
        "gammal@example.se",
        "tredje@example.se",
    )
    assert values["mobile"] == "+46701740606"
    assert (values["street"], values["co_address"]) == ("Box 1\nSjögatan 2", "lgh 1201")
    assert values["other_address"] == "Kontoret 3, 211 11 Malmö"
    assert (values["company"], values["role"], values["birth_date"]) == ("Bolaget AB, Ekonomi", "Chef", "1964-08-23")
    assert values["correspondence"] == "Rad ett\nrad två\nRad tre"
    seen = table.preview(tmp_path / "kontakter.vcf")
    shown = dict(zip(seen.headers, seen.sample[0], strict=True))
    assert (shown["E-post 4"], shown["X-KUNDNR"], shown["Län eller delstat"]) == (
        "fjarde@example.se",
        "1002",
        "Västra Götaland",
    )
    assert seen.mapping[seen.headers.index("E-post 4")] is None


def test_a_fold_in_the_middle_of_a_letter_is_undone(tmp_path: Path) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Åsa Öberg\r\nEMAIL:asa@example.se\r\nEND:VCARD\r\n".encode()
    cut = card.index("Ö".encode()) + 1
    assert one(tmp_path, card[:cut] + b"\r\n " + card[cut:])["name"] == "Åsa Öberg"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_files_encoding_is_found_and_a_doubtful_one_is_said(tmp_path: Path, encoding: str) -> None:
    text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Åsa Öberg\r\nNOTE:bra\r\nEND:VCARD\r\n".encode(encoding)
    assert one(tmp_path, text)["name"] == "Åsa Öberg"
    seen = table.preview(tmp_path / "kontakter.vcf")
    assert seen.kind == "vcf"
    assert any("Kontrollera att å" in text for text in seen.warnings) is (encoding == "cp1252")


def test_another_encoding_can_be_chosen_and_one_that_cannot_be_is_refused(tmp_path: Path) -> None:
    text = "BEGIN:VCARD\r\nFN:Åsa Öberg\r\nEND:VCARD\r\n"
    assert one(tmp_path, text.encode("cp850"), TableOptions(encoding="cp850"))["name"] == "Åsa Öberg"
    assert one(tmp_path, text.encode("utf-16"), TableOptions(encoding="utf-16"))["name"] == "Åsa Öberg"
    with pytest.raises(UserError, match="teckenkodning"):
        one(tmp_path, text.encode("cp1252"), TableOptions(encoding="utf-8"))


def test_every_card_is_a_row_and_one_that_names_nobody_is_a_problem_with_its_number(tmp_path: Path) -> None:
    cards = "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:Person {n}\nEND:VCARD\n" for n in range(2500))
    path = text_file(tmp_path, (cards + "BEGIN:VCARD\nORG:Bolaget\nEND:VCARD\n").encode(), "k.vcf")
    rows, problems = read(path)
    assert [row.values["name"] for row in rows] == [f"Person {n}" for n in range(2500)]
    assert [(problem.line, problem.what) for problem in problems] == [(2501, "Raden säger inte vem den gäller.")]
    assert table.preview(path).rows_estimate == 2501


def test_birthdays_without_a_year_reject_nobody(tmp_path: Path) -> None:
    for day in ("BDAY:--0823", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-08-23"):
        values = one(tmp_path, f"BEGIN:VCARD\nFN:Bo\n{day}\nEND:VCARD\n")
        assert values == {"name": "Bo"}
        assert "Födelsedag utan år" in table.preview(tmp_path / "kontakter.vcf").headers


def test_a_card_inside_a_card_and_one_that_is_cut_off(tmp_path: Path) -> None:
    inner = "BEGIN:VCARD\nFN:Yttre\nAGENT:\nBEGIN:VCARD\nFN:Inre\nEND:VCARD\nEND:VCARD\n"
    assert one(tmp_path, inner)["name"] == "Yttre"
    assert one(tmp_path, "BEGIN:VCARD\nFN:Bo\nEMAIL:bo@example.se\n")["email"] == "bo@example.se"
    assert any("mitt i ett kort" in text for text in table.preview(tmp_path / "kontakter.vcf").warnings)


def test_headings_are_in_the_language_of_the_window_and_guessed_in_both(tmp_path: Path) -> None:
    path = text_file(tmp_path, NEW.encode(), "k.vcf")
    with language_as("en"):
        seen = table.preview(path)
    assert seen.headers[:3] == ("Name", "First name", "Last name")
    assert seen.mapping[:3] == ("name", "first_name", "last_name")


def test_a_card_with_a_value_over_the_limit_rejects_that_card_only(tmp_path: Path) -> None:
    long = f"BEGIN:VCARD\nFN:Lång\nNOTE:{'x' * 3_000_000}\nEND:VCARD\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\n"
    rows, problems = read(text_file(tmp_path, long.encode(), "k.vcf"))
    assert [row.values["name"] for row in rows] == ["Bo"]
    assert [problem.line for problem in problems] == [1]


def test_marks_of_cards_without_cards_are_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="inga adresskort") as told:
        vcard_table.open_cards(text_file(tmp_path, b"END:VCARD\n", "k.vcf"), None)
    assert told.value.do


@given(
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), min_size=1, max_size=8), st.sampled_from([OLD, NEW])
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_card_gives_rows_or_a_refusal(tmp_path: Path, damage: list[tuple[float, bytes]], card: str) -> None:
    raw = (card + card).encode()
    for place, put in damage:
        at = int(place * len(raw))
        raw = raw[:at] + put + raw[at + len(put) // 2 :]
    whole(text_file(tmp_path, raw, "k.vcf"))


@given(st.text(alphabet=';:=\\,\n \t"\rQUOTED-PRINTABLE.ADRTELNB\u00e5\x00', max_size=300))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_lines_in_a_card_give_rows_or_a_refusal(tmp_path: Path, text: str) -> None:
    whole(text_file(tmp_path, f"BEGIN:VCARD\nFN:Bo\n{text}\nEND:VCARD\n".encode(), "k.vcf"))
