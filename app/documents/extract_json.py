"""The extract and the data to carry away as JSON: one document, English keys, every row traced to its file and line.

The form is described in `resources/schemas/personal-data-1.json`.  Source: Art. 20.1 GDPR, structured and machine-readable.
"""

import json
from typing import Any

from app.documents.content import (
    Carried,
    Extract,
    ExtractCategory,
    ExtractRow,
    Party,
    Since,
    SourceFile,
    Titled,
)
from app.domain.money import amount

FORMAT = "ombudet.personal-data/1"
"""Name and version of the form; a change that readers would notice gives a new number."""


def write_extract_json(extract: Extract) -> bytes:
    """Return the document as JSON in UTF-8; the same content gives the same bytes."""
    return (json.dumps(_document(extract), ensure_ascii=False, indent=1) + "\n").encode()


def _document(extract: Extract) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "kind": "extract" if extract.carried is None else "portability",
        "reference": extract.mark.reference,
        "version": extract.mark.version,
        "made_on": extract.mark.made_on.isoformat(),
        "language": extract.mark.language,
        "is_example": extract.mark.is_example,
        "controller": _party(extract.controller),
        "data_protection_officer": _party(extract.officer),
        "person": {"name": extract.subject_name, "identity_masked": extract.subject_identity},
        "has_data": extract.has_data,
        "scope": _scope(extract.carried),
        "categories": [_category(category) for category in extract.categories],
        "files": [_file(file) for file in extract.files],
        "recipients": [
            {"name": one.name, "role": one.role, "country": one.country, "purpose": one.purpose}
            for one in extract.recipients
        ],
        "changes": _changes(extract.since),
        **({} if extract.carried is not None else _article_15(extract)),
    }


def _article_15(extract: Extract) -> dict[str, Any]:
    """Return what only an extract says.  Source: Art. 15.1 a to h and 15.2 GDPR."""
    return {
        "purposes": _titled(extract.purposes),
        "transfers": list(extract.transfers),
        "retention": _titled(extract.retention),
        "sources": _titled(extract.sources),
        "searched": _titled(extract.searched),
        "profiling": list(extract.profiling),
        "automated_decisions": list(extract.automated),
        "rights": _titled(extract.rights),
        "complaint": list(extract.complaint),
        "withheld": _titled(extract.withheld),
    }


def _party(party: Party) -> dict[str, Any]:
    return {
        "name": party.name,
        "organisation_number": party.orgnr,
        "address": list(party.lines),
        "email": party.email,
        "phone": party.phone,
        "website": party.website,
    }


def _titled(texts: tuple[Titled, ...]) -> list[dict[str, str]]:
    return [{"title": one.title, "text": one.text} for one in texts]


def _scope(carried: Carried | None) -> dict[str, Any]:
    if carried is None:
        return {"code": "access", "title": "", "law": "Art. 15 GDPR", "texts": [], "left_out": []}
    return {
        "code": carried.code,
        "title": carried.title,
        "law": carried.law,
        "texts": list(carried.texts),
        "left_out": _titled(carried.left_out),
    }


def _category(category: ExtractCategory) -> dict[str, Any]:
    return {"code": category.code, "title": category.title, "rows": [_row(row) for row in category.rows]}


def _row(row: ExtractRow) -> dict[str, Any]:
    return {
        "field": row.code,
        "label": row.label,
        "type": row.kind,
        "value": None if row.is_masked and not row.value else _value(row),
        "masked": row.is_masked,
        "mask_reason": row.mask_reason,
        "provided": row.provided or None,
        "since": row.since_on.isoformat() if row.since_on else None,
        "purposes": [part for part in row.purpose.split("\n") if part],
        "legal_basis": row.legal_basis,
        "recipients": list(row.recipients),
        "erased": row.erase_text,
        "origin": {"source": row.source, "file": row.file, "line": row.line},
    }


def _value(row: ExtractRow) -> str:
    """Return an amount with a point, everything else as it is."""
    found = amount(row.value) if row.kind == "money" else None
    return str(found) if found is not None else row.value


def _file(file: SourceFile) -> dict[str, Any]:
    return {
        "number": file.number,
        "source": file.source,
        "imported_on": file.imported_on.isoformat(),
        "sha256": file.sha256,
    }


def _changes(since: Since | None) -> dict[str, Any] | None:
    if since is None:
        return None
    rows = None
    if since.rows is not None:
        rows = [
            {"change": row.change, "category": row.category, "label": row.label, "parts": list(row.parts)}
            for row in since.rows
        ]
    return {"since_version": since.version, "since_made_on": since.made_on.isoformat(), "rows": rows}
