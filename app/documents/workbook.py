"""The extract as a workbook: one sheet per category, values as text unless they are dates or money, never a formula.

Source: Art. 20.1 GDPR, a structured, commonly used and machine-readable format.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from app.documents.content import Extract, ExtractRow
from app.documents.sheets import FIRST_DAY, Sheets, Value
from app.domain.money import amount
from app.domain.outputs import Provided, provided_label
from app.domain.row_changes import Change
from app.domain.row_changes import label as change_label
from app.i18n import _, language_as

_MOST_DIGITS = 15  # of a number in Excel; what is longer loses its end


def write_extract_workbook(extract: Extract) -> bytes:
    """Return the extract as an .xlsx file, in the language of its mark; the same content gives the same bytes."""
    with language_as(extract.mark.language):
        sheets = Sheets(_title(extract), extract.mark.made_on)
        sheets.add_facts(_("Läs mig"), _readme(extract))
        headers = tuple(name for name, _text in _columns(extract))
        for category in extract.categories:
            if category.rows or extract.carried is None:
                rows = [_value_row(row, is_carried=extract.carried is not None) for row in category.rows]
                sheets.add_table(category.title, headers, rows)
        titles = (_("Namn"), _("Roll"), _("Land"), _("Ändamål"))
        recipients = [(item.name, item.role, item.country, item.purpose) for item in extract.recipients]
        sheets.add_table(_("Mottagare"), titles, recipients)
        _add_origins(sheets, extract)
        return sheets.save()


def _title(extract: Extract) -> str:
    if extract.carried is not None:
        return f"{extract.carried.title} {extract.mark.reference}"
    return _("Registerutdrag {reference}").format(reference=extract.mark.reference)


def _add_origins(sheets: Sheets, extract: Extract) -> None:
    """Add the files that the rows come from, what is left out, and what differs from the version before."""
    files = [(str(one.number), one.source, one.imported_on, one.sha256) for one in extract.files]
    sheets.add_table(_("Filer"), (_("Fil"), _("Källa"), _("Inläst"), _("Kontrollsumma (SHA-256)")), files)
    if extract.carried is not None:
        left_out = [(one.title, one.text) for one in extract.carried.left_out]
        sheets.add_table(_("Inte med"), (_("Vad"), _("Varför")), left_out)
    if extract.since is not None and extract.since.rows is not None:
        changes = [(change_label(Change(one.change)), one.category, one.label) for one in extract.since.rows]
        title = _("Ändrat sedan version {number}").format(number=extract.since.version)
        sheets.add_table(title, (_("Ändring"), _("Kategori"), _("Uppgift")), changes)


def _columns(extract: Extract) -> tuple[tuple[str, str], ...]:
    """Return the columns of the values and what each holds."""
    provided = ((_("Lämnad av dig"), _("Hur uppgiften kom till")),) if extract.carried is not None else ()
    return (
        (_("Uppgift"), _("Vad uppgiften är")),
        (_("Värde"), _("Själva uppgiften. Personnummer, postnummer och telefonnummer är text")),
        (_("Källa"), _("Varifrån uppgiften kom")),
        (_("Sedan"), _("Dagen då uppgiften samlades in")),
        (_("Ändamål"), _("Varför uppgiften behandlas")),
        (_("Rättslig grund"), _("Grunden i artikel 6 i dataskyddsförordningen")),
        (_("Mottagare"), _("Vilka som har fått uppgiften")),
        (_("Gallras"), _("När uppgiften raderas")),
        (_("Dolt"), _("Varför uppgiften är helt eller delvis dold")),
        *provided,
        (_("Fil"), _("Filen som uppgiften lästes in från, se bladet Filer")),
        (_("Rad"), _("Raden i den filen")),
    )


def _readme(extract: Extract) -> list[tuple[str, Value]]:
    lines: list[tuple[str, Value]] = [
        (_("Vad"), _("De personuppgifter som den ansvarige behandlar om dig")),
        *_scope(extract),
        (_("Gäller"), extract.subject_name),
        (_("Identitet"), extract.subject_identity),
        (_("Ansvarig"), extract.controller.name),
        (_("Dataskyddsombud"), " · ".join(text for text in (extract.officer.name, extract.officer.email) if text)),
        (_("Ärende"), extract.mark.reference),
        (_("Datum"), extract.mark.made_on),
        (_("Version"), str(extract.mark.version)),
        (_("Behandlas uppgifter om dig?"), _("Ja") if extract.has_data else _("Nej")),
    ]
    if extract.mark.is_example:
        lines.insert(0, (_("EXEMPELDATA"), _("Personerna är påhittade.")))
    lines += [(_("Bladen"), _("Ett blad för varje slags uppgifter, och sist ett för mottagarna"))]
    lines += [(_("Kolumnen {name}").format(name=name), text) for name, text in _columns(extract)]
    lines += [(_("Långa värden"), _("Fortsätter på nästa rad, märkt med del 1 av 2, del 2 av 2"))]
    return lines


def _scope(extract: Extract) -> list[tuple[str, Value]]:
    carried = extract.carried
    if carried is None:
        return []
    return [
        (_("Omfattning"), carried.title),
        (_("Enligt"), carried.law),
        *((_("Det betyder"), text) for text in carried.texts),
    ]


def _value_row(row: ExtractRow, *, is_carried: bool) -> tuple[Value, ...]:
    hidden = (row.mask_reason or _("uppgiften rör någon annan")) if row.is_masked else ""
    purposes, recipients = "; ".join(row.purpose.split("\n")), "; ".join(row.recipients)
    erased = _day(row.erase_text) or row.erase_text
    first = (row.label, _typed(row), row.source, row.since_on, purposes, row.legal_basis, recipients, erased, hidden)
    provided = (provided_label(Provided(row.provided)) if row.provided else "",) if is_carried else ()
    return (*first, *provided, _number(row.file), _number(row.line))


def _number(number: int | None) -> str:
    return str(number) if number is not None else ""


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
