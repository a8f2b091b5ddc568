"""What the register rests on: sources, recipients, retention rules, and the texts people are shown."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.retention import RuleKind
from app.i18n import _
from app.services import organisation
from app.services.extract_words import ROLES
from app.services.guard import guarded
from app.services.register_trail import check, check_unused, remove, store, values_of
from db.models import Activity, Notice, Recipient, RetentionRule, Source
from db.queries import register as queries

SOURCE_KINDS = ("own", "subject", "observed", "third_party")
TIMED = (RuleKind.RELATION_MONTHS, RuleKind.BOOKKEEPING, RuleKind.AFTER_CLOSING)
"""Rules with a length."""
MOST_MONTHS = 1200


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """Where data come from.

    Attributes:
        activity_id: The activity that data from here belong to unless something else is said.
        evidence: What allows the data to be used, where the policy asks for it (R25, R26).
        told_on: When the people were told.  Source: Art. 14.3 GDPR.
    """

    name: str
    kind: str = "own"
    activity_id: int | None = None
    evidence: str = ""
    evidence_note: str = ""
    told_on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class RecipientFacts:
    """Who gets data.

    Attributes:
        category: The code of the category that somebody is named in; empty for a category or somebody on their own.
        country: Two letters; empty while nobody knows.
        agreement_on: The day of a processor's agreement (Art. 28.3) or a joint controller's arrangement (Art. 26).
    """

    name: str
    role: str
    category: str = ""
    country: str = ""
    contact: str = ""
    agreement_on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleFacts:
    """How long data are kept, and from when."""

    title: str
    kind: str
    months: int | None = None


@dataclass(frozen=True, kw_only=True)
class NoticeFacts:
    """One version of what people are told (R13, R20, R50, R57).

    Attributes:
        covers: Codes of what it tells about.
        settles: Contradictions of the policy that its text has put right.
    """

    title: str
    version: str
    valid_from: dt.date | None
    place: str = ""
    covers: tuple[str, ...] = ()
    allows_marketing: bool = False
    text: str = ""
    settles: tuple[str, ...] = ()


def source_problems(facts: SourceFacts) -> dict[str, str]:
    """Return what is wrong, a sentence per field; empty when it can be saved."""
    found = {} if facts.name.strip() else {"name": _("Skriv vad källan heter.")}
    return found if facts.kind in SOURCE_KINDS else {**found, "kind": _("Välj vem uppgifterna kommer från.")}


def recipient_problems(facts: RecipientFacts) -> dict[str, str]:
    """Return what is wrong, a sentence per field; empty when it can be saved."""
    found = {} if facts.name.strip() else {"name": _("Skriv vad mottagaren heter.")}
    if facts.role not in ROLES:
        found["role"] = _("Välj vilken roll mottagaren har.")
    country = facts.country
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        found["country"] = _("Skriv landets namn, eller dess två bokstäver.")
    return found


def rule_problems(facts: RuleFacts) -> dict[str, str]:
    """Return what is wrong, a sentence per field; empty when it can be saved."""
    found = {} if facts.title.strip() else {"title": _("Skriv vad regeln heter.")}
    if facts.kind not in set(RuleKind):
        return {**found, "kind": _("Välj vad tiden räknas från.")}
    if facts.kind in TIMED and not 1 <= (facts.months or 0) <= MOST_MONTHS:
        found["months"] = _("Skriv antalet månader, från 1 till 1200.")
    if facts.kind not in TIMED and facts.months is not None:
        found["months"] = _("Den här regeln har ingen längd. Lämna fältet tomt.")
    return found


def notice_problems(facts: NoticeFacts) -> dict[str, str]:
    """Return what is wrong, a sentence per field; empty when it can be saved."""
    found = {} if facts.title.strip() else {"title": _("Skriv vad texten heter.")}
    if not facts.version.strip():
        found["version"] = _("Skriv versionen, till exempel dagen den började gälla.")
    if facts.valid_from is None:
        found["valid_from"] = _("Skriv dagen då texten började visas.")
    return found


@guarded
def save_source(session: Session, source_id: int | None, facts: SourceFacts) -> Source:
    """Store a source, a new one when `source_id` is None.

    Raises:
        UserError: Something is missing, or another source has the name, perhaps one that an import is making; nothing was stored.
    """
    found = source_problems(facts)
    held = Source.__table__.c
    same = sa.select(held.id).where(held.name == facts.name.strip(), held.id != (source_id or 0))
    if session.connection().scalar(same) is not None:
        is_seen = session.scalar(sa.select(Source.id).where(Source.name == facts.name.strip())) is not None
        found["name"] = (
            _("Det finns redan en källa med det namnet.")
            if is_seen
            else _("En import som pågår gör en källa med det namnet.")
        )
    check(found)
    values = values_of(facts) | ({"is_register": False} if source_id is None else {})
    return store(session, Source, source_id, values, action=Action.SOURCE_SAVED, name=facts.name)


@guarded
def save_recipient(session: Session, recipient_id: int | None, facts: RecipientFacts) -> Recipient:
    """Store a recipient, a new one when `recipient_id` is None.

    Raises:
        UserError: Something is missing, or the category cannot be one; nothing was stored.
    """
    found = recipient_problems(facts)
    own = session.get_one(Recipient, recipient_id).code if recipient_id is not None else ""
    categories = set(session.scalars(sa.select(Recipient.code).where(Recipient.category == "")))
    if facts.category and (facts.category == own or facts.category not in categories):
        found["category"] = _("Välj en kategori som inte själv ligger under en annan.")
    elif facts.category and own and _named_in(session, own):
        found["category"] = _("Mottagaren är själv en kategori med namngivna under sig.")
    check(found)
    values = values_of(facts)
    return store(session, Recipient, recipient_id, values, action=Action.RECIPIENT_SAVED, name=facts.name)


@guarded
def save_rule(session: Session, rule_id: int | None, facts: RuleFacts) -> RetentionRule:
    """Store a retention rule, a new one when `rule_id` is None.

    Raises:
        UserError: Something is missing, or the law's own rule would be gone; nothing was stored.
    """
    check(rule_problems(facts))
    if rule_id is not None:
        row = session.get_one(RetentionRule, rule_id)
        check({"kind": _why_needed(row)} if row.kind != facts.kind and _is_last(session, row) else {})
    values = values_of(facts)
    return store(session, RetentionRule, rule_id, values, action=Action.RULE_SAVED, name=facts.title)


@guarded
def save_notice(session: Session, notice_id: int | None, facts: NoticeFacts) -> Notice:
    """Store a version of a notice, a new one when `notice_id` is None.

    Raises:
        UserError: Something is missing; nothing was stored.
    """
    check(notice_problems(facts))
    values = values_of(facts)
    return store(session, Notice, notice_id, values, action=Action.NOTICE_SAVED, name=facts.title)


@guarded
def remove_source(session: Session, source_id: int) -> None:
    """Remove a source that holds nothing and that no activity names.

    Raises:
        UserError: It is used; nothing was removed.
    """
    row = session.get_one(Source, source_id)
    if names := _naming(session, "sources", row.code):
        why_not = _("Källan används av {names}.").format(names=names)
    else:
        why_not = _("Källan har lästs in eller sökts i. Den behövs för spårbarheten.") if _is_read(session, row) else ""
    check_unused(why_not)
    remove(session, row, action=Action.SOURCE_REMOVED, name=row.name)


@guarded
def remove_recipient(session: Session, recipient_id: int) -> None:
    """Remove a recipient that no activity names.

    Raises:
        UserError: It is used; nothing was removed.
    """
    row = session.get_one(Recipient, recipient_id)
    why_not = ""
    if names := _naming(session, "recipients", row.code):
        why_not = _("Mottagaren används av {names}.").format(names=names)
    elif _named_in(session, row.code):
        why_not = _("Det finns namngivna mottagare under kategorin.")
    check_unused(why_not)
    remove(session, row, action=Action.RECIPIENT_REMOVED, name=row.name)


@guarded
def remove_rule(session: Session, rule_id: int) -> None:
    """Remove a retention rule that nothing follows.

    Raises:
        UserError: It is used; nothing was removed.
    """
    row = session.get_one(RetentionRule, rule_id)
    names = session.scalars(sa.select(Activity.name).where(Activity.rule_id == row.id).order_by(Activity.name)).all()
    default = [entry.title for entry in organisation.profile_of(session).categories if entry.rule == row.code]
    why_not = ""
    if names or default:
        why_not = _("Regeln används av {names}.").format(names=", ".join([*names, *default]))
    elif _is_last(session, row):
        why_not = _why_needed(row)
    check_unused(why_not)
    remove(session, row, action=Action.RULE_REMOVED, name=row.title)


@guarded
def remove_notice(session: Session, notice_id: int) -> None:
    """Remove a version of a notice that no activity shows.

    Raises:
        UserError: It is used; nothing was removed.
    """
    row = session.get_one(Notice, notice_id)
    names = _naming(session, "notices", row.code)
    check_unused(_("Texten används av {names}.").format(names=names) if names else "")
    remove(session, row, action=Action.NOTICE_REMOVED, name=row.title)


def _naming(session: Session, column: str, code: str) -> str:
    """Return the names of the activities that have a code in one of their lists."""
    rows = session.scalars(sa.select(Activity).order_by(Activity.name))
    return ", ".join(row.name for row in rows if code in getattr(row, column))


def _named_in(session: Session, category: str) -> bool:
    return session.scalar(sa.select(Recipient.id).where(Recipient.category == category).limit(1)) is not None


def _is_read(session: Session, row: Source) -> bool:
    return row.is_register or queries.has_history(session, row.id) or queries.has_data(session, source_id=row.id)


def _is_last(session: Session, row: RetentionRule) -> bool:
    """Return whether the rule is the only one of a kind that values fall under by themselves."""
    if row.kind not in (RuleKind.BOOKKEEPING, RuleKind.CONSENT):
        return False
    others = sa.select(RetentionRule.id).where(RetentionRule.kind == row.kind, RetentionRule.id != row.id).limit(1)
    return session.scalar(others) is None


def _why_needed(row: RetentionRule) -> str:
    if row.kind == RuleKind.BOOKKEEPING:
        return _("Det är den enda regeln för räkenskaper. Bokföringslagen kräver den.")
    return _("Det är den enda regeln för samtycken. Utan den sparas återkallade samtycken för alltid.")
