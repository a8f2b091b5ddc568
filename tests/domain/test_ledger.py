"""The words of the ledger."""

from app.domain import ledger
from app.domain.ledger import Answer


def test_every_answer_has_its_word() -> None:
    assert len({ledger.label(answer) for answer in Answer}) == len(Answer)
    assert ledger.label(Answer.ASKED) == "Frågad, väntar på svar"
    assert Answer.ASKED not in ledger.GIVEN
