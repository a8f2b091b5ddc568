"""The ledger of a recorded search: what each source answered."""

from enum import StrEnum

from app.i18n import _, mark


class Answer(StrEnum):
    """What a source answered.  Source: Art. 5.2 and 15 GDPR: the office can show where it has looked."""

    FOUND = "found"
    NOTHING = "nothing"
    FAILED = "failed"
    ASKED = "asked"
    NO_ANSWER = "no_answer"


GIVEN = (Answer.FOUND, Answer.NOTHING, Answer.NO_ANSWER)
"""What somebody who is asked can answer, or be noted as not having answered."""

_LABELS = {
    Answer.FOUND: mark("Uppgifter fanns"),
    Answer.NOTHING: mark("Inget fanns"),
    Answer.FAILED: mark("Gick inte att söka"),
    Answer.ASKED: mark("Frågad, väntar på svar"),
    Answer.NO_ANSWER: mark("Inget svar"),
}


def label(answer: Answer) -> str:
    """Return the answer as the user reads it."""
    return _(_LABELS[answer])
