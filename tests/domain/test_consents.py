"""What a consent is worth."""

import datetime as dt

import pytest

from app.domain.consents import ConsentState, state

MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("said_no", "given_on", "withdrawn_on", "has_proof", "expected"),
    [
        (False, MAY, None, True, ConsentState.IN_FORCE),
        (False, MAY, None, False, ConsentState.UNPROVEN),
        (False, None, None, True, ConsentState.UNPROVEN),
        (True, None, None, True, ConsentState.DENIED),
        (False, MAY, JUNE, True, ConsentState.WITHDRAWN),
        (False, MAY, MAY, True, ConsentState.WITHDRAWN),
        (False, None, JUNE, True, ConsentState.WITHDRAWN),
        (False, JUNE, MAY, True, ConsentState.IN_FORCE),
        (True, JUNE, MAY, True, ConsentState.DENIED),
        (False, MAY, dt.date.max, True, ConsentState.WITHDRAWN),
    ],
)
def test_a_consent_counts_only_when_it_can_be_shown_and_was_not_withdrawn(
    said_no: bool, given_on: dt.date | None, withdrawn_on: dt.date | None, has_proof: bool, expected: ConsentState
) -> None:
    found = state(said_no=said_no, given_on=given_on, withdrawn_on=withdrawn_on, has_proof=has_proof)
    assert found is expected
    assert found.label
