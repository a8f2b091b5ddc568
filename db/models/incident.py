"""A personal data breach, from the first suspicion to the closed file."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.severity import Risk
from db.base import Base, Keyed


class Incident(Keyed, Base):
    """An incident.  `answers` holds the authority's form by field name (resources/breach_form.json)."""

    __tablename__ = "incident"
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    aware_at: Mapped[dt.datetime]
    target_at: Mapped[dt.datetime]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    severity: Mapped[dict[str, Any]] = mapped_column(default=dict)
    score: Mapped[float | None]
    risk: Mapped[Risk | None]
    is_notify: Mapped[bool | None]
    is_inform: Mapped[bool | None]
    decision_reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str | None]
    notified_at: Mapped[dt.datetime | None]
    authority_reference: Mapped[str] = mapped_column(default="")
    late_reason: Mapped[str] = mapped_column(default="")
    informed_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
    __table_args__ = (
        CheckConstraint("risk IS NULL OR decision_reason <> ''", name="decision_has_reason"),
        CheckConstraint("notified_at IS NULL OR notified_at <= target_at OR late_reason <> ''", name="late_has_reason"),
    )
