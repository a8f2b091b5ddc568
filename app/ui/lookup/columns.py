"""The columns of the tab's two tables, as data."""

from app.domain import matching
from app.domain.matching import Certainty
from app.i18n import _
from app.services.lookup import Hit
from app.services.subjects import CardRow
from app.ui.kit.badges import Badge
from app.ui.kit.foreign import one_line
from app.ui.kit.table_model import Column
from app.ui.kit.theme import Tone

_CERTAINTY = {
    Certainty.SURE: Badge(Tone.OK, "check"),
    Certainty.LIKELY: Badge(Tone.WARN, "clock"),
    Certainty.POSSIBLE: Badge(Tone.NEUTRAL, "minus"),
}
DASH = "–"


def hit_name(hit: Hit) -> str:
    """Return the person's name and what tells namesakes apart."""
    return "  ".join(part for part in (one_line(hit.name, 80), one_line(hit.hint, 60)) if part)


def hit_why(hit: Hit) -> str:
    """Return why a hit hits and where it is held, in a sentence or two."""
    why = one_line(hit.why[:1].upper() + hit.why[1:], 200)
    held = ", ".join(one_line(source, 60) for source in hit.sources)
    found = _("Finns i {sources}.").format(sources=held) if held else _("Finns inte i något register.")
    return f"{why}. {found}"


def hit_columns() -> tuple[Column, ...]:
    """Return the columns of the list of hits."""
    return (
        Column(_("Träff"), hit_name, tooltip=hit_why, icon=_hit_icon, width=26),
        Column(_("Säkerhet"), _certainty, tooltip=hit_why, badge=_certainty_badge, width=7),
    )


def card_columns() -> tuple[Column, ...]:
    """Return the columns of a person's values."""
    return (
        Column(_("Uppgift"), lambda row: one_line(row.label), key="label", width=14, is_strong=True),
        Column(_("Värde"), lambda row: one_line(row.value), key="value", tooltip=_full_value, width=14),
        Column(_("Källa"), lambda row: one_line(row.source) or DASH, key="source", tooltip=_source, width=10),
        Column(_("Sedan"), lambda row: row.since_on.isoformat() if row.since_on else DASH, key="since_on", width=9),
        Column(_("Ändamål"), lambda row: one_line(row.purpose) or DASH, tooltip=lambda row: row.purpose, width=11),
        Column(_("Rättslig grund"), _basis, key="legal_basis", tooltip=_basis, badge=_basis_badge, width=10),
        Column(
            _("Mottagare"), lambda row: one_line(row.recipients) or DASH, tooltip=lambda row: row.recipients, width=9
        ),
        Column(_("Gallras"), lambda row: row.gallras, key="gallras", tooltip=lambda row: row.reason, width=8),
    )


def _hit_icon(hit: Hit) -> str:
    return "shield-alert" if hit.is_protected else "user"


def _certainty(hit: Hit) -> str:
    return matching.label(hit.certainty)


def _certainty_badge(hit: Hit) -> Badge:
    return _CERTAINTY[hit.certainty]


def _full_value(row: CardRow) -> str:
    return one_line(row.value, 600)


def _source(row: CardRow) -> str:
    name = one_line(row.source)
    return _("{source}, rad {line}").format(source=name, line=row.line) if row.line else name


def _basis(row: CardRow) -> str:
    return one_line(row.legal_basis) if row.has_ground else _("Saknar grund")


def _basis_badge(row: CardRow) -> Badge | None:
    return None if row.has_ground else Badge(Tone.WARN, "triangle-alert")
