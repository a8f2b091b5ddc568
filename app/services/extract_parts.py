"""What an extract says around the values: keeping times, sources, searches, profiling.  Belongs to `extracts`."""

import datetime as dt
from collections import Counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import Titled
from app.domain.retention import RuleKind
from app.domain.wording import day
from app.i18n import _, ngettext
from app.services.extract_rows import Held, is_masked
from app.services.extract_words import KINDS, Register, held_text, rule_text
from db.models import Activity, Hold, Lookup, LookupSource, Request

SEGMENTS = ("segment", "ad_segment")


def also(register: Register, held: Held, direct: list[Activity]) -> list[Activity]:
    """Return the other activities that use the same kinds of data, such as marketing to customers."""
    kinds = {one.datum.category for one in held.values}
    return [
        row
        for row in register.activities.values()
        if row not in direct and kinds & set(row.categories) and not _is_case_work(register, row)
    ]


def _is_case_work(register: Register, row: Activity) -> bool:
    rule = register.rules.get(row.rule_id or 0)
    return rule is not None and rule.kind == RuleKind.AFTER_CLOSING


def retention(session: Session, held: Held, register: Register) -> tuple[Titled, ...]:
    """Return the keeping times in use, the accounting duty and what stops erasing.  Source: Art. 15.1 d GDPR."""
    rules = {one.rule.id: one.rule for one in held.values if one.rule is not None}
    rules |= {row.id: row for row in register.rules.values() if row.kind == RuleKind.BOOKKEEPING}
    found = [Titled(register.rule_title(row), rule_text(row)) for row in rules.values()]
    stop = _("Pågår en utredning eller en tvist sparar vi uppgifterna tills den är klar.")
    if held.subject is not None:
        query = sa.select(Hold).where(Hold.subject_id == held.subject.id, Hold.lifted_on.is_(None))
        stop = " ".join([stop, *(held_text(hold.review_on, hold.kind.label) for hold in session.scalars(query))])
    return (*found, Titled(_("Utredning eller tvist"), stop))


def sources(held: Held, register: Register) -> tuple[Titled, ...]:
    """Return where the data were found and where they come from.  Source: Art. 15.1 g GDPR."""
    found = []
    for source_id, number in _counted(held).items():
        row = register.sources[source_id]
        texts = [ngettext("{count} uppgift.", "{count} uppgifter.", number).format(count=number)]
        texts.append(_(KINDS[row.kind]) if row.kind in KINDS else row.kind)
        if row.kind == "own" and (origins := register.origins(row.activity_id)):
            texts.append(_("Uppgifterna där kommer från: {origins}.").format(origins=", ".join(origins)))
        found.append(Titled(register.source_name(source_id), " ".join(texts)))
    return tuple(sorted(found, key=lambda item: item.title))


def _counted(held: Held) -> dict[int, int]:
    return Counter(one.datum.source_id for one in held.values)


def searched(session: Session, held: Held, register: Register) -> tuple[Titled, ...]:
    """Return what every register answered: as the recorded search says, else as it stands today."""
    ids = [row.id for row in register.sources.values() if row.is_register]
    searched_on = held.today
    lookup = _last_lookup(session, held.request)
    if lookup is not None:
        searched_on = lookup.made_at.date()
        ids += session.scalars(sa.select(LookupSource.source_id).where(LookupSource.lookup_id == lookup.id))
    counts = dict.fromkeys(ids, 0) | _counted(held)
    return tuple(
        Titled(register.source_name(source_id), _found_text(number, searched_on))
        for source_id, number in counts.items()
    )


def _last_lookup(session: Session, request: Request | None) -> Lookup | None:
    if request is None:
        return None
    return session.scalar(sa.select(Lookup).where(Lookup.request_id == request.id).order_by(Lookup.id.desc()).limit(1))


def _found_text(number: int, searched_on: dt.date) -> str:
    if not number:
        return _("Sökt den {day}: inget fanns").format(day=day(searched_on))
    return ngettext("Sökt den {day}: {count} uppgift", "Sökt den {day}: {count} uppgifter", number).format(
        day=day(searched_on), count=number
    )


def profiling(register: Register, held: Held) -> tuple[str, ...]:
    """Return which profiling the person's data go into, and the segments they led to.  Source: Art. 15.1 h GDPR."""
    kinds = {one.datum.category for one in held.values}
    texts = []
    for row in register.activities.values():
        if row.is_profiling and kinds & set(row.categories):
            purposes = ", ".join(register.purpose_title(code) for code in row.purposes)
            told = _("{activity}: {purposes}. Du kan när som helst säga nej.").format(
                activity=register.activity_name(row), purposes=purposes
            )
            texts.append(" ".join(part for part in (told, register.logic(row)) if part))
    segments = (one.datum for one in held.values if one.datum.field in SEGMENTS)
    placed = _("Du är placerad i segmentet {segment}.")
    texts += [placed.format(segment=datum.value) for datum in segments if not is_masked(datum, held.masked)]
    return tuple(texts)
