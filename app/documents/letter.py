"""Letters in Swedish office layout, and the sheet that shows whether they fit the office's envelopes.

Source: SS 03 43 21, Dokument för kontor: tab stops every 22.86 mm from the left margin, lines every 4.23 mm.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.documents.content import Letter, Window
from app.documents.pdf.flow import Flow, Sheet
from app.documents.pdf.fonts import metrics
from app.documents.pdf.furniture import example_band, text_at, text_right
from app.documents.pdf.page import Box, Item
from app.documents.pdf.render import Furniture, Info, render
from app.documents.pdf.style import BLUE, BODY, FACT, FACT_LABEL, FOOT, HAIRLINE, MM, STRONG, Style
from app.documents.pdf.wrap import fitted, wrap
from app.documents.plain import plain
from app.domain.errors import UserError
from app.domain.wording import day
from app.i18n import _, language_as

MOST_ADDRESS_LINES = 5
_LEAST_ADDRESS_LINES = 3
_ADDRESS_WIDTH = 82 * MM
_LINE = 25.4 / 6 * MM
_LEFT = 20 * MM
_TAB_4, _TAB_6 = _LEFT + 91.44 * MM, _LEFT + 137.16 * MM
_RIGHT = 190 * MM
_HEAD_WIDTH = _TAB_4 - _LEFT - 6 * MM
_FOOT_LINE, _FOOT_BASE = 11.0, 17 * MM - 11
_MOST_FOOT_LINES = 12
_ADDRESS = Style(size=11, leading=_LINE, after=0)
_TEXT = Style(size=11, leading=15, after=8)
_SUBJECT = Style(size=15, leading=20, face=STRONG.face, after=7)
_SHEET = Sheet(top=30 * MM, bottom=32 * MM, first_top=17 * _LINE + 8 * MM)
_IDENTITY_NUMBER = re.compile(r"\b\d{6}(?:\d{2})?\s?[-+]?\s?\d{4}\b")
_POSTCODE = re.compile(r"(\d{3}) ?(\d{2}) +(\D.*)")


def address_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """Return an address as it stands in the window: no blank line, `752 31  UPPSALA` last."""
    kept = [" ".join(plain(line).split()) for text in lines for line in text.split("\n") if line.strip()]
    return tuple(_POSTCODE.sub(lambda found: f"{found[1]} {found[2]}  {found[3].upper()}", line) for line in kept)


def address_problem(lines: Sequence[str]) -> str | None:
    """Say why an address does not suit a window envelope, or return nothing."""
    shown = address_lines(lines)
    if not _LEAST_ADDRESS_LINES <= len(shown) <= MOST_ADDRESS_LINES:
        return _("Adressen ska ha tre till fem rader: namn, gata eller box, postnummer och ort.")
    return _unsafe(shown)


def _unsafe(shown: Sequence[str]) -> str | None:
    if any(_IDENTITY_NUMBER.search(line) for line in shown):
        return _("Adressen innehåller något som ser ut som ett personnummer. Det syns genom kuvertets fönster.")
    if any(metrics(_ADDRESS.face).width(line, _ADDRESS.size) > _ADDRESS_WIDTH for line in shown):
        return _("En rad i adressen är bredare än kuvertets fönster.")
    return None


def write_letter(letter: Letter) -> bytes:
    """Return the letter as tagged PDF, in the language of its mark.

    One or two address lines pass, for letters that go by e-mail or by hand; `address_problem` tells before something is posted.

    Raises:
        UserError: The address has no line or more than five, shows an identity number, or is wider than the window.
    """
    with language_as(letter.mark.language):
        shown = address_lines(letter.addressee_lines)
        _check(shown)
        foot = _foot(letter)
        sheet = replace(_SHEET, bottom=_SHEET.bottom + max(0, len(foot) - 2) * _FOOT_LINE)
        flow = Flow(sheet, measure=140 * MM, title=_SUBJECT)
        _letterhead(flow, letter)
        _address(flow, shown, letter)
        flow.heading(letter.subject, 1)
        for text in letter.paragraphs:
            if text.startswith("- "):
                flow.bullet(text[2:], _TEXT)
            else:
                flow.paragraph(text, _TEXT)
        _signature(flow, letter)
        flow.finish()
        title = _("Brev")
        info = Info(f"{title} {letter.mark.reference}", letter.mark.language, letter.mark.made_on)
        return render(flow.pages, flow.root, _furniture(letter, foot), info)


def write_window_sheet(window: Window, *, language: str = "sv") -> bytes:
    """Return a page that shows where the address lands, to fold and hold against the office's envelopes."""
    from datetime import date

    with language_as(language):
        flow = Flow(_SHEET, measure=140 * MM, title=_SUBJECT)
        x, y = _address_place(window)
        for line in range(MOST_ADDRESS_LINES):
            text = _("Adressrad {number}").format(number=line + 1)
            flow.place(text, _ADDRESS, (x, y - line * _LINE), width=_ADDRESS_WIDTH)
        left, top, width, height = x - 4 * MM, y + 6 * MM, _ADDRESS_WIDTH + 6 * MM, 31 * MM
        flow.put(*_frame(left, top - height, width, height))
        flow.heading(_("Passar adressen i fönstret?"), 1)
        flow.bullet(_("Skriv ut sidan i verklig storlek, 100 procent."), _TEXT)
        flow.bullet(_("Vik den, lägg den i kuvertet och knacka kuvertet mot bordet åt alla fyra håll."), _TEXT)
        flow.bullet(_("Alla fem raderna ska synas hela tiden. Ändra annars måtten i inställningarna."), _TEXT)
        flow.finish()
        return render(flow.pages, flow.root, lambda *_args: (), Info(_("Fönsterprov"), language, date(2000, 1, 1)))


def _check(shown: Sequence[str]) -> None:
    problem = _unsafe(shown)
    if not 1 <= len(shown) <= MOST_ADDRESS_LINES:
        problem = _("Adressen ska ha högst fem rader.") if shown else _("Brevet saknar mottagare.")
    if problem:
        raise UserError(problem, stands=_("Brevet är inte skrivet."), do=_("Rätta adressen och gör om brevet."))


def _down(line: int) -> float:
    """Return the baseline of a line of the grid, counted from the upper edge."""
    return _SHEET.size[1] - line * _LINE - 3.2 * MM


def _address_place(window: Window) -> tuple[float, float]:
    x = _TAB_4 if window.side == "right" else _LEFT + 3 * MM
    return x + window.right_mm * MM, _down(10) - window.down_mm * MM


def _letterhead(flow: Flow, letter: Letter) -> None:
    name = Style(size=13, leading=16, face=STRONG.face, color=BLUE)
    flow.place(letter.sender.name, name, (_LEFT, _down(3)), width=_HEAD_WIDTH, most=4)
    flow.place(day(letter.mark.made_on), FACT, (_TAB_4, _down(5)), width=_ADDRESS_WIDTH, most=1)
    flow.place(_("Vår referens"), FACT_LABEL, (_TAB_4, _down(7)), width=_TAB_6 - _TAB_4, most=1)
    flow.place(letter.mark.reference, FACT, (_TAB_6, _down(7)), width=_RIGHT - _TAB_6, most=2)


def _address(flow: Flow, shown: Sequence[str], letter: Letter) -> None:
    x, y = _address_place(letter.window)
    if letter.via:
        via = Style(size=9.5, leading=12, face=STRONG.face)
        flow.place(letter.via, via, (x, y + 1.2 * _LINE), width=_ADDRESS_WIDTH, most=1)
    flow.place("\n".join(shown), _ADDRESS, (x, y), width=_ADDRESS_WIDTH + 1)


def _signature(flow: Flow, letter: Letter) -> None:
    name, *rest = letter.signed_by.split("\n")
    flow.need(5 * _TEXT.leading)
    flow.paragraph(_("Med vänlig hälsning"), Style(size=11, leading=15, before=10, after=26))
    flow.paragraph(name, Style(size=11, leading=15, face=STRONG.face, after=0))
    for line in rest:
        flow.paragraph(line, Style(size=11, leading=15, after=0))
    if letter.enclosures:
        flow.paragraph(_("Bilagor"), Style(size=10, leading=14, face=STRONG.face, before=16, after=2))
        for text in letter.enclosures:
            flow.bullet(text, BODY)


def _foot(letter: Letter) -> list[str]:
    """Return who sends the letter, line by line; a long address makes more lines, not longer ones."""
    sender = letter.sender
    number = _("Org.nr {number}").format(number=sender.orgnr) if sender.orgnr else ""
    width = _RIGHT - _LEFT - metrics(FOOT.face).width(_trail(letter), FOOT.size) - 12
    lines = [
        *_packed((sender.name, *sender.lines, number), width),
        *_packed((sender.phone, sender.email, sender.website), width),
    ]
    if len(lines) > _MOST_FOOT_LINES:
        lines = [*lines[: _MOST_FOOT_LINES - 1], "…"]
    return lines


def _packed(parts: Sequence[str], width: float) -> list[str]:
    """Return the parts one after the other on as few lines as they have room on."""
    known = metrics(FOOT.face)
    lines, line = [], ""
    for part in (plain(part).replace("\n", " ") for part in parts if part):
        longer = f"{line}  ·  {part}" if line else part
        if known.width(longer, FOOT.size) <= width:
            line = longer
            continue
        *whole, last = wrap(part, known, FOOT.size, width)
        lines += [text for text in (line, *(one.text for one in whole)) if text]
        line = last.text
    return [*lines, line] if line else lines


def _trail(letter: Letter) -> str:
    return _("logg {trail}").format(trail=letter.mark.trail) if letter.mark.trail else ""


def _furniture(letter: Letter, foot: Sequence[str]) -> Furniture:
    trail, known = _trail(letter), metrics(FACT.face)
    name = fitted(plain(letter.sender.name), known, FACT.size, _HEAD_WIDTH)
    reference = fitted(plain(letter.mark.reference), known, FACT.size, _TAB_6 - _TAB_4)

    def on_page(number: int, total: int, size: tuple[float, float]) -> Sequence[Item]:
        items: list[Item] = [text_right(f"{number} ({total})", _RIGHT, _down(3), FACT)]
        if number > 1:
            items += [text_at(name, _LEFT, _down(3), FACT_LABEL)]
            items += [text_at(reference, _TAB_4, _down(3), FACT_LABEL)]
        top = _FOOT_BASE + len(foot) * _FOOT_LINE
        items += [Box(_LEFT, top + 1, _RIGHT - _LEFT, 0.5, HAIRLINE)]
        items += [text_at(line, _LEFT, top - place * _FOOT_LINE, FOOT) for place, line in enumerate(foot, start=1)]
        items += [text_right(trail, _RIGHT, _FOOT_BASE, FOOT)]
        return [*example_band(size), *items] if letter.mark.is_example else items

    return on_page


def _frame(x: float, y: float, width: float, height: float) -> tuple[Box, ...]:
    thin = 0.7
    return (
        Box(x, y, width, thin, BLUE),
        Box(x, y + height, width, thin, BLUE),
        Box(x, y, thin, height, BLUE),
        Box(x + width, y, thin, height + thin, BLUE),
    )
