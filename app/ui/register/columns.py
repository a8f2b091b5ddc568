"""The columns of the register's lists, and the words for what they hold."""

from typing import Any

from app.domain import fields
from app.domain.fields import Category
from app.i18n import _, language
from app.reference import countries
from app.reference.profiles import OWN_ADDITION
from app.services.extract_words import ROLES
from app.services.register_words import NOTHING as DASH
from app.services.register_words import RULE_KINDS, SOURCE_KINDS, rule_length
from app.ui.kit.badges import Badge
from app.ui.kit.foreign import one_line
from app.ui.kit.table_model import Align, Column
from app.ui.kit.theme import Tone

ACTIVITIES, SOURCES, RECIPIENTS, RULES, NOTICES = "activities", "sources", "recipients", "rules", "notices"


def columns(part: str) -> tuple[Column, ...]:
    """Return the columns of one of the five lists."""
    made = {
        ACTIVITIES: _activities,
        SOURCES: _sources,
        RECIPIENTS: _recipients,
        RULES: _rules,
        NOTICES: _notices,
    }
    return made[part]()


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
        Column(_("Slag"), lambda row: _(SOURCE_KINDS.get(row["kind"], row["kind"])), width=22),
        Column(_("Behandling"), _activity, tooltip=_activity, badge=_activity_badge, width=26),
        _count_column(),
        _found_column(),
    )


def _recipients() -> tuple[Column, ...]:
    return (
        Column(_("Mottagare"), _indented, key="name", tooltip=_name, width=34, is_strong=True),
        Column(_("Roll"), lambda row: _(ROLES.get(row["role"], row["role"])), key="role", width=22),
        Column(_("Land"), _country, badge=_country_badge, width=14),
        Column(_("Avtal från"), lambda row: row["agreement_on"] or DASH, width=12),
        _found_column(),
    )


def _rules() -> tuple[Column, ...]:
    return (
        Column(_("Gallringsregel"), _name, key="name", tooltip=_name, width=38, is_strong=True),
        Column(_("Räknas från"), lambda row: _(RULE_KINDS.get(row["kind"], DASH)), width=30),
        Column(_("Tid"), lambda row: rule_length(row["months"]), width=12),
        Column(_("Behandlingar"), lambda row: str(row["used"]), align=Align.AlignRight, width=12),
        _found_column(),
    )


def _notices() -> tuple[Column, ...]:
    return (
        Column(_("Informationstext"), _name, key="name", tooltip=_name, width=34, is_strong=True),
        Column(_("Version"), lambda row: one_line(row["version"]), width=14),
        Column(_("Gäller från"), lambda row: row["valid_from"], width=12),
        Column(_("Text"), lambda row: _("Finns") if row["has_text"] else _("Saknas"), badge=_text_badge, width=11),
        Column(_("Behandlingar"), lambda row: str(row["used"]), align=Align.AlignRight, width=12),
        _found_column(),
    )


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
        _count,
        align=Align.AlignRight,
        width=9,
    )


def _found_column() -> Column:
    return Column(_("Ur policyn"), lambda row: one_line(origin(row["section"], row["requirements"])), width=30)


def _count(row: Any) -> str:
    """Return how many data there are; dots until they have been counted."""
    return "…" if row["data"] is None else f"{row['data']:,}".replace(",", "\N{NO-BREAK SPACE}")


def _name(row: Any) -> str:
    return one_line(row["name"])


def _indented(row: Any) -> str:
    return ("     " if row["category"] else "") + _name(row)


def _rule(row: Any) -> str:
    if not row["rule"]:
        return _("Saknar regel")
    return _("Saknar grund") if row["lacks"] else one_line(row["rule"])


def _rule_badge(row: Any) -> Badge | None:
    return Badge(Tone.WARN, "triangle-alert") if row["lacks"] else None


def _activity(row: Any) -> str:
    return one_line(row["activity"]) if row["activity"] else _("Saknar grund")


def _activity_badge(row: Any) -> Badge | None:
    return None if row["activity"] else Badge(Tone.WARN, "triangle-alert")


def _country(row: Any) -> str:
    return countries.name(row["country"], language()) if row["country"] else _("Ta reda på")


def _text_badge(row: Any) -> Badge | None:
    return None if row["has_text"] else Badge(Tone.WARN, "triangle-alert")


def _country_badge(row: Any) -> Badge | None:
    return None if row["country"] else Badge(Tone.NEUTRAL, "circle-question-mark")
