"""Address cards as a table: a card is a row, and its headings are our own fields' names.  Runs in the child; reads in a stream."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from app.i18n import _, language
from app.importers import csv_text, vcards
from app.importers.limits import TABLE_COLUMNS
from app.importers.records import Records, Source
from app.importers.refusals import refusal
from app.importers.vcards import Property
from app.reference import fields

MARK = re.compile(rb"(\xef\xbb\xbf)?\s*BEGIN:VCARD\s", re.IGNORECASE)
_FIRST = ("name", "first_name", "last_name", "company", "role", "email", "email_2", "email_3", "mobile", "phone")
_LATER = ("phone_2", "phone_3", "street", "co_address", "postcode", "city", "country", "other_address", "birth_date")
_SIMPLE = {
    "FN": "name",
    "TITLE": "role",
    "ROLE": "role",
    "EMAIL": "email",
    "GENDER": "gender",
    "NOTE": "correspondence",
    "CATEGORIES": "segment",
    "DEATHDATE": "deceased",
}
_ADDRESS = ("co_address", "street", "city", "postcode", "country")
_MOBILE = frozenset(("CELL", "MOBILE", "IPHONE"))
_DAY = re.compile(r"\d{4}-?\d\d-?\d\d(T.*)?")


def open_cards(path: Path, chosen: str | None) -> Source:
    """Return the cards in a file as a table.

    Raises:
        UserError: The file is not in the encoding that was chosen.
    """
    code = _encoding(path, chosen)
    columns, count = _columns(path, code)
    warnings = []
    if not chosen and code in ("cp1252", "iso8859-1"):
        warnings.append(csv_text.look_closely())
    if vcards.is_cut(path, code):
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
        if vcards.fits(vcards.logical_lines(path, code), code):
            return code
    raise csv_text.wrong_choice()


def _columns(path: Path, code: str) -> tuple[tuple[str, ...], int]:
    """Return the headings that the cards have use for, our own first, and how many cards there are."""
    found: dict[str, None] = {}
    count = 0
    for card in vcards.cards(path, code):
        count += 1
        if len(found) <= TABLE_COLUMNS:
            found.update(dict.fromkeys(row_of(card, code)))
    usual = [_label(field) for field in (*_FIRST, *_LATER)]
    shown = [text for text in usual if text in found or text == usual[0]]
    if not count:
        raise refusal(_("Filen har inga adresskort."), _("Exportera kontakterna på nytt som vCard (.vcf)."))
    return (*shown, *(text for text in found if text not in shown)), count


def _records(path: Path, code: str, columns: tuple[str, ...]) -> Records:
    yield 0, list(columns)
    for number, card in enumerate(vcards.cards(path, code), start=1):
        row = row_of(card, code)
        yield number, [row.get(heading, "") for heading in columns]


def row_of(card: list[Property], code: str) -> dict[str, str]:
    """Return a card's texts by heading; a second value of a kind gets a heading of its own, so that none is lost."""
    row: dict[str, str] = {}
    for one in sorted(card, key=_rank):
        for heading, text in _cells(one, one.text(code)):
            _put(row, heading, text)
    return row


def _rank(one: Property) -> int:
    """Return 0 for what the card's owner prefers, 1 for the rest; a formatted name comes first of all."""
    preferred = "PREF" in one.types or one.params.get("PREF") == "1"
    return -1 if one.name == "FN" else 0 if preferred else 1


def _cells(one: Property, text: str) -> Iterator[tuple[str, str]]:
    if one.name == "N":
        last, first, middle, *_rest = [*vcards.divided(text, ";"), "", "", ""]
        yield _label("last_name"), last
        yield _label("first_name"), f"{first} {middle}".strip()
    elif one.name == "ADR":
        yield from [(_label("street"), "\t".join(vcards.divided(text, ";")))]
    elif one.name == "ORG":
        yield _label("company"), ", ".join(part for part in vcards.divided(text, ";") if part)
    elif one.name == "TEL":
        number = vcards.plain(text).removeprefix("tel:").partition(";")[0]
        yield (_("Fax") if "FAX" in one.types else _label("mobile" if one.types & _MOBILE else "phone")), number
    elif one.name == "BDAY":
        day = vcards.plain(text)
        is_whole = _DAY.fullmatch(day) and "X-APPLE-OMIT-YEAR" not in one.params
        yield (_label("birth_date") if is_whole else _("Födelsedag utan år")), day
    else:
        known = _SIMPLE.get(one.name)
        yield (_label(known) if known else one.name), vcards.plain(text).removeprefix("mailto:")


def _put(row: dict[str, str], heading: str, text: str) -> None:
    if not text.strip("\t "):
        return
    if heading == _label("street"):
        _put_address(row, text.split("\t"))
        return
    if heading == _label("correspondence") and heading in row:
        row[heading] += "\n" + text
        return
    if heading == _label("mobile") and heading in row:
        heading = _label("phone")
    wanted, number = heading, 1
    while wanted in row:
        if row[wanted] == text:
            return
        number += 1
        wanted = f"{heading} {number}"
    row[wanted] = text


def _put_address(row: dict[str, str], parts: list[str]) -> None:
    """Put the first address into the fields of an address, and the others whole into a heading of their own."""
    box, extended, street, city, region, postcode, country, *_rest = [*parts, *[""] * 7]
    lines = "\n".join(part for part in (box, street) if part)
    if _label("street") in row or _label("city") in row:
        whole = (extended, *lines.split("\n"), f"{postcode} {city}".strip(), region, country)
        _put(row, _label("other_address"), ", ".join(part for part in whole if part))
        return
    fitting = (extended, lines, city, postcode, country)
    row.update({_label(code): part for code, part in zip(_ADDRESS, fitting, strict=True) if part})
    _put(row, _("Län eller delstat"), region)


def _label(code: str) -> str:
    """Return the heading that the program itself takes for this field."""
    field = fields.by_code()[code]
    return field.label_sv if language() == "sv" else field.label_en
