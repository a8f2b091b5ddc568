"""What is doubtful about the cells of a table before it is read: lost zeros, texts that look like formulas.  Runs in the child."""

from collections.abc import Callable, Sequence

from app.domain.fields import Field, FieldKind
from app.i18n import _
from app.importers.records import Source
from app.reference import fields as reference_fields

Mapping = Sequence[str | None]


def doubts(source: Source, names: Sequence[str], mapping: Mapping, rows: Sequence[Sequence[str]]) -> list[str]:
    """Return what to look at in the first rows, in sentences."""
    said = [
        _("{column}: nollor i början kan ha försvunnit. Jämför med källan, och gör kolumnen till text där.").format(
            column=names[place]
        )
        for place in _short_of_zeros(source, mapping, rows)
    ]
    if any(cell.startswith("=") for row in rows for cell in row):
        said.append(_("Några celler börjar med = som en formel. De läses som text, och inget räknas ut."))
    return said


def _short_of_zeros(source: Source, mapping: Mapping, rows: Sequence[Sequence[str]]) -> list[int]:
    known = reference_fields.by_code()
    fields = {place: known[code] for place, code in enumerate(mapping) if code}
    numbers: dict[int, list[str]] = {}
    for place, text in source.numbers():
        numbers.setdefault(place, []).append(text)
    return [
        place
        for place, field in fields.items()
        if _has_lost(field, numbers.get(place, []), [row[place] for row in rows if place < len(row) and row[place]])
    ]


def _has_lost(field: Field, numbers: list[str], texts: list[str]) -> bool:
    """Return whether a column of numbers that are names for something shows that zeros are gone, or may be."""
    if is_short := _SHORT.get(field.kind):
        return any(text.isdigit() and is_short(text) for text in (*numbers, *texts))
    if field.identifier is None or field.kind is not FieldKind.TEXT:
        return False
    digits = [text for text in texts if text.isdigit()]
    padded = {len(text) for text in digits if text[0] == "0"}
    return bool(numbers and field.identifier == _COUNTED) or any(
        text[0] != "0" and len(text) < width for text in digits for width in padded
    )


_COUNTED = "customer_no"
_SHORT: dict[FieldKind, Callable[[str], bool]] = {
    FieldKind.POSTCODE: lambda text: len(text) < 5,
    FieldKind.PNR: lambda text: len(text) == 9 or (len(text) == 8 and text[:2] not in ("19", "20")),
    FieldKind.PHONE: lambda text: not text.startswith(("0", "46")),
}
