"""What was changed in a row of the register: who, when, and from what to what.  Read out of the audit trail."""

import datetime as dt
import json
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from sqlalchemy.orm import Session

from app.domain import audit as acts
from app.domain.audit import Action
from app.i18n import _
from app.services.register_trail import PERSONS
from app.services.register_words import NOTHING, RegisterWords, field_label
from db.models import Activity, AuditEntry, Notice, Recipient, RetentionRule, Source
from db.queries import trail

Part = Activity | Notice | Recipient | RetentionRule | Source
KINDS: dict[str, type[Any]] = {
    model.__name__.lower(): model for model in (Activity, Notice, Recipient, RetentionRule, Source)
}


REMOVED = frozenset(
    {
        Action.ACTIVITY_REMOVED,
        Action.SOURCE_REMOVED,
        Action.RECIPIENT_REMOVED,
        Action.RULE_REMOVED,
        Action.NOTICE_REMOVED,
    }
)
"""What ends a row; another may be given its number afterwards."""


@dataclass(frozen=True)
class Change:
    """One field in one act.

    Attributes:
        act: What was done.
        field: What changed; empty when the whole row was new.
        before: What it was; a dash when it was empty or is not kept.
        after: What it became.
    """

    at: dt.datetime
    by: str
    act: str
    field: str
    before: str
    after: str


def history(session: Session, kind: str, row_id: int) -> tuple[Change, ...]:
    """Return everything that was done to a row of the register, newest first.

    Args:
        session: Any session.
        kind: `activity`, `source`, `recipient`, `retentionrule` or `notice`.
        row_id: The row.
    """
    words = RegisterWords(session)
    entries = takewhile(lambda entry: entry.action not in REMOVED, trail.about(session, kind, str(row_id)))
    found = [change for entry in entries for change in _changes(entry, words)]
    return (*found, *_beginning(session, kind, row_id))


def _changes(entry: AuditEntry, words: RegisterWords) -> list[Change]:
    held: dict[str, Any] = json.loads(entry.payload)
    act, fields, told = acts.label(entry.action), held.get("fields", []), held.get("changes", {})
    if not told and not 0 < len(fields) <= len(PERSONS):  # a new row names all its fields
        return [Change(entry.at, entry.user, act, "", "", "")]
    return [
        Change(entry.at, entry.user, act, field_label(name), *_pair(name, told.get(name), words)) for name in fields
    ]


def _pair(field: str, told: list[Any] | None, words: RegisterWords) -> tuple[str, str]:
    if told is None:
        return NOTHING, _("ändrat; värdet sparas inte i loggen")
    return words.value(field, told[0]), words.value(field, told[1])


def _beginning(session: Session, kind: str, row_id: int) -> list[Change]:
    """Return that a row came with the profile, when it did."""
    row: Part | None = session.get(KINDS[kind], row_id)
    if row is None or not (row.section or row.requirements):
        return []
    applied = [entry for entry in trail.about(session, "vault", "") if entry.action is Action.PROFILE_APPLIED]
    return [Change(entry.at, entry.user, acts.label(entry.action), "", "", "") for entry in applied[:1]]
