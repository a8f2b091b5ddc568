"""A request's way from arrival to archive: its steps, the next one, and why an act is not allowed now.

Each `why_not_…` answers None when the act is allowed, else one sentence that says what is missing and what to do.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.deadlines import ASK_WITHIN_DAYS
from app.domain.request_facts import Decision, Facts
from app.domain.rights import RULES
from app.domain.status import (
    FINAL,
    SAFE_FOR_PROTECTED,
    DeliveryMethod,
    IdentityMethod,
    Outcome,
    Question,
    Status,
    label,
)
from app.domain.wording import day
from app.i18n import _, mark, ngettext

__all__ = ["Decision", "DeliveryMethod", "Facts", "IdentityMethod", "Outcome", "Question", "Status", "Step", "label"]


@dataclass(frozen=True)
class Step:
    """One step of the way.

    Attributes:
        code: `register`, `acknowledge`, `identity`, `lookup`, `extract`, `decide`, `execute`, `letter`, `send` or `close`.
        title: What to do, as the user reads it.
        is_done: It is done.
        done_on: The day it was done, when that day is kept.
        is_optional: The way goes on without it.
    """

    code: str
    title: str
    is_done: bool
    done_on: date | None = None
    is_optional: bool = False


_TITLES = {
    "register": mark("Registrera"),
    "acknowledge": mark("Bekräfta att begäran har kommit"),
    "identity": mark("Kontrollera identiteten"),
    "lookup": mark("Sök i alla register"),
    "extract": mark("Skapa registerutdraget"),
    "decide": mark("Besluta"),
    "execute": mark("Utför det som beslutats"),
    "letter": mark("Skriv svaret"),
    "send": mark("Skicka svaret"),
    "close": mark("Avsluta"),
}


def status(facts: Facts) -> Status:
    """Return where a request stands; the first line that fits."""
    asked = Status.IDENTITY_ASKED if facts.question is Question.IDENTITY else Status.CLARIFICATION_ASKED
    ladder = (
        (facts.closed_on is not None, Status.CLOSED),
        (facts.is_complaint, Status.COMPLAINT),
        (facts.sent_on is not None, Status.ANSWERED),
        (facts.is_withdrawn, Status.WITHDRAWN),
        (facts.is_decided and not facts.tried, Status.UNIDENTIFIED),
        (facts.is_paused, asked),
        (facts.is_decided and facts.open_tasks > 0, Status.EXECUTING),
        (facts.is_decided, Status.DECIDED),
        (facts.is_in_review, Status.REVIEW),
        (facts.is_proposed, Status.PROPOSED),
        (facts.is_registered and (facts.identity_checked or facts.has_lookup), Status.INVESTIGATING),
        (facts.is_registered, Status.REGISTERED),
    )
    return next((found for fits, found in ladder if fits), Status.RECEIVED)


def steps(facts: Facts) -> tuple[Step, ...]:
    """Return the steps of this request, done and to come, in their order."""
    is_answered = not facts.is_withdrawn
    table = (
        ("register", True, facts.is_registered, facts.received_on),
        ("acknowledge", True, facts.acknowledged_on is not None, facts.acknowledged_on),
        ("identity", facts.needs_identity, facts.identity_checked, None),
        ("lookup", facts.needs_lookup, facts.has_lookup, None),
        ("extract", facts.needs_extract, facts.has_extract, None),
        ("decide", True, facts.is_decided, None),
        ("execute", facts.tasks > 0, facts.open_tasks == 0, None),
        ("letter", is_answered, facts.has_letter, None),
        ("send", is_answered, facts.sent_on is not None, facts.sent_on),
        ("close", True, facts.closed_on is not None, facts.closed_on),
    )
    return tuple(
        Step(code, _(_TITLES[code]), is_done, done_on if is_done else None, code == "acknowledge")
        for code, applies, is_done, done_on in table
        if applies
    )


def next_step(facts: Facts) -> Step | None:
    """Return the first step that the way cannot go on without, None when all is done."""
    return next((step for step in steps(facts) if not step.is_done and not step.is_optional), None)


def is_overdue(facts: Facts, *, today: date) -> bool:
    """Return whether the last day has passed without an answer."""
    return facts.sent_on is None and facts.closed_on is None and facts.due_on < today


def remedies_required(facts: Facts) -> bool:
    """Return whether the answer must name the authority and the court.  Source: Art. 12.4 GDPR."""
    return any(decision.is_refusal or decision.outcome is Outcome.UNIDENTIFIED for decision in facts.rights)


def why_not_identify(facts: Facts) -> str | None:
    """Return why an identity check cannot be recorded now."""
    return _closed(facts) or _sent(facts)


def why_not_extend(facts: Facts, *, today: date, reason: str | None = None) -> str | None:
    """Return why the limit cannot be extended.  `reason` None: not asked for yet.

    Source: Art. 12.3 GDPR: the person is told of the extension and its reasons within the first month.
    """
    first_due_on = facts.first_due_on or facts.due_on
    if found := _closed(facts) or _sent(facts):
        return found
    if facts.is_extended:
        return _("Fristen är redan förlängd. Den kan bara förlängas en gång.")
    if today > first_due_on:
        return _("Fristen kunde förlängas senast {day}. Svara så snart du kan och skriv varför svaret är sent.").format(
            day=day(first_due_on)
        )
    if reason is not None and not reason.strip():
        return _(
            "Skälet till förlängningen saknas. Skriv varför begäran är komplicerad eller varför begärandena är många."
        )
    return None


def why_not_pause(facts: Facts, *, question: Question = Question.IDENTITY, reason: str | None = None) -> str | None:
    """Return why the clock cannot be held.  `reason` None: not asked for yet.

    Source: Art. 12.6 GDPR and recital 63: only while the person must prove who they are, or say which data are meant.
    """
    if found := _closed(facts) or _sent(facts):
        return found
    if facts.is_paused:
        return _("Fristen är redan pausad. Registrera svaret på frågan först.")
    if question is Question.IDENTITY and facts.identity_checked:
        return _("Identiteten är redan kontrollerad, så fristen kan inte pausas för den frågan.")
    if reason is not None and not reason.strip():
        return _("Skälet till pausen saknas. Skriv vad som gör att du måste fråga.")
    return None


def pause_warning(facts: Facts, *, asked_on: date) -> str | None:
    """Return what speaks against a pause that is allowed: a question sent late was hardly sent without undue delay."""
    if asked_on <= facts.received_on + timedelta(days=ASK_WITHIN_DAYS):
        return None
    return _(
        "Frågan skickades {days} dagar efter att begäran kom. Pausen kan ifrågasättas: håll dig till den ursprungliga fristen."
    ).format(days=(asked_on - facts.received_on).days)


def why_not_resume(facts: Facts, *, answered_on: date) -> str | None:
    """Return why the clock cannot be set going again."""
    if facts.paused_on is None:
        return _("Fristen är inte pausad.")
    if answered_on < facts.paused_on:
        return _("Svaret kan inte ha kommit före frågan. Frågan skickades {day}.").format(day=day(facts.paused_on))
    return None


def why_not_decide(facts: Facts, decision: Decision | None = None) -> str | None:
    """Return why a right cannot be decided so; without `decision`, why nothing can be decided yet."""
    if found := _closed(facts) or _sent(facts):
        return found
    if decision is None:
        return _not_ready(facts, facts.tried)
    if decision.outcome is Outcome.UNIDENTIFIED and not facts.has_asked_identity:
        return _("Personen har inte blivit ombedd att visa vem den är. Skicka frågan om identitet först.")
    if decision.is_refusal and not RULES[decision.right].can_refuse:
        return _("Den här begäran kan inte avslås. Genomför den och svara.")
    if decision.is_refusal and not decision.reason.strip():
        return _("Skälet till avslaget saknas. Skriv varför, så att personen kan förstå och klaga.")
    return _not_ready(facts, (decision,) if decision.is_tried else ())


def why_not_answer(facts: Facts) -> str | None:
    """Return why the answer cannot be written yet."""
    if found := _closed(facts) or _not_ready(facts, facts.tried):
        return found
    if not facts.is_decided:
        missing = sum(decision.outcome is None for decision in facts.rights)
        return ngettext(
            "{count} rättighet saknar beslut. Besluta den först.",
            "{count} rättigheter saknar beslut. Besluta dem först.",
            missing,
        ).format(count=missing)
    if facts.needs_extract and not facts.has_extract:
        return _("Registerutdraget saknas. Skapa det först.")
    if any(decision.is_refusal and not decision.reason.strip() for decision in facts.rights):
        return _("Skälet till avslaget saknas. Skriv varför, så att personen kan förstå och klaga.")
    return None


def why_not_send(
    facts: Facts, method: DeliveryMethod | None = None, *, sent_on: date | None = None, today: date | None = None
) -> str | None:
    """Return why the answer cannot be recorded as sent.  None for `method` or a day: not asked for yet.  A late answer is allowed."""
    if found := why_not_answer(facts) or _sent(facts):
        return found
    if not facts.has_letter:
        return _("Svaret är inte skrivet. Skriv svaret först.")
    if remedies_required(facts) and not facts.has_remedies:
        return _("Svaret säger inte var man kan klaga. Skriv in tillsynsmyndigheten och domstolen.")
    if method is not None and facts.is_protected and method not in SAFE_FOR_PROTECTED:
        return _(
            "Personen har skyddade uppgifter. Skicka genom Skatteverkets postförmedling eller lämna över mot legitimation."
        )
    return _wrong_day(facts, sent_on, today)


def close_warning(facts: Facts) -> str | None:
    """Return what speaks against closing although it is allowed: somebody who was asked has not answered."""
    if not facts.unanswered:
        return None
    return ngettext(
        "{count} källa utanför valvet har inte svarat. Skriv varför du avslutar ändå.",
        "{count} källor utanför valvet har inte svarat. Skriv varför du avslutar ändå.",
        facts.unanswered,
    ).format(count=facts.unanswered)


def why_not_close(facts: Facts, *, reason: str | None = None) -> str | None:
    """Return why the request cannot be closed.  `reason`, for closing without an answer, None: not asked for yet."""
    if facts.closed_on is not None:
        return _("Ärendet är redan avslutat.")
    if not facts.is_decided:
        return why_not_answer(facts)
    if facts.sent_on is None and not facts.is_withdrawn:
        return _("Svaret är inte skickat. Skicka det och ange dagen.")
    if facts.open_tasks:
        return ngettext(
            "{count} uppgift är inte klar. Bocka av den först.",
            "{count} uppgifter är inte klara. Bocka av dem först.",
            facts.open_tasks,
        ).format(count=facts.open_tasks)
    return close_warning(facts) if reason is not None and not reason.strip() else None


def why_not_reopen(facts: Facts) -> str | None:
    """Return why the request cannot be opened again for a complaint: only an answered one can."""
    if facts.closed_on is None and facts.sent_on is None:
        return _("Begäran är inte besvarad än. Handlägg den som vanligt.")
    return None


def _closed(facts: Facts) -> str | None:
    return _("Ärendet är avslutat. Öppna det igen först.") if status(facts) in FINAL else None


def _sent(facts: Facts) -> str | None:
    if facts.sent_on is None or facts.is_complaint:
        return None
    return _("Svaret är redan skickat. Öppna ärendet igen om något ska ändras.")


def _not_ready(facts: Facts, decisions: tuple[Decision, ...]) -> str | None:
    """Return what must be known before these rights can be decided or answered."""
    if not facts.rights:
        return _("Ingen rättighet är vald. Välj vad begäran gäller.")
    rules = [RULES[decision.right] for decision in decisions]
    if any(rule.needs_identity for rule in rules) and not facts.identity_checked:
        return _("Identiteten är inte kontrollerad. Kontrollera vem som frågar först.")
    if any(rule.needs_lookup for rule in rules) and not facts.has_lookup:
        return _("Registren är inte genomsökta. Sök den registrerade först.")
    return None


def _wrong_day(facts: Facts, sent_on: date | None, today: date | None) -> str | None:
    if sent_on is not None and sent_on < facts.received_on:
        return _("Svaret kan inte ha skickats innan begäran kom. Ändra dagen.")
    if sent_on is not None and today is not None and sent_on > today:
        return _("Dagen har inte varit än. Ange dagen när svaret har skickats.")
    return None
