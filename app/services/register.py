"""The register of processing activities.  Source: Art. 30.1 GDPR; the policy's promises R15 to R22 and R30 to R33."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.selling import sounds_like_selling
from app.domain.transfers import Safeguard, Transfer
from app.i18n import _
from app.services import register_trail
from app.services.guard import guarded
from db.models import Activity
from db.queries import register as queries

DPIA = ("", "not_needed", "needed", "done")
"""What is known about the need for an impact assessment.  Source: Art. 35 GDPR."""


@dataclass(frozen=True, kw_only=True)
class ActivityFacts:
    """What the register says about one activity.

    Attributes:
        purposes: Codes of the profile's purposes, or the office's own words.
        recipients: Codes of recipients.
        transfers: What is said in words about transfers, besides `transfers_to`.
        rule_id: The retention rule; None when there is none yet, which the register shows as a gap.
        joint_controllers: Who answers for it together with the controller (Art. 26), and how to reach them.
        interest: The interest that Art. 6.1 f rests on; `balancing` says why it weighs more.
        compatibility_note: Why a new purpose fits with the one the data were collected for (Art. 6.4; R19).
        sources: Codes of sources.
        notices: Codes of the texts people are shown (R13, R20).
        logic: How an automated decision or a profile is made and what follows (Art. 15.1 h).
        is_selling: Profiles are sold, against the policy's promise (R67); `selling_reason` says why.
        dpia: One of `DPIA`.
        owner: Who at the office answers for the activity.
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
    joint_controllers: str = ""
    interest: str = ""
    balancing: str = ""
    compatibility_note: str = ""
    sources: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    transfers_to: tuple[Transfer, ...] = ()
    logic: str = ""
    is_selling: bool = False
    selling_reason: str = ""
    dpia: str = ""
    dpia_note: str = ""
    owner: str = ""


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
    return found | _transfer_problems(facts) | _selling_problems(facts)


def _transfer_problems(facts: ActivityFacts) -> dict[str, str]:
    countries = [transfer.country for transfer in facts.transfers_to]
    if any(len(country) != 2 or not (country.isascii() and country.isalpha()) for country in countries):
        return {"transfers_to": _("Skriv landets namn, eller dess två bokstäver.")}
    if len(set(countries)) < len(countries):
        return {"transfers_to": _("Samma land står två gånger. Behåll det ena.")}
    is_compelling = any(transfer.safeguard == Safeguard.COMPELLING for transfer in facts.transfers_to)
    if is_compelling and not facts.transfers.strip():
        return {"transfers": _("Skriv vilka skyddsåtgärder som vidtagits. Artikel 30.1 e kräver det här.")}
    return {}


def _selling_problems(facts: ActivityFacts) -> dict[str, str]:
    """Return what stands in the way of selling profiles, which the policy promises not to do (R67)."""
    if facts.is_selling and not facts.selling_reason.strip():
        return {"selling_reason": _("Policyn lovar att profiler inte säljs. Skriv varför det ändå ska ske.")}
    if not facts.is_selling and any(map(sounds_like_selling, facts.purposes)):
        return {"automation": _("Ändamålet säger att profiler säljs. Kryssa för det, och skriv varför det ska ske.")}
    return {}


@guarded
def save_activity(session: Session, activity_id: int | None, facts: ActivityFacts) -> Activity:
    """Store an activity, a new one when `activity_id` is None.

    Source: Art. 30.1 b to g GDPR.

    Raises:
        UserError: Something that the register must hold is missing; nothing was stored.
    """
    register_trail.check(problems(facts))
    values = register_trail.values_of(facts)
    if not facts.is_selling:
        values["selling_reason"] = ""
    return register_trail.store(session, Activity, activity_id, values, action=Action.ACTIVITY_SAVED, name=facts.name)


@guarded
def remove_activity(session: Session, activity_id: int) -> None:
    """Remove an activity that has ended and that nothing is held for any more.

    Raises:
        UserError: Data or sources belong to it; nothing was removed.
    """
    row = session.get_one(Activity, activity_id)
    why_not = ""
    if queries.has_data(session, activity_id=row.id):
        why_not = _("Behandlingen har uppgifter om personer. De skulle sakna grund.")
    elif names := queries.sources_of_activity(session, row.id):
        why_not = _("Behandlingen används av källorna {names}.").format(names=", ".join(names))
    register_trail.check_unused(why_not)
    register_trail.remove(session, row, action=Action.ACTIVITY_REMOVED, name=row.name)


def facts_of(activity: Activity) -> ActivityFacts:
    """Return what the register says about a stored activity."""
    held: dict[str, Any] = {name.name: getattr(activity, name.name) for name in dataclasses.fields(ActivityFacts)}
    facts: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}
    facts["transfers_to"] = transfers_of(activity)
    return ActivityFacts(**facts)


def transfers_of(activity: Activity) -> tuple[Transfer, ...]:
    """Return where the data of a stored activity go."""
    return tuple(Transfer(**transfer) for transfer in activity.transfers_to)
