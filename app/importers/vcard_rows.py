"""One address card becomes a row: its texts by heading, and the headings are our own fields' names.  Runs in the child."""

import re

from app.i18n import _, language
from app.importers import vcards
from app.importers.vcards import Property
from app.reference import fields

FIRST = ("name", "first_name", "last_name", "company", "role", "email", "email_2", "email_3", "mobile", "phone", "phone_2",
    "phone_3", "street", "co_address", "postcode", "city", "country", "other_address", "birth_date")  # fmt: skip
"""The order in which the usual fields are shown."""
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


class Headings:
    """What the fields are called in the language in use, looked up once for a file."""

    def __init__(self) -> None:
        is_swedish = language() == "sv"
        self.of = {field.code: field.label_sv if is_swedish else field.label_en for field in fields.fields()}
        self.fax, self.part_day, self.region = _("Fax"), _("Födelsedag utan år"), _("Län eller delstat")
        self.usual = tuple(self.of[code] for code in FIRST)


def row_of(card: list[Property], code: str, headings: Headings) -> dict[str, str]:
    """Return a card's texts by heading; a second value of a kind gets a heading of its own, so that none is lost."""
    row = _Row(headings)
    written = "utf-8" if code.startswith("utf") else code  # a file in UTF-16 is read as UTF-8
    for one in sorted(card, key=_rank):
        row.take(one, one.text(written))
    return row.cells


def _rank(one: Property) -> int:
    """Return 0 for what the card's owner prefers, 1 for the rest; a formatted name comes first of all."""
    preferred = "PREF" in one.head.types or one.head.params.get("PREF") == "1"
    return -1 if one.head.name == "FN" else 0 if preferred else 1


class _Row:
    def __init__(self, headings: Headings) -> None:
        self.cells: dict[str, str] = {}
        self._headings, self._of = headings, headings.of

    def take(self, one: Property, text: str) -> None:
        name = one.head.name
        if name == "N":
            self._take_name(text)
        elif name == "ADR":
            self._take_address(text)
        elif name == "TEL":
            self._take_number(one, text)
        elif name == "BDAY":
            day = vcards.plain(text)
            is_whole = _DAY.fullmatch(day) and "X-APPLE-OMIT-YEAR" not in one.head.params
            self._put(self._of["birth_date"] if is_whole else self._headings.part_day, day)
        elif name == "ORG":
            self._put(self._of["company"], ", ".join(part for part in vcards.divided(text, ";") if part))
        else:
            known = _SIMPLE.get(name)
            self._put(self._of[known] if known else name, vcards.plain(text).removeprefix("mailto:"))

    def _take_name(self, text: str) -> None:
        last, first, middle, *_rest = [*vcards.divided(text, ";"), "", "", ""]
        self._put(self._of["last_name"], last)
        self._put(self._of["first_name"], f"{first} {middle}".strip())

    def _take_number(self, one: Property, text: str) -> None:
        number = vcards.plain(text).removeprefix("tel:").partition(";")[0]
        if "FAX" in one.head.types:
            self._put(self._headings.fax, number)
        elif one.head.types & _MOBILE and self._of["mobile"] not in self.cells:
            self._put(self._of["mobile"], number)
        else:
            self._put(self._of["phone"], number)

    def _take_address(self, text: str) -> None:
        """Put the first address into the fields of an address, and the others whole into a heading of their own."""
        box, extended, street, city, region, postcode, country, *_rest = [*vcards.divided(text, ";"), *[""] * 7]
        lines = "\n".join(part for part in (box, street) if part)
        if self._of["street"] in self.cells or self._of["city"] in self.cells:
            whole = (extended, *lines.split("\n"), f"{postcode} {city}".strip(), region, country)
            self._put(self._of["other_address"], ", ".join(part for part in whole if part))
            return
        for code, part in zip(_ADDRESS, (extended, lines, city, postcode, country), strict=True):
            self._put(self._of[code], part)
        self._put(self._headings.region, region)

    def _put(self, heading: str, text: str) -> None:
        if not text:
            return
        cells = self.cells
        if heading not in cells:
            cells[heading] = text
        elif heading == self._of["correspondence"]:
            cells[heading] += "\n" + text
        elif cells[heading] != text:
            number = 2
            while (wanted := f"{heading} {number}") in cells and cells[wanted] != text:
                number += 1
            cells[wanted] = text
