"""Whom a document is about, what there is to review, and the making of it, in the vault's lanes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.documents.content import Extract
from app.domain.fields import Category, label
from app.domain.outputs import Scope
from app.services import (
    extract_rows,
    extracts,
    filing,
    lookup,
    output_checks,
    output_files,
    output_kinds,
    output_masks,
    portability,
    protected_files,
)
from app.services.output_checks import Check
from app.services.output_choice import Choice
from app.services.output_masks import Review
from app.services.portability import Wish
from app.ui.kit.jobs import Job
from app.ui.outputs.leaving import Outcome
from db.queries import cards

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class About:
    """Whom a document is about.

    Attributes:
        reason: Why a protected person's record is opened; the trail keeps that there was one.
    """

    subject_id: int | None
    request_id: int | None
    reference: str
    language: str = "sv"
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was chosen in the form."""

    scope: Scope = Scope.ACCESS
    formats: Sequence[str] = ()
    choice: Choice = field(default_factory=Choice)
    has_password: bool = False


@dataclass(frozen=True, kw_only=True)
class Material:
    """What there is to go through.

    Attributes:
        values: All that may be told to the person.
        why: Why values may concern others, by their ids.
        categories: Names of the values' categories, by their codes.
        sources: Names of the sources the values come from, by their ids.
        documents: Stored mails and letters: id, and what it is with its day.
    """

    values: Sequence[Any] = ()
    found: Review = field(default_factory=Review)
    why: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[int, str] = field(default_factory=dict)
    documents: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """A preview, with the number of the round it was drawn in."""

    number: int
    content: Extract
    checks: Sequence[Check]
    pdf: bytes


def review(about: About, scope: Scope, today: dt.date, session: "Session", _job: Job) -> Material:
    """Open the person's record for the review, which the trail keeps, and return what is in it."""
    subject_id = about.subject_id
    if subject_id is None:
        return Material()
    lookup.open_subject(session, subject_id, reason=about.reason, request_id=about.request_id)
    told = extracts.held(session, subject_id=subject_id, request_id=about.request_id, today=today, scope=scope)
    ids = {one.datum.id for one in told.values}
    values = [row for row in cards.data(session, subject_id) if row.id in ids]
    found = extracts.review(session, subject_id=subject_id, request_id=about.request_id, scope=scope, today=today)
    documents = {
        row.id: f"{extract_rows.document_label(row)} {row.stored_at.date().isoformat()}"
        for row in extract_rows.documents(session, subject_id)
    }
    return Material(
        values=values,
        found=found,
        why={key: output_masks.why(signs) for key, signs in found.proposed.items()},
        categories={code.value: label(code) for code in Category if any(row.category == code.value for row in values)},
        sources={row.source_id: row.source for row in values},
        documents=documents,
    )


def content(about: About, wanted: Wanted, today: dt.date, session: "Session") -> Extract:
    """Return the document as it would be."""
    keys: dict[str, Any] = {"request_id": about.request_id, "today": today, "choice": wanted.choice}
    if wanted.scope is Scope.ACCESS or about.subject_id is None:
        return extracts.content(session, subject_id=about.subject_id, language=about.language, **keys)
    wish = Wish(scope=wanted.scope, language=about.language)
    return portability.content(session, subject_id=about.subject_id, wish=wish, **keys)


def drawn(
    about: About, wanted: Wanted, found: Review, today: dt.date, number: int, session: "Session", _job: Job
) -> Drawn:
    """Return the preview and what to look at."""
    made = content(about, wanted, today, session)
    keys = (about.subject_id, about.request_id)
    looked = output_checks.checks(session, made, found, wanted.choice, keys=keys, today=today)
    return Drawn(number, made, looked, output_files.written(made, output_kinds.PDF))


def make(session: "Session", about: About, wanted: Wanted, today: dt.date) -> Outcome:
    """Make the files, store them, and return what may leave the vault."""
    choice = wanted.choice
    wish = Wish(scope=wanted.scope, formats=wanted.formats, language=about.language)
    options: dict[str, Any] = {"today": today, "choice": choice}
    if wanted.scope is Scope.ACCESS:
        if about.request_id is not None:
            rows = extracts.make(session, about.request_id, formats=wanted.formats, **options)
        else:
            rows = extracts.make_for_subject(
                session, about.subject_id or 0, language=about.language, formats=wanted.formats, **options
            )
    elif about.request_id is not None:
        rows = portability.make(session, about.request_id, wish=wish, **options)
    else:
        rows = portability.make_for_subject(session, about.subject_id or 0, wish=wish, **options)
    files, letter = [(row.name, filing.read(session, row.id)) for row in rows], None
    if wanted.has_password:
        pdf = next(row for row in rows if row.media_type == output_kinds.MEDIA_TYPES[output_kinds.PDF])
        closed = protected_files.protect(session, pdf.id, today=today)
        files = [(closed.name, closed.content) if name == pdf.name else (name, raw) for name, raw in files]
        letter = (closed.letter_name, closed.letter)
    files += extract_rows.copies(session, choice)
    return Outcome(tuple(files), letter)
