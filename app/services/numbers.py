"""Running numbers of cases: B-2026-001, I-2026-001, G-2026-001, and of corrections: R-2026-001."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Correction, Incident, Request, RetentionRun

Numbered = type[Request | Incident | RetentionRun | Correction]


def next_number(session: Session, model: Numbered, letter: str, year: int) -> str:
    """Return the next free number of the year.  Numbers are never used twice while a higher one stands."""
    start = f"{letter}-{year}-"
    longest_first = (sa.func.length(model.number).desc(), model.number.desc())  # 1000 comes after 999
    query = sa.select(model.number).where(model.number.startswith(start, autoescape=True)).order_by(*longest_first)
    last = session.scalar(query.limit(1))
    return f"{start}{int(last.removeprefix(start)) + 1 if last else 1:03d}"
