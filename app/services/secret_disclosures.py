"""Disclosures to authorities that the person must not be told about.  Source: Chapter 5, section 1, lag (2018:218); the policy's R23."""

from collections.abc import Sequence

from app.services.import_rows import YES
from app.services.keeping import Judged

FLAG = "disclosure_secret"
FIELDS = frozenset(("disclosed_to", "disclosed_on", "disclosed_data", "disclosure_basis", "disclosure_decision", FLAG))


def tellable(values: Sequence[Judged]) -> list[Judged]:
    """Return the values that may be told to the person.

    Where a source marks one of its disclosures as secret, none of that source's disclosures are told: equal marks of several rows
    are stored once, and a police inquiry told by mistake cannot be taken back.
    """
    marked = {
        one.datum.source_id for one in values if one.datum.field == FLAG and one.datum.value.strip().casefold() in YES
    }
    return [
        one
        for one in values
        if one.datum.field != FLAG and not (one.datum.field in FIELDS and one.datum.source_id in marked)
    ]
