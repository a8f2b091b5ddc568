"""The whole register as documents, for the authority and for the office's own review.  Source: Art. 30.1 and 30.4 GDPR."""

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy.orm import Session

from app.documents.content import Mark, Record, RecordTable
from app.documents.record import write_record
from app.documents.record_workbook import write_record_workbook
from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.i18n import _, language_as
from app.services import audit, organisation
from app.services.extract_words import NO_TRANSFERS
from app.services.guard import guarded
from app.services.register_choices import representative
from app.services.register_words import NOTHING, RegisterWords, field_label, rule_length
from db.models import Activity, Notice, Recipient, RetentionRule, Source
from db.queries import register as queries

Value = str | dt.date | None
WRITERS: dict[str, Callable[[Record], bytes]] = {"pdf": write_record, "xlsx": write_record_workbook}


@guarded
def export(
    session: Session, *, today: dt.date, formats: Collection[str] = ("pdf", "xlsx"), shown: str = "sv"
) -> list[tuple[str, bytes]]:
    """Return the register as files, name and bytes, and record that it was exported.

    Args:
        session: The write session.
        today: Printed on the documents.
        formats: Which of `WRITERS`.
        shown: `sv` or `en`.

    Raises:
        UserError: A format is unknown, or none was asked for.
    """
    if not formats or set(formats) - set(WRITERS):
        raise UserError(
            _("Formatet finns inte."),
            stands=_("Inget har exporterats."),
            do=_("Välj bland {formats}.").format(formats=", ".join(WRITERS)),
            code=ExitCode.USAGE,
        )
    record = content(session, today=today, shown=shown)
    wanted = [kind for kind in WRITERS if kind in formats]
    audit.record(session, Action.REGISTER_EXPORTED, formats=wanted, activities=len(record.activities))
    return [(f"behandlingsregister_{today.isoformat()}.{kind}", WRITERS[kind](record)) for kind in wanted]


def content(session: Session, *, today: dt.date, shown: str = "sv") -> Record:
    """Return what the register says today, in the language `shown`."""
    with language_as(shown):
        words = RegisterWords(session)
        return Record(
            mark=Mark(
                "", today, language=shown, is_example=organisation.is_example(session), trail=audit.head(session)
            ),
            controller=organisation.controller(session),
            officer=organisation.officer(session),
            representative=representative(organisation.fact(session, organisation.CONTROLLER)),
            points=tuple(title for title, _value in _points()),
            activities=tuple(_activity(row, words) for row in queries.activity_list(session)),
            lists=(
                _recipients(words),
                _sources(queries.source_list(session), words),
                _rules(queries.rules(session), words),
                _notices(queries.notices(session), words),
            ),
        )


Point = tuple[str, Callable[[Activity, RegisterWords], Value]]


def _points() -> tuple[Point, ...]:
    """Return the columns of the register: Art. 30.1 in its order, then what an extract needs besides."""
    return (
        (_("Behandling"), lambda row, words: words.register.activity_name(row)),
        (_("a) Gemensamt ansvariga"), _of("joint_controllers")),
        (_("b) Ändamål"), _of("purposes")),
        (_("c) Grupper av registrerade"), _of("subjects")),
        (_("c) Kategorier av uppgifter"), _of("categories")),
        (_("d) Mottagare"), _recipients_of),
        (_("e) Tredjeland och skydd"), _transfers_of),
        (_("f) Gallring"), _of("rule_id")),
        (_("g) Skyddsåtgärder"), _of("security")),
        (_("Rättslig grund"), _basis_of),
        (_("Intresse och avvägning"), _joined("interest", "balancing")),
        (_("Nytt ändamål, prövat"), _of("compatibility_note")),
        (_("Källor"), _of("sources")),
        (_("Informationstexter"), _of("notices")),
        (_("Automatiserade beslut"), _of("is_automated")),
        (_("Profilering"), _of("is_profiling")),
        (_("Logiken och följderna"), lambda row, words: words.register.logic(row) or NOTHING),
        (_("Konsekvensbedömning"), _joined("dpia", "dpia_note")),
        (_("Ansvarig på kontoret"), _of("owner")),
        (_("Ses över"), lambda row, _words: row.review_on),
    )


def _of(name: str) -> Callable[[Any, RegisterWords], Value]:
    """Return a reader of one field in words."""
    return lambda row, words: words.value(name, getattr(row, name))


def _joined(*names: str) -> Callable[[Any, RegisterWords], Value]:
    """Return a reader of some fields, each on a line; empty ones are left out."""

    def read(row: Any, words: RegisterWords) -> str:
        texts = [words.value(name, getattr(row, name)) for name in names]
        return "\n".join(text for text in texts if text != NOTHING) or NOTHING

    return read


def _activity(row: Activity, words: RegisterWords) -> tuple[Value, ...]:
    return tuple(read(row, words) for _title, read in _points())


def _recipients_of(row: Activity, words: RegisterWords) -> str:
    """Return the recipients by name and role."""
    found = [words.recipients[code] for code in row.recipients if code in words.recipients]
    named = (f"{words.value('recipients', one.code)} ({words.value('role', one.role).lower()})" for one in found)
    return "\n".join(named) or NOTHING


def _transfers_of(row: Activity, words: RegisterWords) -> str:
    lines = [words.value("transfers_to", [one]) for one in row.transfers_to]
    lines += [told] if (told := words.register.told_of_transfers(row)) else []
    return "\n".join(lines) or (_("Ingen känd") if row.transfers == NO_TRANSFERS else NOTHING)


def _basis_of(row: Activity, words: RegisterWords) -> str:
    bases = words.register.bases(row, row.purposes)
    return "\n".join(text for text in (bases, row.basis_note) if text)


def _recipients(words: RegisterWords) -> RecordTable:
    rows = words.recipients.values()
    names = ("name", "category", "role", "country", "agreement_on", "contact", "note")
    return _table(_("Mottagare"), names, (34, 26, 22, 16, 16, 30, 36), rows, words)


def _sources(rows: list[Source], words: RegisterWords) -> RecordTable:
    names = ("name", "kind", "activity_id", "evidence", "told_on", "evidence_note")
    return _table(_("Källor"), names, (36, 28, 34, 30, 20, 32), rows, words)


def _rules(rows: list[RetentionRule], words: RegisterWords) -> RecordTable:
    headers = (_("Gallringsregel"), _("Räknas från"), _("Tid"))
    shown = tuple(
        (words.register.rule_title(row), words.value("kind", row.kind), rule_length(row.months)) for row in rows
    )
    return RecordTable(_("Gallringsregler"), headers, (60, 40, 20), shown)


def _notices(rows: list[Notice], words: RegisterWords) -> RecordTable:
    names = ("title", "version", "valid_from", "place", "covers", "settles")
    return _table(_("Informationstexter"), names, (40, 18, 18, 26, 60, 18), rows, words)


def _table(
    title: str,
    names: tuple[str, ...],
    widths: tuple[int, ...],
    rows: Collection[Recipient | Source | Notice],
    words: RegisterWords,
) -> RecordTable:
    shown = tuple(tuple(_cell(row, name, words) for name in names) for row in rows)
    return RecordTable(title, tuple(map(field_label, names)), widths, shown)


def _cell(row: Any, name: str, words: RegisterWords) -> Value:
    value = getattr(row, name)
    return value if isinstance(value, dt.date) else _named(row, name, words) or words.value(name, value)


def _named(row: Any, name: str, words: RegisterWords) -> str:
    """Return a row's name in the language in use; empty for other fields."""
    if name not in ("name", "title"):
        return ""
    if isinstance(row, Source):
        return words.register.source_name(row.id)
    return words.register.notice_title(row) if isinstance(row, Notice) else words.register.recipient_name(row)
