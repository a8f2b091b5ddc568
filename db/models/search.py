"""What the search box reads.  Kept up by `db.search_index`; every row goes with the person or the document it is about."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class SearchPerson(Base):
    """A person as the search finds and shows them.

    `names` holds every spelling, one a line, the person's own first; `words` and `places` are what the index `subject_fts`
    holds.  `places` is empty for a protected identity: nobody is found by where they live.
    """

    __tablename__ = "search_person"
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"), primary_key=True)
    names: Mapped[str]
    words: Mapped[str]
    places: Mapped[str]
    sources: Mapped[str]
    is_protected: Mapped[bool]


class SearchStale(Base):
    """A person whose row in `search_person` is out of date.  Filled by triggers, empty after every transaction."""

    __tablename__ = "search_stale"
    subject_id: Mapped[int] = mapped_column(primary_key=True)


class SearchText(Base):
    """The text of a filed document, for the index `document_fts`.  The document itself is a file that cannot be searched."""

    __tablename__ = "search_text"
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str]
