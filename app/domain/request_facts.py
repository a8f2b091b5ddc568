"""What the rules need to know about a request.  The rules themselves are in `app.domain.lifecycle`."""

from dataclasses import dataclass
from datetime import date

from app.domain.rights import RULES, Right
from app.domain.status import SIDE_EXITS, Outcome, Question


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One right asked for, and its decision if there is one.  A refusal, also in part, has its reason in words."""

    right: Right
    outcome: Outcome | None = None
    ground: str = ""
    reason: str = ""

    @property
    def is_refusal(self) -> bool:
        """Return whether the person does not get all that was asked for."""
        return self.outcome in {Outcome.REFUSED, Outcome.PARTLY}

    @property
    def is_tried(self) -> bool:
        """Return whether the right itself is or will be tried: not withdrawn, and the person not unknown."""
        return self.outcome not in SIDE_EXITS


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known about a request.

    Attributes:
        rights: The rights asked for, with their decisions.
        received_on: The day it arrived.
        due_on: The last day to answer as it now stands.
        first_due_on: The last day of the first month, pauses included: an extension must be sent by then.  None: as `due_on`.
        is_registered: Somebody has taken it in.
        acknowledged_on: The day the person was told that it has come.
        identity_checked: It is settled who asks.
        has_asked_identity: The person has been asked to prove who they are.
        has_subject: It is tied to a person in the register.
        has_lookup: All registers have been searched.
        has_extract: The copy of the data is made.
        has_letter: The answer is written.
        has_remedies: The answer names the supervisory authority and the court.
        is_protected: The person has a protected identity.
        is_extended: The limit has been extended.
        paused_on: The day a question was sent that holds the clock, until it is answered.
        question: What was asked.
        tasks: How many tasks outside the program it has led to.
        open_tasks: How many of them are not done.
        unanswered: How many sources outside the vault have been asked and not answered.
        is_proposed: A decision is proposed.
        is_in_review: The reviewer has the proposal.
        is_complaint: The supervisory authority has taken it up, or the person contests the answer.
        sent_on: The day the answer was sent.
        closed_on: The day it was closed.
    """

    rights: tuple[Decision, ...]
    received_on: date
    due_on: date
    first_due_on: date | None = None
    is_registered: bool = True
    acknowledged_on: date | None = None
    identity_checked: bool = False
    has_asked_identity: bool = False
    has_subject: bool = False
    has_lookup: bool = False
    has_extract: bool = False
    has_letter: bool = False
    has_remedies: bool = False
    is_protected: bool = False
    is_extended: bool = False
    paused_on: date | None = None
    question: Question = Question.IDENTITY
    tasks: int = 0
    open_tasks: int = 0
    unanswered: int = 0
    is_proposed: bool = False
    is_in_review: bool = False
    is_complaint: bool = False
    sent_on: date | None = None
    closed_on: date | None = None

    @property
    def is_paused(self) -> bool:
        """Return whether the clock stands still."""
        return self.paused_on is not None

    @property
    def is_decided(self) -> bool:
        """Return whether every right has its decision."""
        return bool(self.rights) and all(decision.outcome is not None for decision in self.rights)

    @property
    def is_late(self) -> bool:
        """Return whether the answer was sent after the last day.  It is still sent, and recorded as late."""
        return self.sent_on is not None and self.sent_on > self.due_on

    @property
    def is_withdrawn(self) -> bool:
        """Return whether the person has taken everything back."""
        return bool(self.rights) and all(decision.outcome is Outcome.WITHDRAWN for decision in self.rights)

    @property
    def tried(self) -> tuple[Decision, ...]:
        """Return the rights that are tried."""
        return tuple(decision for decision in self.rights if decision.is_tried)

    @property
    def needs_identity(self) -> bool:
        """Return whether it must be settled who asks."""
        return any(RULES[decision.right].needs_identity for decision in self.tried)

    @property
    def needs_lookup(self) -> bool:
        """Return whether the registers must be searched."""
        return any(RULES[decision.right].needs_lookup for decision in self.tried)

    @property
    def needs_extract(self) -> bool:
        """Return whether the answer holds a copy of data: somebody has the right to it, and there are data."""
        without = {Outcome.REFUSED, Outcome.NO_DATA}
        return self.has_subject and any(RULES[d.right].needs_extract and d.outcome not in without for d in self.tried)
