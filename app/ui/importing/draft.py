"""What the wizard has gathered so far, and what can be said of it without asking anyone."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.importing import Duplicate, Gone, fingerprint
from app.i18n import _, language
from app.importers.drafts import TableOptions, TablePreview
from app.reference import fields
from app.services.imports import Imported, Plan
from app.ui.kit.foreign import one_line

KINDS = {
    "csv": "CSV",
    "tsv": "TSV",
    "vcf": "vCard (.vcf)",
    "json": "JSON",
    "xlsx": "Excel (.xlsx)",
    "xls": "Excel (.xls)",
    "ods": "OpenDocument (.ods)",
}
_FOREIGN = re.compile(r"[^\x00-\x7f]")


@dataclass
class Draft:
    """The import being prepared.

    Attributes:
        preview: How the program understands the file; None until it has been read.
        trial: What the dry run gave for `plan`.
        done: What the import gave.
    """

    path: Path | None = None
    options: TableOptions = field(default_factory=TableOptions)
    preview: TablePreview | None = None
    mapping: tuple[str | None, ...] = ()
    source: str = ""
    activity: str = ""
    duplicates: Duplicate = Duplicate.UPDATE
    lines: dict[int, Duplicate] = field(default_factory=dict)
    gone: Gone = Gone.KEEP
    is_part: bool = False
    trial: Imported | None = None
    done: Imported | None = None

    def plan(self) -> Plan | None:
        """Return what is to be imported, None while there is no file."""
        if self.path is None or self.preview is None:
            return None
        seen = self.preview
        options = TableOptions(
            sheet=seen.sheet or None, encoding=seen.encoding or None, separator=seen.separator or None
        )
        return Plan(
            path=self.path,
            source=self.source,
            mapping=self.mapping,
            activity=self.activity,
            options=options,
            duplicates=self.duplicates,
            lines=dict(self.lines),
            gone=self.gone,
            is_part=self.is_part,
            fingerprint=fingerprint(seen.headers),
        )


def field_choices() -> list[tuple[str, str]]:
    """Return our fields as code and text, after the choice to leave a column out."""
    named = [(one.code, one.label_en if language() == "en" else one.label_sv) for one in fields.fields()]
    return [("", _("Utelämna")), *named]


def mapping_problem(mapping: Sequence[str | None]) -> str:
    """Return what is wrong with the choice of columns, empty when nothing is."""
    chosen = [code for code in mapping if code]
    known = fields.by_code()
    twice = [known[code].label_sv for code, count in Counter(chosen).items() if count > 1]
    if twice:
        return _("Flera kolumner går till {field}. Låt en av dem vara kvar och utelämna de andra.").format(
            field=twice[0]
        )
    if not any(known[code].kind == "name" or known[code].identifier for code in chosen):
        return _("Ingen kolumn säger vem raderna gäller. Koppla en kolumn till namn, personnummer eller kundnummer.")
    return ""


def telling_words(preview: TablePreview, count: int = 6) -> str:
    """Return the words of the sample that show whether the encoding is right: those with å, ä, ö and the like.

    The headings of address cards are the program's own words and show nothing.
    """
    headers = () if preview.kind == "vcf" else preview.headers
    words = (word for row in (headers, *preview.sample) for cell in row for word in cell[:500].split())
    telling = dict.fromkeys(one_line(word, 30) for word in words if _FOREIGN.search(word))
    return "   ".join(list(telling)[:count])


def summary(preview: TablePreview) -> str:
    """Return what kind of file it is and about how large."""
    rows = f"{preview.rows_estimate:,}".replace(",", "\N{NO-BREAK SPACE}")
    return _("{kind}, {columns} kolumner, cirka {rows} rader").format(
        kind=KINDS.get(preview.kind, preview.kind), columns=len(preview.headers), rows=rows
    )
