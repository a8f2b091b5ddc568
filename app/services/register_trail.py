"""How the register is changed: one way to store and to remove a row, each with what it was before and what it became.

The register is about the office's processing, not about a data subject, so the trail may hold its values.  Who at the office
answers for something, and whom to reach at a recipient, are left out.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.names import words
from app.i18n import _
from app.services import audit
from db.models import Activity, Notice, Recipient, RetentionRule, Source

Row = TypeVar("Row", Activity, Notice, Recipient, RetentionRule, Source)
PERSONS = frozenset({"owner", "contact", "joint_controllers"})
"""Fields that may name somebody: the trail says that they changed, and no more."""
LONGEST = 2_000
"""Characters of a text that the trail keeps."""


def values_of(facts: Any) -> dict[str, Any]:
    """Return facts as a table holds them: lists for tuples, texts without blanks at their ends."""
    return {name: _held(value) for name, value in asdict(facts).items()}


def _held(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_held(part) for part in value]
    return value.strip() if isinstance(value, str) else value


def store(
    session: Session, model: type[Row], row_id: int | None, values: Mapping[str, Any], *, action: Action, name: str
) -> Row:
    """Store a row of the register, a new one when `row_id` is None, and record what changed.

    Args:
        session: The write session.
        model: The table.
        row_id: The row, or None.
        values: Its columns.
        action: What the trail calls it.
        name: What the row is called; a new row's code is made of it.
    """
    changes: dict[str, list[Any]] = {}
    if row_id is None:
        row, fields = model(code=_free_code(session, model, name), **values), sorted(values)
        session.add(row)
    else:
        row = session.get_one(model, row_id)
        changes = {
            key: [getattr(row, key), value] for key, value in values.items() if not _is_same(getattr(row, key), value)
        }
        fields = sorted(changes)
        for key in fields:
            setattr(row, key, values[key])
    session.flush()
    told = {key: list(map(_traced, pair)) for key, pair in changes.items() if key not in PERSONS}
    details: dict[str, Any] = {"changes": told} if told else {}
    audit.record(session, action, row, code=row.code, fields=fields, **details)
    return row


def remove(session: Session, row: Row, *, action: Action, name: str) -> None:
    """Remove a row that nothing uses; the trail keeps its code and its name.

    Raises:
        UserError: Something in the vault still points at it.
    """
    try:
        with session.begin_nested():
            audit.record(session, action, row, code=row.code, name=_traced(name))
            session.delete(row)
    except sa.exc.IntegrityError:
        check_unused(_("Något annat i valvet använder raden."))


def check(problems: Mapping[str, str]) -> None:
    """Refuse to store what has a problem.

    Raises:
        UserError: The first of the problems.
    """
    if problems:
        raise UserError(
            next(iter(problems.values())), stands=_("Registret är oförändrat."), do=_("Rätta uppgiften och spara igen.")
        )


def check_unused(why_not: str) -> None:
    """Refuse to remove what is used.

    Raises:
        UserError: `why_not` says what uses it.
    """
    if why_not:
        raise UserError(
            why_not, stands=_("Inget har tagits bort."), do=_("Ändra det som använder den först, och försök igen.")
        )


def _is_same(before: Any, after: Any) -> bool:
    """Return whether a field says the same as before; the order of codes in a list says nothing."""
    if isinstance(before, list) and isinstance(after, list):
        return sorted(map(str, before)) == sorted(map(str, after))
    return bool(before == after)


def _traced(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[:LONGEST] + "…"
    if isinstance(value, list):
        return [_traced(part) for part in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _free_code(session: Session, model: type[Row], name: str) -> str:
    """Return a code that no row has yet, from the name's plain letters; also none of an import that nobody sees yet."""
    letters = "_".join("".join(sign for sign in word if sign.isascii()) for word in words(name))
    base = letters[:30].strip("_") or model.__tablename__
    code_column = model.__table__.c.code
    taken = set(
        session.connection().scalars(sa.select(code_column).where(code_column.startswith(base, autoescape=True)))
    )
    return next(
        code for number in range(1, 10_000) if (code := base if number == 1 else f"{base}_{number}") not in taken
    )
