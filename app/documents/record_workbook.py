"""The register of processing activities as a workbook: a sheet for each list, days as days, never a formula."""

from collections.abc import Iterator

from app.documents.content import Record
from app.documents.sheets import Sheets, Value
from app.documents.words import in_lines, nothing
from app.i18n import _, language_as


def write_record_workbook(record: Record) -> bytes:
    """Return the register as an .xlsx file, in the language of its mark; the same content gives the same bytes.

    Source: Art. 30.1 GDPR.
    """
    with language_as(record.mark.language):
        sheets = Sheets(_("Register över behandling"), record.mark.made_on)
        sheets.add_facts(_("Läs mig"), _readme(record))
        sheets.add_table(_("Behandlingar"), record.points, record.activities)
        for part in record.lists:
            sheets.add_table(part.title, part.headers, part.rows)
        return sheets.save()


def _readme(record: Record) -> Iterator[tuple[str, Value]]:
    if record.mark.is_example:
        yield _("EXEMPELDATA"), _("Organisationen är påhittad.")
    yield _("Vad"), _("Registret över behandling enligt artikel 30.1 i dataskyddsförordningen")
    yield _("Personuppgiftsansvarig"), in_lines(record.controller)
    yield _("Företrädare"), record.representative or nothing()
    yield _("Dataskyddsombud"), in_lines(record.officer)
    yield _("Datum"), record.mark.made_on
    yield _("Antal behandlingar"), str(len(record.activities))
    yield _("Bladen"), _("Ett blad för behandlingarna, och ett för varje lista de hänvisar till")
