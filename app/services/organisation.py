"""The organisation's own facts: who the controller is, who the officer is, which profile the vault was started from."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import Party
from app.domain.audit import Action
from app.domain.errors import UserError
from app.i18n import _
from app.reference.profiles import Profile, profile
from app.services import audit
from app.services.guard import guarded
from db.models import Activity, Notice, OutsideSystem, Recipient, RetentionRule, Setting, Source

CONTROLLER, OFFICER, PROFILE, VAULT = "controller", "officer", "profile", "vault"
PROTECTION = "protection"
"""Where backups go (`backup_folder`, and `second_folder` too when there is one) and after how many idle minutes the vault locks (`lock_minutes`)."""
BACKUPS = "backups"
"""Which folders backups were ever put in (`places`): an erasure renews the keys in all of them."""
LOCK_MINUTES, LOCK_MINUTES_MOST = 10, 30
LEGITIMATE_INTEREST = "legitimate_interest"
_PRINTED = ("name", "email", "phone", "orgnr", "website")


def apply_profile(session: Session, code: str, *, name: str = "") -> None:
    """Fill a new vault from a profile: controller, officer, rules, recipients, activities, sources, outside systems.

    Args:
        session: The write session.
        code: `itrace` or `empty`.
        name: The organisation's name; the profile's own name when empty.

    Raises:
        UserError: The vault already has a profile.
    """
    if session.get(Setting, PROFILE) is not None:
        raise UserError(
            _("Valvet har redan en företagsprofil."),
            stands=_("Profilen är orörd."),
            do=_("Ändra uppgifterna under Behandlingar i stället."),
        )
    data = profile(code)
    controller = dataclasses.asdict(data.controller)
    if name:
        controller["name"] = name
    session.add_all(
        [
            Setting(key=PROFILE, value={"code": code}),
            Setting(key=CONTROLLER, value=_plain(controller)),
            Setting(key=OFFICER, value=_plain(dataclasses.asdict(data.officer))),
        ]
    )
    _add_register(session, data)
    audit.record(
        session, Action.PROFILE_APPLIED, profile=code, activities=len(data.activities), recipients=len(data.recipients)
    )


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return {key: list(held) if isinstance(held, tuple) else held for key, held in value.items()}


def _add_register(session: Session, data: Profile) -> None:
    rules = {rule.code: _rule(rule) for rule in data.rules}
    session.add_all(rules.values())
    session.add_all(
        Recipient(
            code=recipient.code,
            name=recipient.title,
            role=recipient.role,
            category=recipient.category,
            country=recipient.country,
            note=recipient.note,
            section=recipient.section,
            requirements=list(recipient.requirements),
        )
        for recipient in data.recipients
    )
    session.add_all(OutsideSystem(code=system.code, name=system.title) for system in data.outside_systems)
    session.add_all(_notice(notice) for notice in data.notices)
    session.flush()
    interests = {purpose.code: purpose.interest for purpose in data.purposes if purpose.interest}
    activities = {
        activity.code: _activity(activity, rules[activity.rule].id, interests) for activity in data.activities
    }
    session.add_all(activities.values())
    session.flush()
    session.add_all(
        Source(
            code=source.code,
            name=source.title,
            kind=source.kind,
            activity_id=activities[source.activity].id,
            is_register=False,
            section=source.section,
            requirements=list(source.requirements),
        )
        for source in data.sources
    )
    session.flush()


def _rule(rule: Any) -> RetentionRule:
    months = rule.months if rule.months is not None else (rule.years * 12 if rule.years else None)
    return RetentionRule(
        code=rule.code,
        title=rule.title,
        kind=rule.kind,
        months=months,
        section=rule.section,
        requirements=list(rule.requirements),
    )


def _notice(notice: Any) -> Notice:
    return Notice(
        code=notice.code,
        title=notice.title,
        version=notice.version,
        valid_from=notice.valid_from,
        place=notice.place,
        covers=list(notice.covers),
        allows_marketing=notice.allows_marketing,
        section=notice.section,
        requirements=list(notice.requirements),
    )


def _activity(activity: Any, rule_id: int, interests: Mapping[str, str]) -> Activity:
    rests_on_interest = activity.legal_basis == LEGITIMATE_INTEREST
    weighed = [interests[code] for code in activity.purposes if code in interests] if rests_on_interest else []
    return Activity(
        code=activity.code,
        name=activity.title,
        purposes=list(activity.purposes),
        legal_basis=activity.legal_basis,
        basis_note=activity.basis_note,
        subjects=list(activity.subjects),
        categories=[category.value for category in activity.categories],
        recipients=list(activity.recipients),
        transfers=activity.transfers,
        security=activity.security,
        is_automated=activity.is_automated,
        is_profiling=activity.is_profiling,
        rule_id=rule_id,
        section=activity.section,
        requirements=list(activity.requirements),
        interest=" ".join(weighed),
        sources=list(activity.sources),
        notices=list(activity.notices),
        transfers_to=[dataclasses.asdict(transfer) for transfer in activity.transfers_to],
        logic=activity.logic,
    )


def fact(session: Session, key: str) -> dict[str, Any]:
    """Return one of the organisation's facts, such as the controller record; empty when it is not set."""
    setting = session.get(Setting, key)
    return dict(setting.value) if setting is not None else {}


def controller(session: Session) -> Party:
    """Return who is responsible for the data, as documents print it."""
    held = fact(session, CONTROLLER)
    name, email, phone, orgnr, website = (str(held.get(key) or "") for key in _PRINTED)
    lines = tuple(str(line) for line in held.get("address_lines") or ())
    return Party(name, lines, email, phone, orgnr, website)


def officer(session: Session) -> Party:
    """Return the data protection officer, as documents print it."""
    held = fact(session, OFFICER)
    name, email, phone = (str(held.get(key) or "") for key in _PRINTED[:3])
    return Party(name, (), email, phone)


@guarded
def change_fact(session: Session, key: str, changes: dict[str, Any]) -> None:
    """Change parts of a fact, such as the controller's address."""
    setting = session.get(Setting, key)
    if setting is None:
        setting = Setting(key=key, value={})
        session.add(setting)
    changed = sorted(name for name, value in changes.items() if setting.value.get(name) != value)
    setting.value = {**setting.value, **changes}
    audit.record(session, Action.SETTING_CHANGED, setting, fields=changed)


def profile_of(session: Session) -> Profile:
    """Return the profile that the vault was started from."""
    return profile(fact(session, PROFILE).get("code", "empty"))


def is_example(session: Session) -> bool:
    """Return whether the vault holds invented people; every document says so."""
    return bool(fact(session, VAULT).get("is_example"))


def sources(session: Session) -> list[Source]:
    """Return the sources, registers first, then by name."""
    return list(session.scalars(sa.select(Source).order_by(Source.is_register.desc(), Source.name)))


def lock_minutes(protection: Mapping[str, Any]) -> int:
    """Return after how many idle minutes a vault locks: what was chosen, and never more than half an hour."""
    return min(int(protection.get("lock_minutes") or LOCK_MINUTES), LOCK_MINUTES_MOST)
