"""What an extract says around the values: keeping times, sources, searches, profiling.  Belongs to `extracts`."""

import datetime as dt
from collections import Counter

from sqlalchemy.orm import Session

from app.documents.content import Titled
from app.domain import identity
from app.domain.ledger import Answer
from app.domain.retention import RuleKind
from app.domain.wording import day
from app.i18n import _, ngettext
from app.services import ledger
from app.services.extract_rows import Held, is_masked
from app.services.extract_words import KINDS, Register, held_text, rule_text
from app.services.ledger import LedgerLine
from db.models import Activity
from db.queries import cards

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
        holds = cards.holds(session, held.subject.id)
        stop = " ".join([stop, *(held_text(hold.review_on, hold.kind.label) for hold in holds)])
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
    lines = ledger.of_request(session, held.request.id) if held.request is not None else []
    searched_on = max((line.at.date() for line in lines if not line.is_outside), default=held.today)
    failed = {line.source: line for line in lines if line.answer is Answer.FAILED}
    ids = [row.id for row in register.sources.values() if row.is_register]
    counts = dict.fromkeys(ids, 0) | _counted(held)
    found = []
    for source_id, number in counts.items():
        line = failed.get(register.sources[source_id].name)
        told = _found_text(number, searched_on) if number or line is None else _line_text(line)
        found.append(Titled(register.source_name(source_id), told))
    found += [Titled(line.source, _line_text(line)) for line in lines if line.is_outside]
    if terms := dict.fromkeys(_shown_term(term, held.today) for line in lines for term in line.terms):
        found.append(Titled(_("Sökt på"), ", ".join(terms)))
    return tuple(found)


def _line_text(line: LedgerLine) -> str:
    """Return what a source answered that was asked, or could not be searched."""
    answered, asked = line.answered_on or line.at.date(), line.asked_on or line.at.date()
    texts = {
        Answer.FAILED: _("Kunde inte sökas den {day}: {why}").format(day=day(line.at.date()), why=line.why),
        Answer.ASKED: _("Frågad den {day}, svar väntas").format(day=day(asked)),
        Answer.NO_ANSWER: _("Frågad den {day}, inget svar").format(day=day(asked)),
        Answer.NOTHING: _("Frågad den {asked}, svar den {day}: inget fanns").format(
            asked=day(asked), day=day(answered)
        ),
    }
    told = ngettext(
        "Frågad den {asked}, svar den {day}: {count} uppgift",
        "Frågad den {asked}, svar den {day}: {count} uppgifter",
        line.found,
    )
    return texts.get(line.answer) or told.format(asked=day(asked), day=day(answered), count=line.found)


def _shown_term(term: str, today: dt.date) -> str:
    """Return what was searched for as it is printed: of a personal number not the last four."""
    return term[:-4] + "••••" if identity.candidates(term, today) else term


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
