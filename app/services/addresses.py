"""Where a letter to a person goes: the registered address, or the tax agency's forwarding for a protected identity."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.subjects import Protection
from app.i18n import _
from db.models import Datum, Subject
from db.queries import people

FORWARDING = ("Skatteverket", "Box 2820", "403 20 Göteborg")
"""Source: Skatteverket's service for mail to people with protected identity."""
PARTS = ("street", "co_address", "apartment_no", "postcode", "city", "country")
HOME = ("", "se", "sverige", "sweden")


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """The lines for the envelope's window.

    Attributes:
        via: How it goes when it does not go straight to the person.
        problem: Why it cannot be posted as it is; empty when it can.
        notes: What to think of before it is posted.
    """

    lines: tuple[str, ...]
    via: str | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()


def addressee(session: Session, subject: Subject | None, *, name: str) -> Addressee:
    """Return where a letter to a person goes.

    Args:
        session: Any session.
        subject: The person; None when nobody was found or everything is erased.
        name: What to call the person.

    Source: the policy's promise R42 (registered address).
    """
    if subject is None:
        return Addressee(
            lines=_named(name),
            problem=_("Det finns ingen registrerad adress: ingen person är vald, eller så är uppgifterna raderade."),
        )
    if subject.protection is not Protection.NONE:
        return _forwarded()
    if subject.is_deceased:
        return Addressee(lines=_named(name), problem=_("Personen är avliden. Brevet kan inte skickas till adressen."))
    return _registered(_by_source(session, subject.id), subject.display_name)


def _named(name: str) -> tuple[str, ...]:
    return (name,) if name else ()


def _forwarded() -> Addressee:
    """Return the way that never shows where the person lives, not even to the office's own printer."""
    return Addressee(
        lines=FORWARDING,
        via=_("Genom Skatteverkets postförmedling"),
        notes=(
            _("Lägg brevet i ett förslutet kuvert. Skriv personens personnummer och er returadress på baksidan."),
            _("Lägg det kuvertet i ett yttre frankerat kuvert till Skatteverket."),
            _("Kontrollera skyddet en gång till innan du postar."),
        ),
    )


def _by_source(session: Session, subject_id: int) -> list[dict[str, str]]:
    """Return the address of each source, and of each record that was merged, the one written last on top."""
    of_person = Datum.subject_id.in_(people.family(session, subject_id))
    query = sa.select(Datum.subject_id, Datum.source_id, Datum.field, Datum.value).where(
        of_person, Datum.field.in_(PARTS)
    )
    found: defaultdict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for record_id, source_id, field, value in session.execute(query.order_by(Datum.id.desc())):
        found[record_id, source_id].setdefault(field, value.strip())
    return list(found.values())


def _registered(addresses: list[dict[str, str]], name: str) -> Addressee:
    whole = [parts for parts in addresses if parts.get("postcode") and parts.get("city") and _street(parts)]
    if not whole:
        return Addressee(lines=_named(name), problem=_missing(addresses))
    chosen = whole[0]
    country = chosen.get("country", "")
    lines = [name, chosen.get("co_address", ""), chosen.get("street", ""), f"{chosen['postcode']} {chosen['city']}"]
    if chosen.get("street") and chosen.get("apartment_no"):
        lines[2] = _("{street}, lgh {number}").format(street=chosen["street"], number=chosen["apartment_no"])
    lines.append("" if country.casefold() in HOME else country)
    differ = len({tuple(parts.get(code, "").casefold() for code in PARTS) for parts in whole}) > 1
    return Addressee(
        lines=tuple(line for line in lines if line),
        notes=(_("Registren har olika adresser. Kontrollera vilken som gäller."),) if differ else (),
    )


def _street(parts: dict[str, str]) -> str:
    return parts.get("street") or parts.get("co_address") or ""


def _missing(addresses: list[dict[str, str]]) -> str:
    """Return what the best known address lacks."""
    best = max(addresses, key=len, default={})
    lacking = [] if _street(best) else [_("gatuadress")]
    lacking += [word for code, word in (("postcode", _("postnummer")), ("city", _("postort"))) if not best.get(code)]
    return _("Adressen är inte hel: {parts} saknas i registret.").format(parts=", ".join(lacking))
