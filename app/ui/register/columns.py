"""The columns of the register's lists, and the words for what they hold."""

from typing import Any

from app.domain import fields
from app.domain.fields import Category
from app.domain.retention import RuleKind
from app.i18n import _, mark, ngettext
from app.reference.profiles import OWN_ADDITION
from app.services.extract_words import ROLES
from app.ui.kit.badges import Badge
from app.ui.kit.foreign import one_line
from app.ui.kit.table_model import Align, Column
from app.ui.kit.theme import Tone

DASH = "–"
KINDS = {
    "subject": mark("Den registrerade själv"),
    "observed": mark("Uppstår vid användning"),
    "third_party": mark("Någon annan"),
    "own": mark("Eget register"),
}
ACTIVITIES, SOURCES, RECIPIENTS, RULES = "activities", "sources", "recipients", "rules"


def columns(part: str) -> tuple[Column, ...]:
    """Return the columns of one of the four lists."""
    return {ACTIVITIES: _activities, SOURCES: _sources, RECIPIENTS: _recipients, RULES: _rules}[part]()


def _activities() -> tuple[Column, ...]:
    return (
        Column(_("Behandling"), _name, key="name", tooltip=_name, width=24, is_strong=True),
        Column(_("Rättslig grund"), lambda row: row["basis"], key="basis", width=19),
        Column(_("Gallras enligt"), _rule, tooltip=_rule, badge=_rule_badge, width=18),
        _count_column(),
    )


def _sources() -> tuple[Column, ...]:
    return (
        Column(_("Källa"), _name, key="name", tooltip=_name, width=26, is_strong=True),
        Column(_("Slag"), lambda row: _(KINDS.get(row["kind"], row["kind"])), width=22),
        Column(_("Behandling"), _activity, tooltip=_activity, badge=_activity_badge, width=26),
        _count_column(),
        _found_column(),
    )


def _recipients() -> tuple[Column, ...]:
    return (
        Column(_("Mottagare"), _indented, key="name", tooltip=_name, width=34, is_strong=True),
        Column(_("Roll"), lambda row: _(ROLES.get(row["role"], row["role"])), key="role", width=22),
        Column(_("Land"), _country, badge=_country_badge, width=14),
        _found_column(),
    )


def _rules() -> tuple[Column, ...]:
    return (
        Column(_("Gallringsregel"), _name, key="name", tooltip=_name, width=38, is_strong=True),
        Column(_("Räknas från"), lambda row: rule_start(row["kind"]), width=30),
        Column(_("Tid"), lambda row: rule_length(row["months"]), width=12),
        Column(_("Behandlingar"), lambda row: str(row["used"]), align=Align.AlignRight, width=12),
        _found_column(),
    )


def rule_start(kind: str) -> str:
    """Return what a rule counts from."""
    return {
        RuleKind.RELATION_MONTHS.value: _("kundrelationens slut"),
        RuleKind.BOOKKEEPING.value: _("räkenskapsårets slut"),
        RuleKind.AFTER_CLOSING.value: _("ärendets avslut"),
        RuleKind.CONSENT.value: _("återkallat samtycke"),
    }.get(kind, DASH)


def rule_length(months: int | None) -> str:
    """Return how long a rule is."""
    if months is None:
        return DASH
    if months % 12 == 0 and months >= 72:
        return ngettext("{n} år", "{n} år", months // 12).format(n=months // 12)
    return ngettext("{n} månad", "{n} månader", months).format(n=months)


def origin(section: str, requirements: list[str]) -> str:
    """Return where in the policy a value comes from."""
    is_ours = section.startswith(OWN_ADDITION)
    named = _("Policyns avsnitt ”{section}”").format(section=section) if section and not is_ours else ""
    parts = [_("Eget tillägg, inte ur policyn") if is_ours else named, ", ".join(requirements)]
    return " · ".join(part for part in parts if part) or _("Eget tillägg, inte ur policyn")


def category_labels(codes: list[str]) -> str:
    """Return categories in words."""
    known = {category.value for category in Category}
    return ", ".join(fields.label(Category(code)) if code in known else code for code in codes)


def _count_column() -> Column:
    return Column(
        _("Uppgifter"),
        lambda row: f"{row['data']:,}".replace(",", "\N{NO-BREAK SPACE}"),
        align=Align.AlignRight,
        width=9,
    )


def _found_column() -> Column:
    return Column(_("Ur policyn"), lambda row: one_line(origin(row["section"], row["requirements"])), width=30)


def _name(row: Any) -> str:
    return one_line(row["name"])


def _indented(row: Any) -> str:
    return ("     " if row["category"] else "") + _name(row)


def _rule(row: Any) -> str:
    return one_line(row["rule"]) if row["rule"] else _("Saknar regel")


def _rule_badge(row: Any) -> Badge | None:
    return None if row["rule"] else Badge(Tone.WARN, "triangle-alert")


def _activity(row: Any) -> str:
    return one_line(row["activity"]) if row["activity"] else _("Saknar grund")


def _activity_badge(row: Any) -> Badge | None:
    return None if row["activity"] else Badge(Tone.WARN, "triangle-alert")


def _country(row: Any) -> str:
    return row["country"] or _("Ta reda på")


def _country_badge(row: Any) -> Badge | None:
    return None if row["country"] else Badge(Tone.NEUTRAL, "circle-question-mark")
