"""Address cards as a table: a card is a row, and its headings are our own fields' names.  Runs in the child; reads in a stream."""

import codecs
import re
from pathlib import Path

from app.i18n import _
from app.importers import csv_text, vcards
from app.importers.limits import TABLE_COLUMNS
from app.importers.records import Records, Source
from app.importers.refusals import refusal
from app.importers.vcard_rows import Headings, row_of

MARK = re.compile(rb"(\xef\xbb\xbf)?\s*BEGIN:VCARD\s", re.IGNORECASE)


def open_cards(path: Path, chosen: str | None) -> Source:
    """Return the cards in a file as a table.

    Raises:
        UserError: The file is not in the encoding that was chosen.
    """
    code = _encoding(path, chosen)
    columns, count, is_whole = _columns(path, code)
    warnings = []
    if not chosen and code in ("cp1252", "iso8859-1"):
        warnings.append(csv_text.look_closely())
    if not is_whole:
        warnings.append(_("Filen slutar mitt i ett kort. Det som finns av kortet läses."))
    return Source(
        kind="vcf",
        records=lambda: _records(path, code, columns),
        total=count,
        encoding=code,
        warnings=warnings,
        has_own_headings=True,
    )


def _encoding(path: Path, chosen: str | None) -> str:
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not chosen and (b"\0" in head or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))):
        return csv_text.encoding(path, None)
    if chosen and (known := csv_text.known(chosen)).startswith("utf-16"):
        return csv_text.encoding(path, known)
    for code in [csv_text.known(chosen)] if chosen else ["utf-8-sig", "cp1252", "iso8859-1"]:
        if csv_text.decodes(path, code) or vcards.fits(path, code):
            return code
    raise csv_text.wrong_choice()


def _columns(path: Path, code: str) -> tuple[tuple[str, ...], int, bool]:
    """Return the headings that the cards have use for, our own first, how many cards there are, and whether the last is whole."""
    found: dict[str, None] = {}
    headings, count, is_last_whole = Headings(), 0, True
    for card, is_whole in vcards.cards(path, code):
        count, is_last_whole = count + 1, is_whole
        if len(found) <= TABLE_COLUMNS:
            found.update(dict.fromkeys(row_of(card, code, headings)))
    shown = [text for text in headings.usual if text in found or text == headings.usual[0]]
    if not count:
        raise refusal(_("Filen har inga adresskort."), _("Exportera kontakterna på nytt som vCard (.vcf)."))
    return (*shown, *(text for text in found if text not in shown)), count, is_last_whole


def _records(path: Path, code: str, columns: tuple[str, ...]) -> Records:
    yield 0, list(columns)
    headings = Headings()
    for number, (card, _is_whole) in enumerate(vcards.cards(path, code), start=1):
        row = row_of(card, code, headings)
        yield number, [row.get(heading, "") for heading in columns]
