"""The policy check of a vault: what was found, in words, and which findings somebody has decided to live with.

Source: Art. 5.2 GDPR (accountability); the policy's promises R1 to R80.
"""

import datetime as dt
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import findings
from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.findings import Finding, Place, State, Weight
from app.domain.policy_check import judge
from app.i18n import _, language
from app.reference import countries, policy_checks
from app.reference.policy_checks import Check
from app.reference.profiles import Contradiction
from app.services import audit, organisation, policy_facts
from app.services.guard import guarded
from db.models import Deviation


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A finding in words.

    Attributes:
        key: What it is kept under, such as `balancing_missing:profiling`.
        code: Short for the reader: `C6`, or the first requirement it breaks.
        weight: What it breaks.
        state: Open, approved or met.
        what: What was found.
        section: Where in the policy; empty when the policy says nothing.
        handled: What the program does about it meanwhile.
        place: Where it is mended, and `opens` which row there.
        reason: Why it was approved, by whom and when.
    """

    key: str
    code: str
    weight: Weight
    state: State
    title: str
    what: str
    section: str
    article: str
    requirements: tuple[str, ...]
    why: str
    suggestion: str
    handled: str
    place: Place
    opens: str
    reason: str = ""
    approved_by: str = ""
    approved_at: dt.datetime | None = None


def findings_of(session: Session, *, now: dt.datetime, today: dt.date) -> tuple[Shown, ...]:
    """Return every finding in the language in use: open ones first, the law before promises before what is unclear."""
    approved = _approved(session)
    judged = judge(policy_facts.gather(session, now=now, today=today))
    words = _Words(session, today)
    shown = [words.shown(finding, approved.get(finding.key)) for finding in judged]
    states, weights = list(State), list(Weight)
    return tuple(sorted(shown, key=lambda one: (states.index(one.state), weights.index(one.weight))))


def open_count(session: Session, *, now: dt.datetime, today: dt.date) -> int:
    """Return how many findings wait."""
    approved = _approved(session)
    judged = judge(policy_facts.gather(session, now=now, today=today, is_counted=False))
    return sum(_state(finding, approved.get(finding.key)) is State.OPEN for finding in judged)


@guarded
def approve(session: Session, key: str, *, reason: str, now: dt.datetime, today: dt.date) -> Deviation:
    """Decide to live with a finding, for as long as nothing more is missing.

    Raises:
        UserError: There is no reason, or the finding is not open; nothing was stored.
    """
    if not reason.strip():
        raise _refused(_("Skälet saknas."), _("Skriv varför avvikelsen godtas."))
    judged = judge(policy_facts.gather(session, now=now, today=today, is_counted=False))
    found = next((finding for finding in judged if finding.key == key), None)
    before = _approved(session).get(key)
    if found is None or _state(found, before) is not State.OPEN:
        raise _refused(_("Iakttagelsen är inte öppen längre."), _("Läs listan igen."))
    if before is not None:
        _withdraw(session, before)
    row = Deviation(
        finding=key,
        lacks=list(found.lacks),
        reason=reason.strip(),
        approved_at=session.info["now"],
        approved_by=session.info["user"],
    )
    session.add(row)
    session.flush()
    audit.record(session, Action.DEVIATION_APPROVED, row, finding=key, lacks=list(found.lacks))
    return row


@guarded
def withdraw(session: Session, key: str) -> None:
    """Take an approved deviation back; the finding counts again.

    Raises:
        UserError: It is not approved; nothing was changed.
    """
    row = _approved(session).get(key)
    if row is None:
        raise _refused(_("Avvikelsen är inte godkänd."), _("Läs listan igen."))
    _withdraw(session, row)


def _withdraw(session: Session, row: Deviation) -> None:
    row.withdrawn_at, row.withdrawn_by = session.info["now"], session.info["user"]
    audit.record(session, Action.DEVIATION_WITHDRAWN, row, finding=row.finding)


def _refused(what: str, do: str) -> UserError:
    return UserError(what, stands=_("Inget har ändrats."), do=do)


def _approved(session: Session) -> dict[str, Deviation]:
    rows = session.scalars(sa.select(Deviation).where(Deviation.withdrawn_at.is_(None)).order_by(Deviation.id))
    return {row.finding: row for row in rows}


def _state(finding: Finding, approved: Deviation | None) -> State:
    if finding.is_met:
        return State.MET
    if approved is not None and findings.still_covers(tuple(approved.lacks), finding.lacks):
        return State.APPROVED
    return State.OPEN


class _Words:
    """The texts of the checks, and of the contradictions of the policy that the vault was started from."""

    def __init__(self, session: Session, today: dt.date) -> None:
        profile = organisation.profile_of(session)
        self._checks = policy_checks.checks(today)
        self._contradictions = {one.code: one for one in profile.contradictions}
        self._has_policy = profile.policy_valid_from is not None

    def shown(self, finding: Finding, approved: Deviation | None) -> Shown:
        known = self._contradictions.get(finding.check)
        shown = self._contradiction(finding, known) if known is not None else self._check(finding)
        state = _state(finding, approved)
        if approved is None or state is not State.APPROVED:
            return shown
        return _with_approval(shown, approved)

    def _contradiction(self, finding: Finding, one: Contradiction) -> Shown:
        is_english = language() == "en"
        return Shown(
            key=finding.key,
            code=one.code,
            weight=one.weight,
            state=_state(finding, None),
            title=one.shown(language()),
            what=one.finding_en if is_english else one.finding,
            section=one.section,
            article=one.article,
            requirements=one.requirements,
            why=one.why_en if is_english else one.why,
            suggestion=one.suggestion_en if is_english else one.suggestion,
            handled=one.handled_en if is_english else one.handled,
            place=one.place,
            opens=finding.opens,
        )

    def _check(self, finding: Finding) -> Shown:
        one = self._checks[finding.check]
        section = one.section if self._has_policy else ""
        texts = _filled(one, finding)
        requirements = tuple(code for code in one.requirements if code in finding.requirements) or one.requirements
        return Shown(
            key=finding.key,
            code=next(iter(requirements), ""),
            weight=one.weight,
            state=_state(finding, None),
            title=texts[0],
            what="",
            section=finding.section or section,
            article=one.article,
            requirements=requirements,
            why=texts[1],
            suggestion=texts[2],
            handled="",
            place=one.place,
            opens=finding.opens or finding.code,
        )


def _filled(one: Check, finding: Finding) -> list[str]:
    """Return title, why and suggestion with the finding's own name, lacks and number put in."""
    texts = (
        (one.title_en, one.why_en, one.suggestion_en) if language() == "en" else (one.title, one.why, one.suggestion)
    )
    lacks = ", ".join(map(_lack, finding.lacks))
    return [text.format(about=finding.about, lacks=lacks, count=finding.count) for text in texts]


def _lack(code: str) -> str:
    point = policy_checks.points().get(code)
    return point.shown(language()) if point is not None else countries.name(code, language())


def _with_approval(shown: Shown, approved: Deviation) -> Shown:
    return replace(
        shown,
        state=State.APPROVED,
        reason=approved.reason,
        approved_by=approved.approved_by,
        approved_at=approved.approved_at,
    )
