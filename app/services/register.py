"""The register of processing activities.  Source: Art. 30.1 GDPR; the policy's promises R15 to R22 and R30 to R33."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import fields
from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.fields import Category
from app.domain.names import words
from app.i18n import _, language
from app.services import audit, organisation
from db.models import Activity
from db.queries import register as queries

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ActivityFacts:
    """What the register says about one activity.

    Attributes:
        purposes: Codes of the profile's purposes, or the office's own words.
        recipients: Codes of recipients.
        rule_id: The retention rule; None when there is none yet, which the register shows as a gap.
    """

    name: str
    purposes: tuple[str, ...]
    legal_basis: str
    basis_note: str = ""
    subjects: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    transfers: str = ""
    security: str = ""
    is_automated: bool = False
    is_profiling: bool = False
    rule_id: int | None = None
    review_on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Choosable:
    """What there is to choose from, as code and text; and who answers for it all (Art. 30.1 a)."""

    purposes: Choices
    legal_bases: Choices
    subjects: Choices
    categories: Choices
    recipients: Choices
    rules: Choices
    controller: str
    officer: str


def problems(facts: ActivityFacts) -> dict[str, str]:
    """Return what is wrong, a sentence per field; empty when it can be saved."""
    found = {}
    if not facts.name.strip():
        found["name"] = _("Skriv vad behandlingen heter.")
    if not [purpose for purpose in facts.purposes if purpose.strip()]:
        found["purposes"] = _("Välj minst ett ändamål, eller skriv ett eget.")
    if not facts.legal_basis:
        found["legal_basis"] = _("Välj den rättsliga grunden.")
    if not facts.subjects:
        found["subjects"] = _("Välj minst en grupp av registrerade.")
    if not facts.categories:
        found["categories"] = _("Välj minst en kategori av uppgifter.")
    return found


def save_activity(session: Session, activity_id: int | None, facts: ActivityFacts) -> Activity:
    """Store an activity, a new one when `activity_id` is None.

    Source: Art. 30.1 b to g GDPR.

    Raises:
        UserError: Something that the register must hold is missing; nothing was stored.
    """
    if wrong := problems(facts):
        raise UserError(
            next(iter(wrong.values())), stands=_("Behandlingen är oförändrad."), do=_("Rätta uppgiften och spara igen.")
        )
    values = _values(facts)
    if activity_id is None:
        activity, changed = Activity(code=_code(session, facts.name), **values), sorted(values)
        session.add(activity)
    else:
        activity = session.get_one(Activity, activity_id)
        changed = sorted(name for name, value in values.items() if getattr(activity, name) != value)
        for name in changed:
            setattr(activity, name, values[name])
    session.flush()
    audit.record(session, Action.ACTIVITY_SAVED, activity, code=activity.code, fields=changed)
    return activity


def facts_of(activity: Activity) -> ActivityFacts:
    """Return what the register says about a stored activity."""
    held: dict[str, Any] = {name.name: getattr(activity, name.name) for name in dataclasses.fields(ActivityFacts)}
    facts: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}
    return ActivityFacts(**facts)


def choosable(session: Session) -> Choosable:
    """Return what the form offers, in the language in use."""
    profile, shown = organisation.profile_of(session), language()
    controller = organisation.fact(session, organisation.CONTROLLER)
    officer = organisation.fact(session, organisation.OFFICER)
    return Choosable(
        purposes=tuple((entry.code, entry.shown(shown)) for entry in profile.purposes),
        legal_bases=tuple((entry.code, f"{entry.article} – {entry.shown(shown)}") for entry in profile.legal_bases),
        subjects=tuple((entry.code, entry.shown(shown)) for entry in profile.subject_groups),
        categories=tuple((category.value, fields.label(category)) for category in Category),
        recipients=tuple((row.code, row.name) for row in queries.recipients(session)),
        rules=tuple((str(row.id), row.title) for row in queries.rules(session)),
        controller=_party(controller),
        officer=_party(officer),
    )


def _party(fact: dict[str, Any]) -> str:
    parts = (
        fact.get("name"),
        fact.get("orgnr"),
        *(fact.get("address_lines") or ()),
        fact.get("email"),
        fact.get("phone"),
    )
    return ", ".join(str(part) for part in parts if part)


def _values(facts: ActivityFacts) -> dict[str, Any]:
    values = {
        name: list(value) if isinstance(value, tuple) else value for name, value in dataclasses.asdict(facts).items()
    }
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def _code(session: Session, name: str) -> str:
    """Return a code that no activity has yet, from the name's plain letters."""
    letters = "_".join("".join(sign for sign in word if sign.isascii()) for word in words(name))
    base = letters[:30].strip("_") or "activity"
    taken = set(session.scalars(sa.select(Activity.code).where(Activity.code.startswith(base, autoescape=True))))
    return next(
        code for number in range(1, 10_000) if (code := base if number == 1 else f"{base}_{number}") not in taken
    )
