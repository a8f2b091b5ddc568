"""The data subject and the data held about them."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.channels import MarketingChannel
from app.domain.subjects import HoldKind, Protection
from db.base import Base, Keyed


class Subject(Keyed, Base):
    """A living natural person.  `uid` is random and stands for the person wherever a name must not."""

    __tablename__ = "subject"
    uid: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    sort_key: Mapped[str]
    relation_start_on: Mapped[dt.date | None]
    relation_end_on: Mapped[dt.date | None]
    protection: Mapped[Protection] = mapped_column(default=Protection.NONE)
    is_deceased: Mapped[bool] = mapped_column(default=False)
    restricted_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
    batch_id: Mapped[int | None] = mapped_column(
        doc="The import that made the record; no key, since that costs an index"
    )
    __table_args__ = (Index(None, "sort_key"), Index(None, "relation_end_on"))


class Identifier(Keyed, Base):
    """Something that points at one person: a number, an address for messages.  `norm` is what is searched."""

    __tablename__ = "identifier"
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    kind: Mapped[str]
    norm: Mapped[str]
    batch_id: Mapped[int | None]
    __table_args__ = (Index(None, "norm", "kind", "subject_id"), Index(None, "subject_id"))


class Datum(Keyed, Base):
    """One value about one person, with where it came from and why it is held.

    `gone_batch_id` is set only while an import that replaces the value is being written or published.
    """

    __tablename__ = "datum"
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"))
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    line: Mapped[int | None]
    category: Mapped[str]
    field: Mapped[str]
    value: Mapped[str]
    since_on: Mapped[dt.date | None]
    fy_end_on: Mapped[dt.date | None]
    gone_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    __table_args__ = (
        Index(None, "subject_id", "field"),
        Index(None, "batch_id"),
        Index(None, "gone_batch_id", sqlite_where=text("gone_batch_id IS NOT NULL")),
        Index(None, "activity_id", "source_id"),  # counts what lacks its ground without reading a value
    )


class OptOut(Keyed, Base):
    """The person does not want marketing in this channel.  It outlives the customer data: that is its purpose."""

    __tablename__ = "opt_out"
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"))
    channel: Mapped[MarketingChannel]
    since_on: Mapped[dt.date]
    __table_args__ = (Index(None, "subject_id", "channel", unique=True),)


class Hold(Keyed, Base):
    """A stop for erasure: an investigation or a dispute.  Somebody must look at it again on `review_on`."""

    __tablename__ = "hold"
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"))
    kind: Mapped[HoldKind]
    reason: Mapped[str]
    set_on: Mapped[dt.date]
    set_by: Mapped[str]
    review_on: Mapped[dt.date]
    lifted_on: Mapped[dt.date | None]
    lifted_by: Mapped[str | None]
    __table_args__ = (
        Index(None, "subject_id"),
        CheckConstraint("(lifted_on IS NULL) = (lifted_by IS NULL)", name="lifted_by_somebody"),
    )
