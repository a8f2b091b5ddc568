"""What came of an import, as a workbook: how the file was read, how many rows went which way, and what was wrong with the rest.

It holds no value of the file, so that it can be shown to anybody who asks how the register came to be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.documents.content import Mark
from app.documents.sheets import Sheets, Value
from app.i18n import _, language_as


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What a report says.

    Attributes:
        facts: The register, the file, the day and who, as labels and values.
        counts: How many rows went which way, in words and numbers.
        columns: Number, and what the column was read as.  Never its heading: in a file without any that is somebody's data.
        problems: Line, column, fault and remedy of each rejected row; None when it is not kept any more.
        warnings: Line and text; None likewise.
    """

    mark: Mark
    facts: Sequence[tuple[str, str]]
    counts: Sequence[tuple[str, int]]
    columns: Sequence[tuple[int, str]]
    problems: Sequence[tuple[int, str, str, str]] | None = None
    warnings: Sequence[tuple[int, str]] | None = None


def write_import_report(report: ImportReport) -> bytes:
    """Return the report as an .xlsx file, in the language of its mark; the same content gives the same bytes.

    Source: Art. 5.2 GDPR (the controller can show what was done).
    """
    with language_as(report.mark.language):
        sheets = Sheets(_("Importrapport"), report.mark.made_on)
        sheets.add_facts(_("Läs mig"), _readme(report))
        counts = [(text, str(number)) for text, number in report.counts]
        sheets.add_table(_("Antal"), (_("Vad"), _("Antal")), counts)
        columns = [(str(number), read_as) for number, read_as in report.columns]
        sheets.add_table(_("Kolumner"), (_("Kolumn"), _("Läst som")), columns)
        if report.problems is not None:
            problems = [(str(line), *rest) for line, *rest in report.problems]
            sheets.add_table(_("Fel"), (_("Rad"), _("Kolumn"), _("Fel"), _("Så rättar du")), problems)
        if report.warnings is not None:
            warnings = [(str(line), text) for line, text in report.warnings]
            sheets.add_table(_("Varningar"), (_("Rad"), _("Varning")), warnings)
        return sheets.save()


def _readme(report: ImportReport) -> Iterator[tuple[str, Value]]:
    if report.mark.is_example:
        yield _("EXEMPELDATA"), _("Personerna är påhittade.")
    yield _("Vad"), _("Hur en fil lästes in i registret. Rapporten innehåller inga uppgifter ur filen.")
    yield from report.facts
    yield _("Rapportens datum"), report.mark.made_on
    yield _("Spårbarhet"), report.mark.trail
    if report.problems is None:
        yield (
            _("Enskilda rader"),
            _("Vilka rader som hade fel står bara i rapporten som sparas när importen just är klar."),
        )
