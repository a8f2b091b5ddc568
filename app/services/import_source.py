"""The source that a file's rows come from, and the activities they are held for.  Belongs to `imports`."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.errors import UserError
from app.i18n import _
from db.models import Activity, RetentionRule, Source


def source_named(session: Session, name: str) -> Source | None:
    """Return the source with a name, None when it is not there yet.

    Raises:
        UserError: The name is empty.
    """
    if not name.strip():
        raise UserError(
            _("Källan saknar namn."),
            stands=_("Inget har importerats."),
            do=_("Skriv vilket system filen kommer från, till exempel Kundregister."),
        )
    return session.scalar(sa.select(Source).where(Source.name == name.strip()))


def source_for(session: Session, name: str, activity: str) -> tuple[Source, bool]:
    """Return the source with a name, and whether it was made now.  Who publishes the import records the making.

    Raises:
        UserError: The name is empty.
    """
    found = source_named(session, name)
    if found is not None:
        return found, False
    held_for = (
        session.scalar(sa.select(Activity).where(Activity.code == activity))
        if activity
        else _customer_activity(session)
    )
    source = Source(
        code=_code(session, name.strip()),
        name=name.strip(),
        kind="own",
        activity_id=held_for.id if held_for else None,
        is_register=True,
    )
    session.add(source)
    session.flush()
    return source, True


def bookkeeping_activity(session: Session) -> int | None:
    """Return the activity that vouchers are held for, if there is one."""
    rule = sa.select(RetentionRule.id).where(RetentionRule.kind == "bookkeeping")
    return session.scalar(sa.select(Activity.id).where(Activity.rule_id.in_(rule)).order_by(Activity.id))


def _code(session: Session, name: str) -> str:
    base = (
        "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.casefold())[:30].strip("-")
        or "source"
    )
    taken = set(session.scalars(sa.select(Source.code).where(Source.code.startswith(base))))
    return (
        base
        if base not in taken
        else next(code for number in range(2, 10_000) if (code := f"{base}-{number}") not in taken)
    )


def _customer_activity(session: Session) -> Activity | None:
    return next(
        (row for row in session.scalars(sa.select(Activity).order_by(Activity.id)) if "customer" in row.categories),
        None,
    )
