"""Running numbers."""

import pytest

from app.services.numbers import next_number
from db.models import RetentionRun
from db.store import Store
from tests.factories import NOW


@pytest.mark.parametrize(
    ("taken", "following"),
    [
        ([], "G-2026-001"),
        (["G-2026-001", "G-2026-002"], "G-2026-003"),
        (["G-2026-999", "G-2026-1000"], "G-2026-1001"),
        (["G-2025-044", "G-20260-9"], "G-2026-001"),
    ],
)
def test_numbers_count_up_within_the_year_also_past_a_thousand(store: Store, taken: list[str], following: str) -> None:
    with store.write(NOW) as session:
        session.add_all(
            RetentionRun(number=number, decided_at=NOW, decided_by="Eva", erased=0, anonymised=0, kept=0)
            for number in taken
        )
        session.flush()
        assert next_number(session, RetentionRun, "G", 2026) == following
