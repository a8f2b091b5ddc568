"""What the files of extracts and of data to carry away are called in the vault, by document and format."""

from app.domain.outputs import REMEMBERED, Scope

PDF, XLSX, JSON, CSV = "pdf", "xlsx", "json", "csv"
FORMATS = (PDF, XLSX, JSON, CSV)
MEDIA_TYPES = {
    PDF: "application/pdf",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    JSON: "application/json",
    CSV: "text/csv; charset=utf-8",
}
EXTRACT = {PDF: "extract", XLSX: "workbook", JSON: "extract_json", CSV: "extract_csv"}
CARRIED = {PDF: "portability_pdf", XLSX: "portability", JSON: "portability_json", CSV: "portability_csv"}
EXTRACT_ROWS, CARRIED_ROWS = REMEMBERED
ALL = (*EXTRACT.values(), *CARRIED.values(), *REMEMBERED)
"""Everything that repeats a person's values, and goes when they do."""


def of(scope: Scope) -> dict[str, str]:
    """Return the kinds of a document's files by their formats."""
    return EXTRACT if scope is Scope.ACCESS else CARRIED


def rows_of(scope: Scope) -> str:
    """Return the kind of what a version remembers."""
    return EXTRACT_ROWS if scope is Scope.ACCESS else CARRIED_ROWS


def family(scope: Scope) -> tuple[str, ...]:
    """Return all kinds that count as versions of one document."""
    return (*of(scope).values(), rows_of(scope))
