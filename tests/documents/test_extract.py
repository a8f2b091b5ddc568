"""The extract: thirteen parts, every value, every page marked."""

import re
from dataclasses import replace

import pytest

from app.documents.content import Extract, ExtractCategory, ExtractRow
from app.documents.extract import HEADINGS, write_extract
from app.documents.preview import page_texts
from tests.documents.reading import outline, text_of, tight
from tests.documents.samples import EXTRACT, MARK

EMPTY = Extract(MARK, EXTRACT.controller, EXTRACT.officer, "Åsa Öström", "19121212-••••", has_data=False)


def with_row(row: ExtractRow) -> Extract:
    return replace(EXTRACT, categories=(ExtractCategory("customer", "Kundinformation", (row,)),))


@pytest.mark.parametrize("extract", [EXTRACT, EMPTY], ids=["full", "empty"])
def test_the_thirteen_parts_stand_in_order(extract: Extract) -> None:
    pdf = write_extract(extract)
    wanted = [f"{number} {heading}" for number, heading in enumerate(HEADINGS, start=1)]
    assert len(wanted) == 13
    lines = [line.strip() for page in page_texts(pdf) for line in page.splitlines()]
    assert [line for line in lines if line in wanted] == wanted
    assert [title for title in outline(pdf) if re.match(r"\d+ ", title)] == wanted


def test_every_row_is_there_with_all_its_eight_facts() -> None:
    text = tight(text_of(write_extract(EXTRACT)))
    for category in EXTRACT.categories:
        for row in category.rows:
            facts = (row.label, row.value, row.source, row.purpose, row.legal_basis, *row.recipients, row.erase_text)
            for fact in (*facts, row.since_on.isoformat() if row.since_on else ""):
                assert tight(fact) in text


def test_all_titled_texts_and_recipients_are_there() -> None:
    text = tight(text_of(write_extract(EXTRACT)))
    titled = (
        *EXTRACT.purposes,
        *EXTRACT.retention,
        *EXTRACT.sources,
        *EXTRACT.rights,
        *EXTRACT.withheld,
        *EXTRACT.searched,
        *EXTRACT.glossary,
    )
    assert all(tight(item.title) in text and tight(item.text) in text for item in titled)
    assert all(tight(item.name) in text and tight(item.purpose) in text for item in EXTRACT.recipients)
    assert all(tight(line) in text for line in (*EXTRACT.profiling, *EXTRACT.complaint))


def test_an_empty_part_says_so() -> None:
    assert text_of(write_extract(EMPTY)).count("Inga") >= 11
    assert "Nej, vi behandlar inga personuppgifter om dig." in text_of(write_extract(EMPTY))
    assert "Ja, vi behandlar personuppgifter om dig." in text_of(write_extract(EXTRACT))


def test_a_masked_value_says_why() -> None:
    assert "E••• Ö••• Dolt: uppgiften rör en annan person" in text_of(write_extract(EXTRACT))
    bare = with_row(ExtractRow("Namn", "", is_masked=True))
    assert "••• Dolt: uppgiften rör någon annan" in text_of(write_extract(bare))
    open_row = with_row(ExtractRow("Namn", "Åsa", mask_reason="uppgiften rör en annan person"))
    assert "Dolt" not in text_of(write_extract(open_row))


def test_every_page_has_case_number_date_trail_and_page_of_pages() -> None:
    pages = page_texts(write_extract(EXTRACT))
    for number, page in enumerate(pages, start=1):
        assert "B-2026-053" in page
        assert "2026-11-20" in page
        assert "3f9a 71c2" in page
        assert f"Sida {number} ({len(pages)})" in page


def test_invented_data_is_marked_on_every_page_and_real_data_is_not() -> None:
    example = page_texts(write_extract(replace(EXTRACT, mark=replace(MARK, is_example=True))))
    assert all("EXEMPELDATA" in page for page in example)
    assert not any("EXEMPELDATA" in page for page in page_texts(write_extract(EXTRACT)))


def test_a_second_version_says_so() -> None:
    assert "version 2" in text_of(write_extract(replace(EXTRACT, mark=replace(MARK, version=2))))
    assert "version" not in text_of(write_extract(EXTRACT))


def test_the_same_content_gives_the_same_bytes() -> None:
    assert write_extract(EXTRACT) == write_extract(EXTRACT)
    assert write_extract(EXTRACT) != write_extract(replace(EXTRACT, subject_name="Örjan Ål"))


def test_a_value_of_forty_thousand_characters_flows_over_pages_whole() -> None:
    value = " ".join(f"ord{number}" for number in range(5_000))
    pdf = write_extract(with_row(ExtractRow("Anteckning", value)))
    assert len(value) > 38_000
    pages = page_texts(pdf)
    with_value = [page for page in pages if re.search(r"ord\d", page)]
    assert len(with_value) > 3
    words = re.findall(r"\bord\d+\b", text_of(pdf))
    assert words == value.split(" ")
    assert all("Anteckning" in page for page in with_value)


def test_a_word_of_five_thousand_characters_is_broken_and_stays_whole() -> None:
    word = "".join(chr(ord("α") + number * 7 % 17) for number in range(5_000))
    found = re.findall("[α-ρ]", text_of(write_extract(with_row(ExtractRow("Kod", word)))))
    assert "".join(found) == word


def test_markup_and_formulas_are_text() -> None:
    canaries = ("<b>x</b>", '<img src="/etc/hostname">', "=1+1", "</para><para>&amp;", "{0} %s (BDC) EMC")
    text = text_of(write_extract(with_row(ExtractRow("Namn", "\n".join(canaries)))))
    for canary in canaries:
        assert canary in text


def test_characters_that_hide_or_turn_text_become_visible() -> None:
    text = text_of(write_extract(with_row(ExtractRow("Namn", "ab\u202ecd\x00ef\u200bgh"))))
    assert "ab☐cd☐ef☐gh" in text
    assert "\u202e" not in text


def test_a_sign_outside_the_typeface_is_seen_and_can_be_copied() -> None:
    pdf = write_extract(with_row(ExtractRow("Namn", "Amal \u0633\u0644\u0627\u0645 \U0001f600 slut")))
    text = text_of(pdf)
    assert "Amal" in text
    assert "slut" in text
    assert "☐ står för ett tecken som typsnittet saknar" in text
    assert "☐ står" not in text_of(write_extract(EXTRACT))
