"""What may concern somebody else in a person's data, and what was decided about it before.  Source: Art. 15.4 and 20.4 GDPR."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import third_persons
from app.domain.fields import Category, FieldKind
from app.domain.outputs import ShowGround
from app.domain.third_persons import Own, Sign
from app.i18n import _
from app.reference.fields import by_code
from app.reference.third_persons import kin
from app.services import secret_disclosures
from app.services.output_choice import Choice
from app.services.output_versions import Version
from db.models import Datum, Identifier
from db.queries import people

FREE_TEXT = frozenset({Category.SERVICE.value})
"""Categories whose text is written freely and may name somebody else.  Source: Art. 15.4 GDPR; the policy's R10."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """What there is to decide before a document is made.

    Attributes:
        proposed: Ids of values that may concern others, each with the signs of it.
        masked: Ids that are hidden to begin with.
        shown: On which grounds proposed values were shown in the version before, for those that say the same now.
    """

    proposed: Mapping[int, tuple[Sign, ...]] = field(default_factory=dict)
    masked: frozenset[int] = frozenset()
    shown: Mapping[int, ShowGround] = field(default_factory=dict)


def review(session: Session, subject_id: int | None, before: Version | None, *, today: dt.date) -> Review:
    """Return what may concern others, and what the version before decided about it."""
    if subject_id is None:
        return Review()
    family = people.family(session, subject_id)
    texts = _texts(session, family)
    norms = frozenset(session.scalars(sa.select(Identifier.norm).where(Identifier.subject_id.in_(family))))
    proposed = {}
    for row in texts:
        signs = third_persons.signs(row.value, Own(norms), kin(), today)
        if row.category in FREE_TEXT or signs:
            proposed[row.id] = signs
    if before is None:
        return Review(proposed=proposed, masked=frozenset(proposed))
    same = {row.id for row in texts if before.value_of(row.id) == row.value}
    shown = {key: ground for key, ground in before.shown.items() if key in proposed and key in same}
    hidden_by_hand = before.masked & set(session.scalars(sa.select(Datum.id).where(Datum.subject_id.in_(family))))
    return Review(proposed=proposed, masked=(frozenset(proposed) - set(shown)) | hidden_by_hand, shown=shown)


def _texts(session: Session, family: Sequence[int]) -> Sequence[sa.Row[int, str, str, str]]:
    """Return the values of a person that are free text."""
    texts = [code for code, known in by_code().items() if known.kind is FieldKind.TEXT and not known.withheld]
    query = sa.select(Datum.id, Datum.category, Datum.field, Datum.value).where(
        Datum.subject_id.in_(family), Datum.field.in_(texts), Datum.field.not_in(secret_disclosures.FIELDS)
    )
    return session.execute(query).all()


def decided(choice: Choice, found: Review) -> tuple[frozenset[int], dict[int, str]]:
    """Return which values are hidden, and on which grounds proposed ones are shown."""
    masked = found.masked if choice.masked is None else choice.masked
    grounds = {**found.shown, **choice.shown}
    return masked, {key: grounds[key].value for key in sorted(set(found.proposed) - masked) if key in grounds}


def why(signs: Sequence[Sign]) -> str:
    """Return to the officer why a value is proposed to be hidden."""
    if not signs:
        return _("Fritext kan röra någon annan. Läs den.")
    return _("Nämner {what}.").format(what=", ".join(map(third_persons.label, signs)))
