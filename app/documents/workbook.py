"""The extract as a workbook: one sheet per category, values as text unless they are dates or money, never a formula.

Source: Art. 20.1 GDPR, a structured, commonly used and machine-readable format.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from app.documents.content import Extract, ExtractRow
from app.documents.sheets import FIRST_DAY, Sheets, Value
from app.domain.money import amount
from app.i18n import _, language_as

_MOST_DIGITS = 15  # of a number in Excel; what is longer loses its end


def write_extract_workbook(extract: Extract) -> bytes:
    """Return the extract as an .xlsx file, in the language of its mark; the same content gives the same bytes."""
    with language_as(extract.mark.language):
        title = _("Registerutdrag {reference}").format(reference=extract.mark.reference)
        sheets = Sheets(title, extract.mark.made_on)
        sheets.add_facts(_("Läs mig"), _readme(extract))
        for category in extract.categories:
            sheets.add_table(category.title, _headers(), [_value_row(row) for row in category.rows])
        headers = (_("Namn"), _("Roll"), _("Land"), _("Ändamål"))
        recipients = [(item.name, item.role, item.country, item.purpose) for item in extract.recipients]
        sheets.add_table(_("Mottagare"), headers, recipients)
        return sheets.save()


def _headers() -> tuple[str, ...]:
    return (
        _("Uppgift"),
        _("Värde"),
        _("Källa"),
        _("Sedan"),
        _("Ändamål"),
        _("Rättslig grund"),
        _("Mottagare"),
        _("Gallras"),
        _("Dolt"),
    )


def _readme(extract: Extract) -> list[tuple[str, Value]]:
    lines: list[tuple[str, Value]] = [
        (_("Vad"), _("De personuppgifter som den ansvarige behandlar om dig")),
        (_("Gäller"), extract.subject_name),
        (_("Identitet"), extract.subject_identity),
        (_("Ansvarig"), extract.controller.name),
        (_("Dataskyddsombud"), " · ".join(text for text in (extract.officer.name, extract.officer.email) if text)),
        (_("Ärende"), extract.mark.reference),
        (_("Datum"), extract.mark.made_on),
        (_("Behandlas uppgifter om dig?"), _("Ja") if extract.has_data else _("Nej")),
    ]
    if extract.mark.is_example:
        lines.insert(0, (_("EXEMPELDATA"), _("Personerna är påhittade.")))
    lines += [(_("Bladen"), _("Ett blad för varje slags uppgifter, och sist ett för mottagarna"))]
    lines += [(_("Kolumnen {name}").format(name=name), text) for name, text in zip(_headers(), _guide(), strict=True)]
    lines += [(_("Långa värden"), _("Fortsätter på nästa rad, märkt med del 1 av 2, del 2 av 2"))]
    return lines


def _guide() -> tuple[str, ...]:
    return (
        _("Vad uppgiften är"),
        _("Själva uppgiften. Personnummer, postnummer och telefonnummer är text"),
        _("Varifrån uppgiften kom"),
        _("Dagen då uppgiften samlades in"),
        _("Varför uppgiften behandlas"),
        _("Grunden i artikel 6 i dataskyddsförordningen"),
        _("Vilka som har fått uppgiften"),
        _("När uppgiften raderas"),
        _("Varför uppgiften är helt eller delvis dold"),
    )


def _value_row(row: ExtractRow) -> tuple[Value, ...]:
    hidden = (row.mask_reason or _("uppgiften rör någon annan")) if row.is_masked else ""
    purposes, recipients = "; ".join(row.purpose.split("\n")), "; ".join(row.recipients)
    erased = _day(row.erase_text) or row.erase_text
    return (row.label, _typed(row), row.source, row.since_on, purposes, row.legal_basis, recipients, erased, hidden)


def _typed(row: ExtractRow) -> Value:
    """Return a date or an amount as what it is; what is masked, or does not parse, stays text."""
    read = None if row.is_masked else _READERS.get(row.kind)
    found = read(row.value) if read is not None else None
    return row.value if found is None else found


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= FIRST_DAY else None


def _amount(text: str) -> Decimal | None:
    found = amount(text)
    return found if found is not None and len(found.as_tuple().digits) <= _MOST_DIGITS else None


_READERS: dict[str, Callable[[str], date | Decimal | None]] = {"date": _day, "money": _amount}
