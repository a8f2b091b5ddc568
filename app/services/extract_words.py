"""The register of processing in the words of an extract: names in its language, purposes, grounds, rules.  Belongs to `extracts`."""

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import ExtractRecipient, Titled
from app.domain import ground, transfers
from app.domain.retention import Action, Decides, RuleKind
from app.domain.transfers import Safeguard
from app.domain.wording import day
from app.i18n import _, language, mark, ngettext
from app.reference import countries
from app.reference.fields import by_code
from app.reference.profiles import Entry, Purpose
from app.services import outside
from app.services.keeping import Judged
from app.services.organisation import LEGITIMATE_INTEREST, profile_of
from db.models import Activity, Datum, Notice, Recipient, RetentionRule, Source

NO_TRANSFERS = "Ingen känd."
ROLES = {
    "processor": mark("Personuppgiftsbiträde"),
    "controller": mark("Eget ansvar"),
    "joint": mark("Gemensamt ansvar"),
    "authority": mark("Myndighet"),
}
KINDS = {
    "subject": mark("Uppgifterna kommer från dig."),
    "observed": mark("Uppgifterna uppstod när du använde våra tjänster."),
    "third_party": mark("Uppgifterna kommer från någon annan än dig."),
    "own": mark("Vårt eget system."),
}
LEGAL_OBLIGATION = "legal_obligation"


class Register:
    """The register of processing of this vault, read once for one document."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.profile = profile_of(session)
        self.activities = {row.id: row for row in session.scalars(sa.select(Activity).order_by(Activity.id))}
        self.sources = {row.id: row for row in session.scalars(sa.select(Source).order_by(Source.name))}
        self.rules = {row.id: row for row in session.scalars(sa.select(RetentionRule))}
        self._purposes = {entry.code: entry for entry in self.profile.purposes}
        self._bases = {entry.code: entry for entry in self.profile.legal_bases}
        self._recipients: dict[int, tuple[str, ...]] = {}

    def activity_name(self, row: Activity) -> str:
        """Return an activity's name."""
        return _shown(self.profile.activities, row.code, row.name)

    def source_name(self, source_id: int) -> str:
        """Return a source's name."""
        row = self.sources[source_id]
        return _shown(self.profile.sources, row.code, row.name)

    def rule_title(self, row: RetentionRule) -> str:
        """Return a retention rule's title."""
        return _shown(self.profile.rules, row.code, row.title)

    def notice_title(self, row: Notice) -> str:
        """Return what a text that people are shown is called."""
        return _shown(self.profile.notices, row.code, row.title)

    def basis(self, code: str) -> str:
        """Return a legal basis with its article, such as `Avtal (Art. 6.1 b)`."""
        entry = self._bases.get(code)
        return f"{entry.shown(language())} ({entry.article})" if entry is not None else code

    def purpose_title(self, code: str) -> str:
        """Return a purpose in words."""
        entry = self._purposes.get(code)
        return entry.shown(language()) if entry is not None else code

    def purposes(self, activity: Activity, *, is_voucher: bool | None = None) -> list[str]:
        """Return the purposes a value is held for; of an accounting activity, those that fit a voucher or do not."""
        rule = self.rules.get(activity.rule_id or 0)
        if is_voucher is None or rule is None or rule.kind != RuleKind.BOOKKEEPING:
            return list(activity.purposes)
        fitting = [code for code in activity.purposes if (self._basis_of(code) == LEGAL_OBLIGATION) is is_voucher]
        return fitting or list(activity.purposes)

    def bases(self, activity: Activity, purposes: Sequence[str]) -> str:
        """Return the legal basis of an activity for these purposes."""
        return ", ".join(self.basis(code) for code in self.basis_codes(activity, purposes))

    def basis_codes(self, activity: Activity, purposes: Sequence[str]) -> list[str]:
        """Return the codes of the legal bases of an activity for these purposes."""
        known = list(dict.fromkeys(basis for code in purposes if (basis := self._basis_of(code))))
        return [activity.legal_basis] if not known or activity.legal_basis in known else known

    def _basis_of(self, code: str) -> str:
        entry = self._purposes.get(code)
        return entry.legal_basis if entry is not None else ""

    def recipient_name(self, row: Recipient) -> str:
        """Return a recipient's name."""
        return _shown(self.profile.recipients, row.code, row.name)

    def recipient_names(self, activity_id: int) -> tuple[str, ...]:
        """Return who gets data from an activity."""
        if activity_id not in self._recipients:
            rows = outside.recipients(self._session, [activity_id])
            self._recipients[activity_id] = tuple(map(self.recipient_name, rows))
        return self._recipients[activity_id]

    def lacks(self, activity: Activity | None) -> tuple[str, ...]:
        """Return what a value of this activity has not got behind it: purpose, basis, an end.  Source: Art. 5.1 b and e, 6.1 GDPR."""
        if activity is None:
            return (ground.PURPOSE, ground.BASIS, ground.RETENTION)
        rule = self.rules.get(activity.rule_id or 0)
        kind = rule.kind if rule is not None else None
        return ground.missing(purposes=activity.purposes, legal_basis=activity.legal_basis, rule_kind=kind)

    def logic(self, activity: Activity) -> str:
        """Return how decisions or profiles are made and what follows.  Source: Art. 15.1 h GDPR."""
        return self._in_english(activity, "logic")

    def told_of_transfers(self, activity: Activity) -> str:
        """Return what is said in words about transfers; empty when none is known."""
        return "" if activity.transfers == NO_TRANSFERS else self._in_english(activity, "transfers").strip()

    def _in_english(self, activity: Activity, name: str) -> str:
        """Return a text of an activity, in English if it is still the profile's own."""
        stored: str = getattr(activity, name)
        entry = next((entry for entry in self.profile.activities if entry.code == activity.code), None)
        is_own = entry is None or getattr(entry, name) != stored
        return stored if is_own or language() == "sv" else getattr(entry, f"{name}_en")

    def origins(self, activity_id: int | None) -> tuple[str, ...]:
        """Return where the data of an activity come from in the first place, by the register."""
        row = self.activities.get(activity_id or 0)
        by_code = {source.code: source.id for source in self.sources.values()}
        codes = row.sources if row is not None else []
        return tuple(self.source_name(by_code[code]) for code in codes if code in by_code)

    def purpose_texts(self, direct: Sequence[Activity], also: Sequence[Activity]) -> tuple[Titled, ...]:
        """Return each purpose with its ground in sentences: those of the values first, then those they may serve.

        Source: Art. 15.1 a GDPR; the policy's promise R40.
        """
        found: dict[str, Titled] = {}
        for activities, words in (
            (direct, _("Ingår i behandlingen {activity}.")),
            (also, _("Kan ingå i behandlingen {activity}.")),
        ):
            for activity in activities:
                place = words.format(activity=self.activity_name(activity))
                for code in activity.purposes:
                    text = f"{self._ground(code, activity)} {place}"
                    found.setdefault(code, Titled(self.purpose_title(code), text))
        return tuple(found.values())

    def _ground(self, code: str, activity: Activity) -> str:
        entry: Purpose | None = self._purposes.get(code)
        basis = self.basis(entry.legal_basis if entry is not None else activity.legal_basis)
        parts = [_("Rättslig grund: {basis}.").format(basis=basis)]
        if interest := _interest(entry, activity):
            parts.append(_("Vårt intresse: {interest}").format(interest=interest))
        if entry is not None and entry.is_direct_marketing:
            parts.append(_("Du kan när som helst säga nej."))
        return " ".join(parts)

    def recipients(self, activity_ids: Sequence[int]) -> tuple[ExtractRecipient, ...]:
        """Return the recipients by name.  Source: Art. 15.1 c GDPR; C-154/21."""
        found = []
        for row in outside.recipients(self._session, activity_ids):
            uses = [
                self.activity_name(self.activities[key])
                for key in activity_ids
                if row.code in self.activities[key].recipients
            ]
            name = self.recipient_name(row)
            role = _(ROLES.get(row.role, row.role))
            found.append(ExtractRecipient(name, role, _country(row.country), ", ".join(uses)))
        return tuple(found)

    def transfers(self, activity_ids: Sequence[int]) -> tuple[str, ...]:
        """Return transfers out of the EU and the EEA.  Source: Art. 15.2 GDPR."""
        activities = [self.activities[key] for key in activity_ids]
        texts = [text for row in activities if (text := self.told_of_transfers(row))]
        texts += [_transfer(**transfer) for row in activities for transfer in row.transfers_to]
        abroad = _("{name} finns i {country}.")
        texts += [
            abroad.format(name=row.name, country=_country(row.country))
            for row in outside.recipients(self._session, activity_ids)
            if transfers.is_outside(row.country)
        ]
        return tuple(dict.fromkeys(texts))


def _shown(entries: Iterable[Entry], code: str, stored: str) -> str:
    """Return a stored name, in English if it is still the profile's own."""
    if language() == "sv":
        return stored
    return next((entry.title_en for entry in entries if entry.code == code and entry.title == stored), stored)


def _country(code: str) -> str:
    return countries.name(code, language()) if code else _("Inte känt")


def _transfer(country: str, safeguard: str) -> str:
    """Return that data go to a country, and under what.  Source: Art. 15.2 and 46 GDPR."""
    place = countries.name(country, language())
    if not safeguard:
        return _("Uppgifter kan föras över till {country}. Vilket skydd som gäller är inte utrett.").format(
            country=place
        )
    return _("Uppgifter kan föras över till {country}. Skydd: {safeguard}.").format(
        country=place, safeguard=transfers.label(Safeguard(safeguard))
    )


def _interest(entry: Purpose | None, activity: Activity) -> str:
    """Return the interest a purpose rests on: the purpose's own, unless the office has written another for the activity."""
    if entry is not None and entry.interest and (not activity.interest or entry.interest in activity.interest):
        return entry.interest_en if language() == "en" else entry.interest
    is_on_interest = (entry.legal_basis if entry is not None else activity.legal_basis) == LEGITIMATE_INTEREST
    return activity.interest if is_on_interest else ""


def is_voucher(datum: Datum) -> bool:
    """Return whether a value is an accounting record."""
    field = by_code().get(datum.field)
    return field is not None and field.bookkeeping


def erase_text(one: Judged) -> str:
    """Return when a value is erased: a day, or what it waits for.  Source: Art. 15.1 d GDPR."""
    verdict = one.verdict
    if verdict.action is not Action.KEEP:
        return _("Vid nästa gallring")
    if verdict.decides is Decides.HOLD:
        return _("Inte nu: gallringen är stoppad")
    if verdict.decides is Decides.SUPPRESSION:
        return _("Så länge reklamspärren gäller")
    if verdict.erase_from_on is not None:
        return (verdict.erase_from_on - dt.timedelta(days=1)).isoformat()
    return _waiting(one.rule)


def _waiting(rule: RetentionRule | None) -> str:
    if rule is None or rule.kind == RuleKind.NONE:
        return _("Ingen tid är bestämd")
    if rule.kind == RuleKind.CONSENT:
        return _("När du tar tillbaka samtycket")
    if rule.kind == RuleKind.BOOKKEEPING:
        return _("Sju år efter räkenskapsåret")
    months = rule.months or 0
    return ngettext(
        "{count} månad efter att du slutat vara kund", "{count} månader efter att du slutat vara kund", months
    ).format(count=months)


def rule_text(rule: RetentionRule) -> str:
    """Return a retention rule as a sentence to the person."""
    if rule.kind == RuleKind.RELATION_MONTHS:
        months = rule.months or 0
        return ngettext(
            "Vi sparar uppgifterna så länge du är kund och {count} månad till. Sedan raderas de.",
            "Vi sparar uppgifterna så länge du är kund och {count} månader till. Sedan raderas de.",
            months,
        ).format(count=months)
    if rule.kind == RuleKind.BOOKKEEPING:
        return _(
            "Bokföringslagen (7 kap. 2 §) kräver att räkenskaper sparas till och med sjunde året efter det kalenderår då räkenskapsåret slutade."
        )
    if rule.kind == RuleKind.CONSENT:
        return _("Vi sparar uppgifterna tills du tar tillbaka samtycket.")
    return _("Vi har inte bestämt någon tid. Vi prövar varje år om uppgifterna behövs.")


def held_text(review_on: dt.date, kind: str) -> str:
    """Return that erasing is stopped, without telling more about the reason than its kind."""
    return _("Just nu raderar vi inget om dig: {kind} pågår. Stoppet prövas senast den {day}.").format(
        kind=kind.lower(), day=day(review_on)
    )
