"""The register in words: what its fields are called, and what their codes say."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.domain import fields, transfers
from app.domain.fields import Category
from app.domain.retention import RuleKind
from app.domain.transfers import Safeguard, Transfer
from app.i18n import _, language, mark, ngettext
from app.reference import countries
from app.services.extract_words import ROLES, Register
from app.services.register_choices import COVERED, DPIA
from db.models import Recipient
from db.queries import register as queries

NOTHING = "–"
FIELDS = {
    "name": mark("Namn"),
    "title": mark("Namn"),
    "purposes": mark("Ändamål"),
    "legal_basis": mark("Rättslig grund"),
    "basis_note": mark("Om grunden"),
    "subjects": mark("Grupper av registrerade"),
    "categories": mark("Kategorier av uppgifter"),
    "recipients": mark("Mottagare"),
    "transfers": mark("Om överföringen"),
    "transfers_to": mark("Länder utanför EU/EES"),
    "security": mark("Skyddsåtgärder"),
    "is_automated": mark("Automatiserade beslut"),
    "is_profiling": mark("Profilering"),
    "is_selling": mark("Säljer profiler"),
    "selling_reason": mark("Varför profiler säljs"),
    "rule_id": mark("Gallringsregel"),
    "review_on": mark("Ses över"),
    "joint_controllers": mark("Gemensamt ansvariga"),
    "interest": mark("Intresset"),
    "balancing": mark("Avvägningen"),
    "compatibility_note": mark("Nytt ändamål, prövat"),
    "sources": mark("Källor"),
    "notices": mark("Informationstexter"),
    "logic": mark("Logiken och följderna"),
    "dpia": mark("Konsekvensbedömning"),
    "dpia_note": mark("Om bedömningen"),
    "owner": mark("Ansvarig på kontoret"),
    "kind": mark("Slag"),
    "activity_id": mark("Behandling"),
    "evidence": mark("Bevis"),
    "evidence_note": mark("Om beviset"),
    "told_on": mark("Personerna informerade"),
    "role": mark("Roll"),
    "category": mark("Kategori"),
    "country": mark("Land"),
    "contact": mark("Kontakt"),
    "agreement_on": mark("Avtal från"),
    "note": mark("Anteckning"),
    "months": mark("Månader"),
    "version": mark("Version"),
    "valid_from": mark("Gäller från"),
    "place": mark("Var den visas"),
    "covers": mark("Tar upp"),
    "allows_marketing": mark("Tar upp direktmarknadsföring"),
    "text": mark("Text"),
    "settles": mark("Rättar"),
}
SOURCE_KINDS = {
    "subject": mark("Den registrerade själv"),
    "observed": mark("Uppstår vid användning"),
    "third_party": mark("Någon annan"),
    "own": mark("Eget register"),
}
RULE_KINDS = {
    RuleKind.RELATION_MONTHS.value: mark("kundrelationens slut"),
    RuleKind.BOOKKEEPING.value: mark("räkenskapsårets slut"),
    RuleKind.AFTER_CLOSING.value: mark("ärendets avslut"),
    RuleKind.CONSENT.value: mark("återkallat samtycke"),
    RuleKind.NONE.value: mark("ingen tid är bestämd"),
}


class RegisterWords:
    """The codes of this vault's register in the language in use, read once."""

    def __init__(self, session: Session) -> None:
        self.register = Register(session)
        self.recipients: dict[str, Recipient] = {row.code: row for row in queries.recipients(session)}
        profile, shown = self.register.profile, language()
        named = {code: self.register.recipient_name(row) for code, row in self.recipients.items()}
        self._subjects = {entry.code: entry.shown(shown) for entry in profile.subject_groups}
        self._evidence = {entry.code: entry.shown(shown) for entry in profile.evidence}
        self._sources = {row.code: self.register.source_name(row.id) for row in self.register.sources.values()}
        self._notices = {
            row.code: f"{self.register.notice_title(row)} ({row.version})" for row in queries.notices(session)
        }
        self._read: dict[str, Callable[[Any], str]] = {
            "transfers_to": _transfer,
            "purposes": self.register.purpose_title,
            "legal_basis": self.register.basis,
            "rule_id": self._rule,
            "activity_id": self._activity,
            "country": lambda code: countries.name(code, language()),
        }
        self._by_field: dict[str, Mapping[str, str]] = {
            "subjects": self._subjects,
            "categories": {category.value: fields.label(category) for category in Category},
            "recipients": named,
            "category": named,
            "sources": self._sources,
            "notices": self._notices,
            "evidence": self._evidence,
            "dpia": {code: _(text) for code, text in DPIA.items()},
            "role": {code: _(text) for code, text in ROLES.items()},
            "covers": {code: _(text) for code, text in COVERED.items()},
            "kind": {code: _(text) for code, text in (SOURCE_KINDS | RULE_KINDS).items()},
        }

    def value(self, field: str, raw: Any) -> str:
        """Return a value of a field in words; an empty one as a dash."""
        if isinstance(raw, bool):
            return _("Ja") if raw else _("Nej")
        if isinstance(raw, list | tuple):
            return ", ".join(self._one(field, part) for part in raw) or NOTHING
        return self._one(field, raw) if raw not in (None, "") or field == "dpia" else NOTHING

    def _one(self, field: str, raw: Any) -> str:
        if field in self._read:
            return self._read[field](raw)
        return self._by_field.get(field, {}).get(raw, str(raw))

    def _rule(self, raw: Any) -> str:
        row = self.register.rules.get(raw)
        return self.register.rule_title(row) if row is not None else _("Borttagen regel")

    def _activity(self, raw: Any) -> str:
        row = self.register.activities.get(raw)
        return self.register.activity_name(row) if row is not None else _("Borttagen behandling")


def _transfer(raw: Any) -> str:
    return transfer_text(raw if isinstance(raw, Transfer) else Transfer(**raw))


def field_label(field: str) -> str:
    """Return what a field is called."""
    return _(FIELDS.get(field, field))


def transfer_text(transfer: Transfer) -> str:
    """Return a country and what protects the data there."""
    guard = transfers.label(Safeguard(transfer.safeguard)) if transfer.safeguard else _("skyddet är inte känt")
    return f"{countries.name(transfer.country, language())}: {guard}"


def rule_length(months: int | None) -> str:
    """Return how long a rule is."""
    if months is None:
        return NOTHING
    if months % 12 == 0 and months >= 72:
        return ngettext("{n} år", "{n} år", months // 12).format(n=months // 12)
    return ngettext("{n} månad", "{n} månader", months).format(n=months)
