"""What the register of processing shows: activities, sources, recipients and rules, with how much each is used."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from db.models import Activity, Datum, ImportBatch, Recipient, RetentionRule, Source


def activities(session: Session) -> list[Row[*tuple[Any, ...]]]:
    """Return id, code, name, legal_basis, rule, categories, review_on, requirements, data of every activity, by name."""
    used = _data_per(Datum.activity_id)
    query = (
        sa.select(
            Activity.id,
            Activity.code,
            Activity.name,
            Activity.legal_basis,
            RetentionRule.title.label("rule"),
            Activity.categories,
            Activity.review_on,
            Activity.requirements,
            sa.func.coalesce(used.c.data, 0).label("data"),
        )
        .outerjoin(RetentionRule, RetentionRule.id == Activity.rule_id)
        .outerjoin(used, used.c.key == Activity.id)
        .order_by(Activity.name, Activity.id)
    )
    return list(session.execute(query))


def activity(session: Session, activity_id: int) -> Activity | None:
    """Return one activity, None when it is gone."""
    return session.get(Activity, activity_id)


def sources(session: Session) -> list[Row[*tuple[Any, ...]]]:
    """Return id, name, kind, activity, is_register, section, requirements, data of every source, registers first."""
    used = _data_per(Datum.source_id)
    query = (
        sa.select(
            Source.id,
            Source.name,
            Source.kind,
            Activity.name.label("activity"),
            Source.is_register,
            Source.section,
            Source.requirements,
            sa.func.coalesce(used.c.data, 0).label("data"),
        )
        .outerjoin(Activity, Activity.id == Source.activity_id)
        .outerjoin(used, used.c.key == Source.id)
        .order_by(Source.is_register.desc(), Source.name)
    )
    return list(session.execute(query))


def recipients(session: Session) -> list[Recipient]:
    """Return every recipient: each category followed by those named in it."""
    found = list(session.scalars(sa.select(Recipient).order_by(Recipient.id)))
    place = {row.code: number for number, row in enumerate(found)}
    return sorted(found, key=lambda row: (place.get(row.category, place[row.code]), place[row.code]))


def rules(session: Session) -> list[RetentionRule]:
    """Return the retention rules."""
    return list(session.scalars(sa.select(RetentionRule).order_by(RetentionRule.id)))


def activities_per_rule(session: Session) -> dict[int, int]:
    """Return how many activities follow each rule."""
    query = sa.select(Activity.rule_id, sa.func.count()).where(Activity.rule_id.is_not(None)).group_by(Activity.rule_id)
    return {key: count for key, count in session.execute(query) if key is not None}


def last_mappings(session: Session) -> dict[str, list[str]]:
    """Return by register's name how the columns of its last file were read."""
    last = sa.select(sa.func.max(ImportBatch.id)).group_by(ImportBatch.source_id)
    query = (
        sa.select(Source.name, ImportBatch.mapping)
        .join(Source, Source.id == ImportBatch.source_id)
        .where(ImportBatch.id.in_(last))
        .order_by(ImportBatch.id.desc())
    )
    return {name: list(mapping) for name, mapping in session.execute(query)}


def _data_per(column: Any) -> Any:
    return sa.select(column.label("key"), sa.func.count().label("data")).group_by(column).subquery()
