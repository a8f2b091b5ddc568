"""How the pages look: nothing is cut, nothing lies on anything else, whatever the content is."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from app.documents.content import (
    Extract,
    ExtractCategory,
    ExtractRecipient,
    ExtractRow,
    Party,
    ReceiptLine,
    Titled,
    Window,
)
from app.documents.extract import write_extract
from app.documents.letter import write_letter, write_window_sheet
from app.documents.notification import write_notification
from app.documents.pdf.flow import PORTRAIT, Flow
from app.documents.pdf.furniture import furniture
from app.documents.pdf.render import Info, render
from app.documents.pdf.style import BODY
from app.documents.preview import page_texts
from app.documents.receipt import write_receipt
from app.documents.recovery_sheet import write_recovery_sheet
from tests.documents.reading import clashes, text_of
from tests.documents.samples import EXTRACT, LETTER, MARK, NOTIFICATION, RECEIPT

KEY = "0123A-4567B-89ABC-DEFGH-JKMNP-QRSTV-WXYZ0-1234A"
ODD = "\n".join(
    (
        "<b>x</b>",
        "=1+1",
        "\u202etfel\u202c \u2066x\u2069",
        "\U0001f600 \U0001f469\u200d\U0001f467",
        "\x00\x07\x1b[31m",
        "x" * 300,
        "\u05e9\u05dc\u05d5\u05dd",
        "A\u030a e\u0301",
        "\u2028rad\u2029",
    )
)
TALL = "\n".join(f"Rad {number} i adressen" for number in range(80))
LONG = " ".join(f"ord{number}" for number in range(1_000))
CONTENTS = {"plain": "Åsa Öström", "odd": ODD, "tall": TALL, "long": LONG, "empty": ""}


def party(text: str) -> Party:
    return Party(text, tuple(text.split("\n")), text, text, text, text)


def extract(text: str) -> Extract:
    row = ExtractRow(text, text, text, date(2026, 11, 20), text, text, (text, text), text)
    titled = (Titled(text, text), Titled(text, text))
    return Extract(
        replace(MARK, reference=_one_line(text)),
        party(text),
        party(text),
        text,
        text,
        has_data=True,
        categories=(ExtractCategory("a", text[:500], (row, row)), ExtractCategory("b", "Kundinformation")),
        purposes=titled,
        recipients=(ExtractRecipient(text, text, text, text),) * 2,
        transfers=(text, text),
        retention=titled,
        sources=titled,
        profiling=(text,),
        automated=(text, text),
        rights=titled,
        complaint=(text,),
        withheld=titled,
        searched=titled,
        glossary=titled,
    )


def _one_line(text: str) -> str:
    return text.replace("\n", " ")[:300]


WRITERS: dict[str, Callable[[str], bytes]] = {
    "extract": lambda text: write_extract(extract(text)),
    "letter": lambda text: write_letter(
        replace(
            LETTER,
            mark=replace(MARK, reference=_one_line(text)),
            sender=party(text),
            subject=text,
            paragraphs=(text, f"- {text}", text),
            signed_by=f"{text}\n{text}",
            enclosures=(text,),
        )
    ),
    "letter to the left": lambda text: write_letter(
        replace(LETTER, window=Window("left"), via=text, sender=party(text))
    ),
    "window sheet": lambda text: write_window_sheet(Window()),
    "notification": lambda text: write_notification(
        replace(
            NOTIFICATION,
            status_text=text,
            clock_text=text,
            answers=tuple(replace(one, label=text[:400], text=text) for one in NOTIFICATION.answers),
            severity_text=text,
            decision_text=text,
            late_reason=text,
            log=(text, text),
        )
    ),
    "receipt": lambda text: write_receipt(
        replace(
            RECEIPT,
            mark=replace(MARK, reference=_one_line(text)),
            controller_name=text,
            decided_by=text,
            reason=text,
            erased=(ReceiptLine(text, text, text),) * 2,
            outside=(text, text),
        )
    ),
    "recovery sheet": lambda text: write_recovery_sheet(_one_line(text), text, KEY, date(2026, 11, 20)),
}


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("document", WRITERS)
def test_no_text_leaves_its_page_or_lies_on_another(document: str, content: str) -> None:
    assert clashes(WRITERS[document](CONTENTS[content])) == []


def drawn(*places: tuple[float, float]) -> bytes:
    """Return a page with the same short text at each of these places."""
    flow = Flow(PORTRAIT)
    flow.heading("Rubrik", 1)
    flow.finish()
    for place in places:
        flow.place("Åsa Öström", BODY, place, width=200)
    return render(flow.pages, flow.root, furniture(MARK, "Prov"), Info("Prov", "sv", MARK.made_on))


@pytest.mark.parametrize(
    ("places", "faults"),
    [
        (((200, 400), (200, 385)), []),
        (((200, 400), (220, 395)), ["overlap"]),
        (((560, 400),), ["edge"]),
        (((200, 10),), ["edge"]),
    ],
)
def test_a_text_that_is_cut_or_overprinted_would_be_noticed(
    places: tuple[tuple[float, float], ...], faults: list[str]
) -> None:
    assert [clash.split(",")[0] for clash in clashes(drawn(*places))] == faults


def test_every_line_of_a_tall_address_is_there_in_order() -> None:
    text = text_of(write_extract(replace(EXTRACT, controller=Party("X", tuple(TALL.split("\n"))))))
    places = [text.index(f"{line} ") for line in TALL.split("\n")]
    assert places == sorted(places)


def test_the_controller_has_a_row_for_each_fact() -> None:
    full = replace(EXTRACT.controller, orgnr="556677-8899", website="www.example.se")
    text = text_of(write_extract(replace(EXTRACT, controller=full)))
    for fact in ("Organisationsnummer 556677-8899", "Adress Box 100 104 20 Stockholm", "Webbplats www.example.se"):
        assert fact in text
    assert "Organisationsnummer" not in text_of(write_extract(EXTRACT))


def test_an_extract_without_values_has_no_broad_page() -> None:
    bare = replace(EXTRACT, categories=(ExtractCategory("customer", "Kundinformation"),))
    assert "3 Dina uppgifter" in page_texts(write_extract(bare))[0]
    assert "3 Dina uppgifter" not in page_texts(write_extract(EXTRACT))[0]


def test_an_amount_is_written_the_swedish_way_and_each_purpose_stands_on_its_own_line() -> None:
    rows = (ExtractRow("Belopp", "5350.50", purpose="Bokföring\nLeverans", kind="money"), ExtractRow("Nr", "5350.50"))
    pages = page_texts(
        write_extract(replace(EXTRACT, categories=(ExtractCategory("purchase", "Köpinformation", rows),)))
    )
    lines = [line.strip() for page in pages for line in page.splitlines()]
    assert any(line.startswith("Belopp 5 350,50 kr ") and "Bokföring" in line for line in lines)
    assert "Leverans" in lines
    assert any(line.startswith("Nr 5350.50 ") for line in lines)


def test_a_heading_longer_than_a_page_goes_on_at_the_next() -> None:
    pdf = write_extract(replace(EXTRACT, purposes=(Titled(LONG, "Slut."),)))
    assert re.findall(r"\bord\d+\b", text_of(pdf)) == LONG.split()


def test_a_letter_says_at_its_foot_who_sends_it() -> None:
    sender = replace(LETTER.sender, orgnr="556677-8899", website="www.example.se")
    text = text_of(write_letter(replace(LETTER, sender=sender)))
    assert "Exempelbolaget AB · Box 100 · 104 20 Stockholm · Org.nr 556677-8899" in text
    assert "08-465 004 10 · dataskydd@example.se · www.example.se" in text
    assert "Org.nr" not in text_of(write_letter(LETTER))
