"""What the forms of the register offer, in the language in use."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.domain import fields, transfers
from app.domain.fields import Category
from app.domain.policy_facts import NOT_BY_TEXT
from app.domain.transfers import Safeguard
from app.i18n import _, language, mark
from app.reference.profiles import Profile
from app.services import organisation
from db.queries import register as queries

Choices = tuple[tuple[str, str], ...]
COVERED = {
    "controller": mark("Vem som är ansvarig"),
    "contact": mark("Kontaktuppgifter"),
    "purposes": mark("Ändamål och grund"),
    "retention": mark("Hur länge uppgifterna sparas"),
    "rights": mark("Rättigheterna"),
    "recipients": mark("Mottagare"),
    "sources": mark("Varifrån uppgifterna kommer"),
    "marketing": mark("Direktmarknadsföring"),
}
"""What a notice can tell about.  Source: Art. 13 and 14 GDPR."""
DPIA = {
    "": mark("Inte prövat än"),
    "not_needed": mark("Behövs inte"),
    "needed": mark("Behövs, inte gjord"),
    "done": mark("Gjord"),
}


@dataclass(frozen=True, kw_only=True)
class Choosable:
    """What there is to choose from, as code and text; and who answers for it all (Art. 30.1 a).

    Attributes:
        contradictions: The policy's contradictions, which a new version of a notice can put right.
        kinds: Categories of recipients that somebody can be named in.
    """

    purposes: Choices
    legal_bases: Choices
    subjects: Choices
    categories: Choices
    recipients: Choices
    rules: Choices
    sources: Choices
    notices: Choices
    activities: Choices
    kinds: Choices
    evidence: Choices
    contradictions: Choices
    controller: str
    officer: str

    def of_activities(self) -> "Choosable":
        """Return what the form of an activity offers; it is the same while nothing else is."""
        return replace(self, activities=(), kinds=(), evidence=(), contradictions=())


def choosable(session: Session) -> Choosable:
    """Return what the forms offer, in the language in use."""
    profile, shown = organisation.profile_of(session), language()
    recipients = queries.recipients(session)
    controller = organisation.fact(session, organisation.CONTROLLER)
    return Choosable(
        purposes=tuple((entry.code, entry.shown(shown)) for entry in profile.purposes),
        legal_bases=tuple((entry.code, f"{entry.article} – {entry.shown(shown)}") for entry in profile.legal_bases),
        subjects=tuple((entry.code, entry.shown(shown)) for entry in profile.subject_groups),
        categories=tuple((category.value, fields.label(category)) for category in Category),
        recipients=tuple((row.code, row.name) for row in recipients),
        rules=tuple((str(row.id), row.title) for row in queries.rules(session)),
        sources=tuple((row.code, row.name) for row in queries.source_list(session)),
        notices=tuple((row.code, f"{row.title} ({row.version})") for row in queries.notices(session)),
        activities=tuple((str(row.id), row.name) for row in queries.activity_list(session)),
        kinds=tuple((row.code, row.name) for row in recipients if not row.category),
        evidence=tuple((entry.code, entry.shown(shown)) for entry in profile.evidence),
        contradictions=_contradictions(profile, shown),
        controller=_joined(party(controller), representative(controller)),
        officer=party(organisation.fact(session, organisation.OFFICER)),
    )


def safeguards() -> Choices:
    """Return what can protect data outside the Union."""
    return tuple((safeguard.value, transfers.label(safeguard)) for safeguard in Safeguard)


def party(fact: dict[str, Any]) -> str:
    """Return somebody's name and how to reach them, on one line."""
    parts = (
        fact.get("name"),
        fact.get("orgnr"),
        *(fact.get("address_lines") or ()),
        fact.get("email"),
        fact.get("phone"),
    )
    return ", ".join(str(part) for part in parts if part)


def representative(controller: dict[str, Any]) -> str:
    """Return the controller's representative in the Union in words; empty when there is none.  Source: Art. 27 GDPR."""
    told = str(controller.get("representative") or "").strip()
    return _("Företrädare: {name}").format(name=", ".join(told.splitlines())) if told else ""


def _joined(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _contradictions(profile: Profile, shown: str) -> Choices:
    return tuple(
        (entry.code, f"{entry.code} {entry.shown(shown)}")
        for entry in profile.contradictions
        if entry.holds_while not in NOT_BY_TEXT
    )
