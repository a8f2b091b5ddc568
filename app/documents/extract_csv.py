"""The values as one CSV table for spreadsheet programs: UTF-8 with BOM, semicolons, no cell that could run as a formula.

Source: Art. 20.1 GDPR, a structured, commonly used and machine-readable format.
"""

import csv
import io
import re
from collections.abc import Iterator

from app.documents.content import Extract, ExtractRow
from app.documents.plain import plain
from app.domain.money import amount
from app.domain.outputs import Provided, provided_label
from app.i18n import _, language_as

BOM = "\ufeff"
FORMULA_STARTS = frozenset("=+-@\t\r\n|%＝＋－＠")
"""A cell that begins so is run by some spreadsheet program; an apostrophe before it makes it text."""
_NUMBER = re.compile(r"-?\d+(,\d+)?")


def write_extract_csv(extract: Extract) -> bytes:
    """Return the values as CSV, a row for each; the same content gives the same bytes."""
    with language_as(extract.mark.language):
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
        writer.writerow(headers())
        writer.writerows([safe_cell(text) for text in row] for row in _rows(extract))
        return (BOM + out.getvalue()).encode()


def headers() -> tuple[str, ...]:
    """Return the names of the columns."""
    return (
        *(_("Kategori"), _("Fält"), _("Uppgift"), _("Värde"), _("Källa"), _("Sedan"), _("Ändamål")),
        *(_("Rättslig grund"), _("Mottagare"), _("Gallras"), _("Dolt"), _("Lämnad av dig"), _("Fil"), _("Rad")),
    )


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula, on lines that every one of them reads alike."""
    text = plain(text)
    if _NUMBER.fullmatch(text):
        return text
    return "'" + text if text.lstrip(" \u00a0")[:1] in FORMULA_STARTS else text


def _rows(extract: Extract) -> Iterator[tuple[str, ...]]:
    for category in extract.categories:
        for row in category.rows:
            yield (category.title, row.code, row.label, _value(row), *_about(row))


def _value(row: ExtractRow) -> str:
    """Return an amount with a comma, as Swedish spreadsheets read it."""
    found = amount(row.value) if row.kind == "money" and not row.is_masked else None
    return str(found).replace(".", ",") if found is not None else row.value


def _about(row: ExtractRow) -> Iterator[str]:
    yield row.source
    yield row.since_on.isoformat() if row.since_on else ""
    yield "; ".join(row.purpose.split("\n"))
    yield row.legal_basis
    yield "; ".join(row.recipients)
    yield row.erase_text
    yield (row.mask_reason or _("uppgiften rör någon annan")) if row.is_masked else ""
    yield provided_label(Provided(row.provided)) if row.provided else ""
    yield str(row.file) if row.file is not None else ""
    yield str(row.line) if row.line is not None else ""
