"""What the register of processing shows: activities, sources, recipients and rules, with how much each is used."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from db.models import Activity, Datum, ImportBatch, LookupSource, Notice, Recipient, RetentionRule, Source


def activities(session: Session) -> list[Row[*tuple[Any, ...]]]:
    """Return id, code, name, legal_basis, purposes, rule, rule_kind, categories, review_on, requirements of every activity, by name."""
    query = (
        sa.select(
            Activity.id,
            Activity.code,
            Activity.name,
            Activity.legal_basis,
            Activity.purposes,
            RetentionRule.title.label("rule"),
            RetentionRule.kind.label("rule_kind"),
            Activity.categories,
            Activity.review_on,
            Activity.requirements,
        )
        .outerjoin(RetentionRule, RetentionRule.id == Activity.rule_id)
        .order_by(Activity.name, Activity.id)
    )
    return list(session.execute(query))


def activity_list(session: Session) -> list[Activity]:
    """Return every activity, by name."""
    return list(session.scalars(sa.select(Activity).order_by(Activity.name, Activity.id)))


def activity(session: Session, activity_id: int) -> Activity | None:
    """Return one activity, None when it is gone."""
    return session.get(Activity, activity_id)


def sources(session: Session) -> list[Row[*tuple[Any, ...]]]:
    """Return id, name, kind, activity, is_register, section, requirements of every source, registers first."""
    query = (
        sa.select(
            Source.id,
            Source.name,
            Source.kind,
            Activity.name.label("activity"),
            Source.is_register,
            Source.section,
            Source.requirements,
        )
        .outerjoin(Activity, Activity.id == Source.activity_id)
        .order_by(Source.is_register.desc(), Source.name)
    )
    return list(session.execute(query))


def source_list(session: Session) -> list[Source]:
    """Return every source, by name."""
    return list(session.scalars(sa.select(Source).order_by(Source.name)))


def sources_of_activity(session: Session, activity_id: int) -> list[str]:
    """Return the names of the sources whose data belong to an activity."""
    return list(session.scalars(sa.select(Source.name).where(Source.activity_id == activity_id).order_by(Source.name)))


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


def notices(session: Session) -> list[Notice]:
    """Return the texts people are shown, the newest version of each first."""
    return list(session.scalars(sa.select(Notice).order_by(Notice.title, Notice.valid_from.desc(), Notice.id)))


def has_data(session: Session, *, activity_id: int | None = None, source_id: int | None = None) -> bool:
    """Return whether any datum belongs to an activity, or comes from a source."""
    if activity_id is not None:
        query = sa.select(Datum.id).where(Datum.activity_id == activity_id)
        return session.scalar(query.limit(1)) is not None
    keys = [None, *session.scalars(sa.select(Activity.id))]  # the index begins with the activity: ask for each
    return any(
        session.scalar(sa.select(Datum.id).where(Datum.activity_id.is_(key), Datum.source_id == source_id).limit(1))
        for key in keys
    )


def has_history(session: Session, source_id: int) -> bool:
    """Return whether a source has been imported into, or searched for a request."""
    found = (
        sa.select(sa.literal(1)).where(sa.exists().where(model.source_id == source_id))
        for model in (ImportBatch, LookupSource)
    )
    return any(session.scalar(query) for query in found)


def groundless(session: Session, activity_ids: Sequence[int]) -> dict[int, int]:
    """Return how many data belong to each of these activities, those that lack a purpose, a basis or an end."""
    query = (
        sa.select(Datum.activity_id, sa.func.count())
        .where(Datum.activity_id.in_(activity_ids))
        .group_by(Datum.activity_id)
    )
    return {key: count for key, count in session.execute(query) if key is not None} if activity_ids else {}


def without_activity(session: Session) -> dict[int, int]:
    """Return by source how many data belong to no activity."""
    query = sa.select(Datum.source_id, sa.func.count()).where(Datum.activity_id.is_(None)).group_by(Datum.source_id)
    return {key: count for key, count in session.execute(query)}  # noqa: C416 - rows are not pairs to mypy


def with_groundless(session: Session) -> set[int]:
    """Return the sources that have any datum without an activity, without counting them."""
    has_one = sa.exists().where(Datum.activity_id.is_(None), Datum.source_id == Source.id)
    return set(session.scalars(sa.select(Source.id).where(has_one)))


def data_counts(session: Session) -> tuple[dict[int, int], dict[int, int]]:
    """Return how many data there are by activity and by source, in one walk through the index over the two."""
    by_activity: Counter[int] = Counter()
    by_source: Counter[int] = Counter()
    query = sa.select(Datum.activity_id, Datum.source_id, sa.func.count()).group_by(Datum.activity_id, Datum.source_id)
    for activity_id, source_id, count in session.execute(query):
        by_activity[activity_id or 0] += count
        by_source[source_id] += count
    return by_activity, by_source
