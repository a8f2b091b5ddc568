"""The register extract: everything Art. 15 asks for, in thirteen parts that are always there."""

from collections.abc import Sequence

from app.documents.content import ChangedRow, Extract, ExtractCategory, ExtractRow, Party, Since, SourceFile, Titled
from app.documents.pdf.flow import LANDSCAPE, PORTRAIT, Flow
from app.documents.pdf.furniture import furniture
from app.documents.pdf.render import Info, render
from app.documents.pdf.style import BODY, CELL, CELL_NOTE, CELL_STRONG, LEAD, MM, SHADE, SMALL, TABLE, TABLE_STRONG
from app.documents.pdf.table import Cell, Column
from app.documents.words import nothing
from app.domain import money
from app.domain.row_changes import Change
from app.domain.row_changes import label as change_label
from app.domain.wording import day
from app.i18n import _, language_as, mark

HEADINGS = (
    mark("Bekräftelse"),
    mark("Ansvarig och dataskyddsombud"),
    mark("Dina uppgifter"),
    mark("Ändamål och grund"),
    mark("Mottagare"),
    mark("Överföring utanför EU/EES"),
    mark("Lagringstid"),
    mark("Varifrån uppgifterna kommer"),
    mark("Profilering och automatiska beslut"),
    mark("Dina rättigheter"),
    mark("Klaga hos IMY"),
    mark("Det vi inte lämnat ut och varför"),
    mark("Ordlista"),
)


_PARTS = {
    "value": mark("värde"),
    "source": mark("källa"),
    "since": mark("sedan"),
    "purpose": mark("ändamål"),
    "legal_basis": mark("rättslig grund"),
    "recipients": mark("mottagare"),
    "erased": mark("gallras"),
    "masked": mark("dolt"),
}

DIGEST_CHARS = 16


def write_extract(extract: Extract) -> bytes:
    """Return the extract as tagged PDF, in the language of its mark."""
    with language_as(extract.mark.language):
        title = _("Registerutdrag")
        flow = Flow(PORTRAIT)
        cover(flow, extract, title, _("artikel 15 i dataskyddsförordningen (GDPR)"))
        _confirmation(flow, extract)
        _parties(flow, extract)
        _values(flow, extract.categories)
        _context(flow, extract)
        _ending(flow, extract)
        flow.finish()
        info = Info(f"{title} {extract.mark.reference}", extract.mark.language, extract.mark.made_on)
        return render(flow.pages, flow.root, furniture(extract.mark, title), info)


def cover(flow: Flow, extract: Extract, title: str, law: str) -> None:
    """Add the top of the first page: what it is, about whom, and what differs from the version before."""
    flow.heading(title, 1)
    if extract.controller.name:
        flow.paragraph(_("Dina personuppgifter hos {controller}").format(controller=extract.controller.name), LEAD)
    if extract.mark.is_example:
        flow.paragraph(_("Exempeldata: personerna i dokumentet är påhittade."), SMALL)
    flow.facts(
        (
            (_("Gäller"), extract.subject_name),
            (_("Identitet"), extract.subject_identity),
            (_("Ärende"), extract.mark.reference),
            (_("Datum"), day(extract.mark.made_on)),
            (_("Enligt"), law),
        )
    )
    if extract.since is not None:
        _differs(flow, extract.mark.version, extract.since)


def _differs(flow: Flow, version: int, since: Since) -> None:
    title = _("Det här är version {number}").format(number=version)
    if since.rows is None:
        text = _("Den jämförs inte med version {number}: språk eller omfattning är en annan.")
        flow.note(text.format(number=since.version), title)
        return
    if not since.rows:
        text = _("Uppgifterna är desamma som i version {number} från den {day}.")
        flow.note(text.format(number=since.version, day=day(since.made_on)), title)
        return
    text = _("Så här skiljer den sig från version {number} från den {day}:")
    flow.note(text.format(number=since.version, day=day(since.made_on)), title)
    flow.facts([(change_label(Change(row.change)), changed_row(row)) for row in since.rows])


def changed_row(row: ChangedRow) -> str:
    """Return which row differs, and in what, in words."""
    parts = ", ".join(_(_PARTS[part]) for part in row.parts)
    return f"{row.category}: {row.label}" + (f" ({parts})" if parts else "")


def _heading(flow: Flow, number: int) -> None:
    flow.heading(f"{number} {_(HEADINGS[number - 1])}", 2)


def _confirmation(flow: Flow, extract: Extract) -> None:
    _heading(flow, 1)
    if extract.has_data:
        answer = _("Ja, vi behandlar personuppgifter om dig. Utdraget visar vilka de var den {day}.")
    else:
        answer = _("Nej, vi behandlar inga personuppgifter om dig. Vi sökte senast den {day}.")
    flow.note(answer.format(day=day(extract.mark.made_on)))
    flow.heading(_("Här har vi sökt"), 3)
    _pairs(flow, extract.searched)


def _parties(flow: Flow, extract: Extract) -> None:
    _heading(flow, 2)
    flow.heading(_("Personuppgiftsansvarig"), 3)
    _party(flow, extract.controller)
    flow.heading(_("Dataskyddsombud"), 3)
    _party(flow, extract.officer)


def _party(flow: Flow, party: Party) -> None:
    pairs = [(_("Namn"), party.name), (_("Organisationsnummer"), party.orgnr), (_("Adress"), "\n".join(party.lines))]
    pairs += [(_("E-post"), party.email), (_("Telefon"), party.phone), (_("Webbplats"), party.website)]
    flow.facts([(label, value) for label, value in pairs if value] or [(_("Namn"), nothing())])


def _values(flow: Flow, categories: Sequence[ExtractCategory]) -> None:
    """Add the values, on broad pages if there are any."""
    is_broad = any(category.rows for category in categories)
    if is_broad:
        flow.turn(LANDSCAPE)
    _heading(flow, 3)
    if not categories:
        flow.paragraph(nothing())
    for category in categories:
        flow.heading(category.title, 3)
        if category.rows:
            flow.table(_value_columns(), [_value_row(row) for row in category.rows])
        else:
            flow.paragraph(nothing())
    if is_broad:
        flow.turn(PORTRAIT)


def _value_columns() -> tuple[Column, ...]:
    return (
        Column(_("Uppgift"), 33 * MM, is_row_header=True),
        Column(_("Värde"), 50 * MM),
        Column(_("Källa"), 29 * MM),
        Column(_("Sedan"), 18 * MM),
        Column(_("Ändamål"), 50 * MM),
        Column(_("Rättslig grund"), 31 * MM),
        Column(_("Mottagare"), 32 * MM),
        Column(_("Gallras"), 24 * MM),
    )


def _value_row(row: ExtractRow) -> tuple[Cell, ...]:
    since = row.since_on.isoformat() if row.since_on else ""
    texts = (since, row.purpose, row.legal_basis, "\n".join(row.recipients), row.erase_text)
    first = (Cell.of(row.label, CELL_STRONG), value_cell(row), source_cell(row))
    return (*first, *(Cell.of(text or "–", CELL) for text in texts))


def source_cell(row: ExtractRow) -> Cell:
    """Return where a value came from, with the file and the line under it."""
    source = row.source or "–"
    return Cell(((source, CELL), (row.trace, CELL_NOTE))) if row.trace else Cell.of(source, CELL)


def value_cell(row: ExtractRow) -> Cell:
    """Return a value, or that it is hidden and why."""
    if not row.is_masked:
        return Cell.of((money.shown(row.value) if row.kind == "money" else row.value) or "–", CELL)
    reason = row.mask_reason or _("uppgiften rör någon annan")
    return Cell(((row.value or "•••", CELL), (_("Dolt: {reason}").format(reason=reason), CELL_NOTE)), SHADE)


def _context(flow: Flow, extract: Extract) -> None:
    _heading(flow, 4)
    titled(flow, extract.purposes)
    _heading(flow, 5)
    _recipients(flow, extract)
    _heading(flow, 6)
    _bullets(flow, extract.transfers)
    _heading(flow, 7)
    _pairs(flow, extract.retention)
    _heading(flow, 8)
    _pairs(flow, extract.sources)
    source_files(flow, extract.files)
    _heading(flow, 9)
    flow.heading(_("Profilering"), 3)
    _bullets(flow, extract.profiling)
    flow.heading(_("Automatiska beslut"), 3)
    _bullets(flow, extract.automated)


def _ending(flow: Flow, extract: Extract) -> None:
    _heading(flow, 10)
    titled(flow, extract.rights)
    _heading(flow, 11)
    for text in extract.complaint or (nothing(),):
        flow.paragraph(text)
    _heading(flow, 12)
    titled(flow, extract.withheld)
    _heading(flow, 13)
    _pairs(flow, extract.glossary)
    if flow.has_missing_signs:
        flow.paragraph(
            _(
                "☐ står för ett tecken som typsnittet saknar. Tecknet följer med när du kopierar texten eller får den uppläst."
            ),
            SMALL,
        )


def source_files(flow: Flow, files: Sequence[SourceFile]) -> None:
    """Add the list of files that the values' source cells point at."""
    if not files:
        return
    flow.heading(_("Filerna som uppgifterna lästes in från"), 3)
    text = _("{source}, inläst den {day}. Filens kontrollsumma (SHA-256) börjar med {digest}.")
    name = _("Fil {number}")
    flow.facts(
        [
            (
                name.format(number=file.number),
                text.format(source=file.source, day=day(file.imported_on), digest=file.sha256[:DIGEST_CHARS]),
            )
            for file in files
        ]
    )


def _recipients(flow: Flow, extract: Extract) -> None:
    if not extract.recipients:
        flow.paragraph(nothing())
        return
    columns = (
        Column(_("Namn"), 48 * MM, is_row_header=True),
        Column(_("Roll"), 38 * MM),
        Column(_("Land"), 24 * MM),
        Column(_("Ändamål"), 60 * MM),
    )
    flow.table(
        columns,
        [
            (
                Cell.of(item.name, TABLE_STRONG),
                *(Cell.of(text or "–", TABLE) for text in (item.role, item.country, item.purpose)),
            )
            for item in extract.recipients
        ],
    )


def titled(flow: Flow, texts: Sequence[Titled]) -> None:
    """Add texts with their headings, or that there are none."""
    if not texts:
        flow.paragraph(nothing())
    for item in texts:
        flow.heading(item.title, 3)
        flow.paragraph(item.text)


def _pairs(flow: Flow, texts: Sequence[Titled]) -> None:
    if texts:
        flow.facts([(item.title, item.text) for item in texts])
    else:
        flow.paragraph(nothing())


def _bullets(flow: Flow, texts: Sequence[str]) -> None:
    if len(texts) == 1:
        flow.paragraph(texts[0])
    elif texts:
        for text in texts:
            flow.bullet(text, BODY)
    else:
        flow.paragraph(nothing())
