"""The review as rows to show: what may go, what stays, and how much a choice would take.  No widgets here."""

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain import fields
from app.domain.retention import Action, Decides
from app.i18n import _, language, ngettext
from app.reference.profiles import Rule
from app.services import organisation, retention
from app.services.retention import HeldPerson, Proposal
from db.queries import retention as queries


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the proposals or of what is kept.

    Attributes:
        id: The row's number in this review.
        subject_id: The person; None for a closed request or incident.
        who: The person's name, or the number of the file.
        from_on: The first day it may go, if that is known.
        decides: A code of `app.domain.retention.Decides`.
        sources: Where the values are, with how many are there.
        hold_ids: The stops in force for the person.
    """

    id: int
    subject_id: int | None
    who: str
    what: str
    rule: str
    reason: str
    from_on: dt.date | None
    action: Action
    decides: str
    count: int
    sources: tuple[tuple[str, int], ...] = ()
    hold_ids: tuple[int, ...] = ()

    @property
    def unit(self) -> Hashable:
        """Return what is decided as one: all of a person's lines, or one file."""
        return self.subject_id if self.subject_id is not None else self.who

    @property
    def places(self) -> str:
        """Return the sources in words, such as "Kundregister 4"."""
        return ", ".join(f"{name} {count}" for name, count in self.sources)


@dataclass(frozen=True, kw_only=True)
class Found:
    """All that the tab shows, read at once.

    Attributes:
        token: Stands for exactly these proposals.
        profile_rules: The profile's description of each rule, by code.
    """

    proposals: tuple[Line, ...]
    kept: tuple[Line, ...]
    token: str
    rules: Sequence[Any]
    profile_rules: dict[str, Rule]
    runs: Sequence[Any]


def read(session: Any, *, today: dt.date) -> Found:
    """Return the review of today with everything around it.  Changes nothing."""
    review = retention.propose(session, today=today)
    values = [key for line in (*review.proposals, *review.kept) for key in line.datum_ids]
    names = queries.source_names(session, values)
    holds = retention.holds(session)
    proposals = tuple(_line(number, one, names) for number, one in enumerate(review.proposals, start=1))
    profile = organisation.profile_of(session)
    return Found(
        proposals=proposals,
        kept=_kept(review.kept, names, holds),
        token=review.token,
        rules=queries.rules(session),
        profile_rules={rule.code: rule for rule in profile.rules},
        runs=queries.runs(session),
    )


def _line(number: int, one: Proposal, names: dict[int, str]) -> Line:
    counted = Counter(names.get(key, "") for key in one.datum_ids)
    return Line(
        id=number,
        subject_id=one.subject_id,
        who=one.subject_name,
        what=", ".join(one.what),
        rule=one.rule,
        reason=one.reason,
        from_on=one.erase_from_on,
        action=one.action,
        decides=one.decides,
        count=len(one.datum_ids) or 1,
        sources=tuple(sorted(counted.items())),
    )


def _kept(kept: Sequence[Proposal], names: dict[int, str], holds: Sequence[HeldPerson]) -> tuple[Line, ...]:
    """Return what stays, and after it the people with a stop of whom nothing is due yet."""
    by_person: dict[int, list[HeldPerson]] = {}
    for hold in holds:
        by_person.setdefault(hold.subject_id, []).append(hold)
    lines = []
    for number, one in enumerate(kept, start=1):
        stops = by_person.get(one.subject_id or 0, [])
        line = replace(_line(number, one, names), hold_ids=tuple(stop.hold_id for stop in stops))
        if stops and one.decides == Decides.HOLD:
            line = replace(line, reason=f"{line.reason} {_why(stops)}")
        lines.append(line)
    seen = {line.subject_id for line in lines if line.hold_ids}
    lines += [
        _stopped(len(lines) + number, person_id, stops)
        for number, (person_id, stops) in enumerate(by_person.items(), start=1)
        if person_id not in seen
    ]
    return tuple(lines)


def _stopped(number: int, person_id: int, stops: list[HeldPerson]) -> Line:
    review_on = min(stop.review_on for stop in stops)
    kinds = ", ".join(dict.fromkeys(stop.kind.label.lower() for stop in stops))
    reason = _("Gallringsstopp ({kinds}), prövas {day}.").format(kinds=kinds, day=review_on.isoformat())
    return Line(
        id=number,
        subject_id=person_id,
        who=stops[0].subject_name,
        what=_("Alla uppgifter"),
        rule="",
        reason=f"{reason} {_why(stops)}",
        from_on=None,
        action=Action.KEEP,
        decides=Decides.HOLD.value,
        count=0,
        hold_ids=tuple(stop.hold_id for stop in stops),
    )


def _why(stops: Iterable[HeldPerson]) -> str:
    return _("Skäl: {reasons}").format(reasons="; ".join(stop.reason for stop in stops))


def chosen(proposals: Iterable[Line], units: set[Hashable]) -> list[Line]:
    """Return the lines of what is ticked."""
    return [line for line in proposals if line.unit in units]


def people(lines: Iterable[Line]) -> set[int]:
    """Return the people among some lines."""
    return {line.subject_id for line in lines if line.subject_id is not None}


def files(lines: Iterable[Line]) -> set[str]:
    """Return the numbers of the closed requests and incidents among some lines."""
    return {line.who for line in lines if line.subject_id is None}


def verb(lines: Iterable[Line]) -> str:
    """Return what the button says that does it: "14 poster raderas"."""
    count = sum(line.count for line in lines)
    return ngettext("{count} post raderas", "{count} poster raderas", count).format(count=count)


def in_words(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return what goes, one sentence for each source and one for closed files."""
    counted: Counter[str] = Counter()
    for line in lines:
        counted.update(dict(line.sources))
    found = [
        ngettext("{source}: {count} uppgift", "{source}: {count} uppgifter", count).format(source=source, count=count)
        for source, count in sorted(counted.items())
    ]
    if count := len(files(lines)):
        text = ngettext("{count} avslutat ärende med handlingar", "{count} avslutade ärenden med handlingar", count)
        found.append(text.format(count=count))
    return tuple(found)


def short_number(token: str) -> str:
    """Return the dry run's number as people say it: "3f9c-12ab"."""
    return f"{token[:4]}-{token[4:8]}"


def rule_sentence(kind: str, months: int | None, rule: Rule | None, title: str) -> str:
    """Return a rule as a sentence: "Radera kundinformation 60 månader efter kundrelationens slut, utom …"."""
    what = _category_labels(rule) if rule is not None else ""
    relation = _("Radera {what} {months} månader efter att kundrelationen tog slut.")
    if rule is not None and fields.Category.PURCHASE in rule.categories:
        relation = _("Radera {what} {months} månader efter att kundrelationen tog slut, utom bokföring.")
    sentences = {
        "relation_months": relation,
        "bookkeeping": _("Behåll {what} som är räkenskapsinformation till och med sjunde året. Radera sedan."),
        "after_closing": _("Radera {what} {months} månader efter att ärendet avslutades."),
        "consent": _("Radera {what} när samtycket återkallas."),
    }
    if kind not in sentences:
        return title
    return sentences[kind].format(what=what or _default_what(kind), months=months or 0)


def _default_what(kind: str) -> str:
    return _("ärendets handlingar") if kind == "after_closing" else _("uppgifterna")


def _category_labels(rule: Rule) -> str:
    labels = [fields.label(category).lower() for category in rule.categories]
    return _(" och ").join(part for part in (", ".join(labels[:-1]), *labels[-1:]) if part)


def rule_note(rule: Rule | None) -> str:
    """Return why the rule is as it is."""
    if rule is None:
        return ""
    return rule.reason_en if language() == "en" else rule.reason
