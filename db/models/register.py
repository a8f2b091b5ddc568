"""What the office says about its processing: activities, sources, recipients, rules, settings."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class Setting(Base):
    """A fact about the organisation or the vault, such as the controller record.  Comfort lives outside the vault."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class RetentionRule(Keyed, Base):
    """How long a kind of data is kept, and from when.  `kind` is a code of `app.domain.retention`."""

    __tablename__ = "retention_rule"
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    kind: Mapped[str]
    months: Mapped[int | None]
    section: Mapped[str] = mapped_column(default="")
    requirements: Mapped[list[str]] = mapped_column(default=list)


class Recipient(Keyed, Base):
    """Somebody who gets data: a processor, a controller of their own, an authority."""

    __tablename__ = "recipient"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="SE")
    contact: Mapped[str] = mapped_column(default="")
    agreement_on: Mapped[dt.date | None] = mapped_column(
        doc="A processor's agreement, a joint controller's arrangement"
    )
    note: Mapped[str] = mapped_column(default="")
    section: Mapped[str] = mapped_column(default="")
    requirements: Mapped[list[str]] = mapped_column(default=list)


class Notice(Keyed, Base):
    """One version of what people are told about their data, and where they are told it.

    `covers` holds codes of what it tells; `settles` the contradictions of the policy that its text has put right.
    """

    __tablename__ = "notice"
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    version: Mapped[str]
    valid_from: Mapped[dt.date]
    place: Mapped[str] = mapped_column(default="")
    covers: Mapped[list[str]] = mapped_column(default=list)
    allows_marketing: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(default="")
    settles: Mapped[list[str]] = mapped_column(default=list)
    section: Mapped[str] = mapped_column(default="")
    requirements: Mapped[list[str]] = mapped_column(default=list)


class Activity(Keyed, Base):
    """A processing activity in the register of Art. 30.  Every datum points at one, or lacks its ground.

    `transfers_to` holds a country and a code of `app.domain.transfers.Safeguard` for each; `transfers` what is said besides.
    """

    __tablename__ = "activity"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    purposes: Mapped[list[str]]
    legal_basis: Mapped[str]
    basis_note: Mapped[str] = mapped_column(default="")
    subjects: Mapped[list[str]]
    categories: Mapped[list[str]]
    recipients: Mapped[list[str]]
    transfers: Mapped[str] = mapped_column(default="")
    security: Mapped[str] = mapped_column(default="")
    is_automated: Mapped[bool] = mapped_column(default=False)
    is_profiling: Mapped[bool] = mapped_column(default=False)
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("retention_rule.id"))
    section: Mapped[str] = mapped_column(default="")
    requirements: Mapped[list[str]] = mapped_column(default=list)
    review_on: Mapped[dt.date | None]
    joint_controllers: Mapped[str] = mapped_column(default="")
    interest: Mapped[str] = mapped_column(default="")
    balancing: Mapped[str] = mapped_column(default="")
    compatibility_note: Mapped[str] = mapped_column(default="")
    sources: Mapped[list[str]] = mapped_column(default=list)
    notices: Mapped[list[str]] = mapped_column(default=list)
    transfers_to: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    logic: Mapped[str] = mapped_column(default="")
    is_selling: Mapped[bool] = mapped_column(default=False)
    selling_reason: Mapped[str] = mapped_column(default="")
    dpia: Mapped[str] = mapped_column(default="")
    dpia_note: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(default="")
    __table_args__ = (sa.CheckConstraint("NOT is_selling OR selling_reason <> ''", name="sale_has_reason"),)


class Source(Keyed, Base):
    """A system or file that the office gives data from."""

    __tablename__ = "source"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="own")
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    is_register: Mapped[bool] = mapped_column(default=True, doc="Holds imported data, not only described in the policy")
    evidence: Mapped[str] = mapped_column(
        default="", doc="What allows data from here to be used, where that is asked for"
    )
    evidence_note: Mapped[str] = mapped_column(default="")
    told_on: Mapped[dt.date | None] = mapped_column(doc="When the people were told, Art. 14")
    section: Mapped[str] = mapped_column(default="")
    requirements: Mapped[list[str]] = mapped_column(default=list)


class OutsideSystem(Keyed, Base):
    """A system that must be changed by hand when data here are corrected or erased."""

    __tablename__ = "outside_system"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    owner: Mapped[str] = mapped_column(default="")


class Deviation(Keyed, Base):
    """A finding of the policy check that somebody decided to live with, for as long as nothing more is missing."""

    __tablename__ = "deviation"
    finding: Mapped[str]
    lacks: Mapped[list[str]]
    reason: Mapped[str]
    approved_at: Mapped[dt.datetime]
    approved_by: Mapped[str]
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[str | None]
    __table_args__ = (
        Index(None, "finding"),
        sa.CheckConstraint("reason <> ''", name="has_reason"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
    )
