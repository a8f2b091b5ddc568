"""What the card shows beside the values: consents, marketing by channel, cases, documents and events of one person.

Reading it records nothing: whoever asks has opened the person's card, and that is recorded.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain import audit, channels, consents
from app.domain.channels import MarketingChannel
from app.domain.consents import ConsentState
from app.i18n import _
from app.services.import_rows import YES
from app.services.keeping import OPT_OUT_FIELDS
from db.queries import cards, history, inbox, people

MOST_EVENTS = 500
ANSWER, GIVEN, WITHDRAWN = "newsletter_consent", "consent_on", "consent_withdrawn_on"
CONSENT_FIELDS = (ANSWER, "consent_purpose", "consent_version", "consent_evidence", GIVEN, WITHDRAWN)
SINCE = "opt_out_on"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """One consent as a source tells of it.

    Attributes:
        given_on: As the source writes it; empty when it does not say.
        version: Which text was agreed to.
    """

    state: ConsentState
    purpose: str
    given_on: str
    withdrawn_on: str
    version: str
    evidence: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Marketing:
    """One channel of the opt-out matrix.

    Attributes:
        is_stopped: The person has said no.
        since_on: Since when, None when nobody noted it.
        said_in: Where it is noted.
        missing_in: Systems that hold data about the person and do not say no: they have to be changed by hand.
    """

    label: str
    is_stopped: bool
    since_on: dt.date | None
    said_in: tuple[str, ...]
    missing_in: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PersonLists:
    """A person's lists, each row by a number of its own: cases and documents by their ids."""

    consents: dict[int, Consent]
    marketing: dict[int, Marketing]
    cases: dict[int, Any]
    documents: dict[int, Any]
    events: dict[int, Any]

    @property
    def stopped(self) -> int:
        """Return in how many channels the person has said no."""
        return sum(line.is_stopped for line in self.marketing.values())


def lists(session: Session, subject_id: int) -> PersonLists:
    """Return everything the card lists beside the values; of a merged person, what belongs to any of its records."""
    data = cards.data(session, subject_id)
    requests = [row.id for row in cards.requests(session, subject_id)]
    trail = history.events(session, people.family(session, subject_id), most=MOST_EVENTS)
    return PersonLists(
        consents=_numbered(_consents(data)),
        marketing=_numbered(_marketing(data, cards.opt_outs(session, subject_id))),
        cases={row.id: row for row in inbox.rows(session, requests)},
        documents={row.id: row for row in cards.documents(session, subject_id, requests)},
        events={row.seq: row for row in trail},
    )


def event_text(row: Any) -> str:
    """Return what an event is, in words."""
    return audit.label(row.action)


def _numbered(rows: Iterable[Any]) -> dict[int, Any]:
    return dict(enumerate(rows, 1))


def _consents(data: Sequence[Any]) -> list[Consent]:
    return [_consent(rows) for rows in _groups([row for row in data if row.field in CONSENT_FIELDS])]


def _groups(rows: Sequence[Any]) -> list[list[Any]]:
    """Return the values of each consent: those of one source, or of one of its lines when it tells of several."""
    counts = Counter((row.source_id, row.field) for row in rows)
    several = {source_id for (source_id, _field), count in counts.items() if count > 1}
    found: dict[tuple[int, int | None], list[Any]] = {}
    for row in rows:
        key = row.source_id, row.line if row.source_id in several else None
        found.setdefault(key, []).append(row)
    return list(found.values())


def _consent(rows: Sequence[Any]) -> Consent:
    values = {row.field: row.value for row in rows}
    answer, withdrawn = values.get(ANSWER, ""), values.get(WITHDRAWN, "")
    version, evidence = values.get("consent_version", ""), values.get("consent_evidence", "")
    state = consents.state(
        said_no=bool(answer) and answer.casefold() not in YES,
        given_on=_day(values.get(GIVEN, "")),
        withdrawn_on=(_day(withdrawn) or dt.date.max) if withdrawn else None,
        has_proof=bool(version and evidence),
    )
    return Consent(
        state=state,
        purpose=values.get("consent_purpose") or (_("Nyhetsbrev") if answer else ""),
        given_on=values.get(GIVEN, ""),
        withdrawn_on=withdrawn,
        version=version,
        evidence=evidence,
        source=rows[0].source,
    )


def _marketing(data: Sequence[Any], noted: Sequence[Any]) -> list[Marketing]:
    fields = {channel: code for code, channel in OPT_OUT_FIELDS.items()}
    found = []
    for channel in MarketingChannel:
        since = [row.since_on for row in noted if row.channel is channel]
        found.append(_channel(channels.label(channel), fields[channel], data, since))
    return found


def _channel(label: str, field: str, data: Sequence[Any], noted: Sequence[dt.date]) -> Marketing:
    told = dict.fromkeys(row.source_id for row in data if row.field == field and row.value.casefold() in YES)
    sources = {row.source_id: row.source for row in data}
    days = [_day(row.value) for row in data if row.field == SINCE and row.source_id in told]
    known = [*noted, *(day for day in days if day is not None)]
    is_stopped = bool(told or noted)
    here = (_("Noterad här"),) if noted else ()
    return Marketing(
        label=label,
        is_stopped=is_stopped,
        since_on=min(known, default=None),
        said_in=(*here, *(sources[key] for key in told)),
        missing_in=tuple(name for key, name in sources.items() if key not in told) if is_stopped else (),
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
