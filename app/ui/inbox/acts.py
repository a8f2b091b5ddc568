"""What can be done with a request: words, picture, key, and why it cannot be done now."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from app.domain import lifecycle
from app.domain.request_facts import Facts
from app.domain.status import FINAL
from app.i18n import _, mark, ngettext

WhyNot = Callable[[Facts, dt.date], str | None]


@dataclass(frozen=True)
class Act:
    """One act of the officer.

    Attributes:
        code: What the tab does by.
        title: The words in the menu and on the button.
        icon: A Lucide name.
        keys: The shortcut, if any.
        why_not: Says why it cannot be done now.
        about: What the next step's card says under its heading.
    """

    code: str
    title: str
    icon: str
    why_not: WhyNot
    keys: str = ""
    about: str = ""


def _not_closed(facts: Facts, _today: dt.date) -> str | None:
    is_final = lifecycle.status(facts) in FINAL
    return _("Ärendet är avslutat. Öppna det igen först.") if is_final else None


def _identify(facts: Facts, _today: dt.date) -> str | None:
    return lifecycle.why_not_identify(facts)


def _acknowledge(facts: Facts, _today: dt.date) -> str | None:
    if facts.acknowledged_on is not None:
        return _("Mottagandet är redan bekräftat.")
    return lifecycle.why_not_identify(facts)


def _extract(facts: Facts, _today: dt.date) -> str | None:
    if found := lifecycle.why_not_decide(facts):
        return found
    if not facts.has_lookup:
        return _("Registren är inte genomsökta. Sök den registrerade först.")
    return None


def _resume(facts: Facts, today: dt.date) -> str | None:
    return None if facts.is_paused else lifecycle.why_not_resume(facts, answered_on=today)


def _execute(facts: Facts, _today: dt.date) -> str | None:
    return None if facts.open_tasks else _("Inga uppgifter utanför programmet väntar.")


ACTS = (
    Act("acknowledge", mark("Bekräfta mottagandet …"), "mail-check", _acknowledge, "Ctrl+R"),
    Act(
        "identity",
        mark("Kontrollera identiteten …"),
        "shield-check",
        _identify,
        "Ctrl+I",
        mark("Välj det minsta som räcker för att veta vem som frågar. Spara aldrig en kopia av legitimationen."),
    ),
    Act(
        "lookup",
        mark("Sök den registrerade"),
        "search",
        _identify,
        about=mark("Sök i alla register. Vad varje register svarar sparas i ärendet."),
    ),
    Act(
        "extract",
        mark("Granska utdraget …"),
        "file-text",
        _extract,
        about=mark("Granska vad som lämnas ut innan utdraget skapas. Fritext som kan röra andra är dold från början."),
    ),
    Act("portability", mark("Dataportabilitet …"), "file-text", _extract),
    Act(
        "decide",
        mark("Besluta …"),
        "scale",
        lambda facts, _today: lifecycle.why_not_decide(facts),
        about=mark("Skriv hur varje rättighet avgörs. Ett avslag behöver grund och skäl."),
    ),
    Act(
        "execute",
        mark("Bocka av uppgifter …"),
        "list-checks",
        _execute,
        about=mark("Det finns sådant att göra utanför programmet. Bocka av när det är gjort."),
    ),
    Act(
        "letter",
        mark("Skriv brev …"),
        "pencil",
        _not_closed,
        "Ctrl+Shift+R",
        mark("Brevet går till den registrerade adressen."),
    ),
    Act(
        "send",
        mark("Svaret är skickat …"),
        "send",
        lambda facts, _today: lifecycle.why_not_send(facts),
        about=mark("Skicka brevet. Skriv sedan in dagen och hur det gick iväg."),
    ),
    Act(
        "extend", mark("Förläng fristen …"), "calendar-plus", lambda f, today: lifecycle.why_not_extend(f, today=today)
    ),
    Act("pause", mark("Pausa fristen …"), "pause", lambda facts, _today: lifecycle.why_not_pause(facts)),
    Act("resume", mark("Svaret på frågan har kommit …"), "play", _resume),
    Act(
        "close",
        mark("Avsluta ärendet"),
        "archive",
        lambda facts, _today: lifecycle.why_not_close(facts),
        about=mark("Allt är gjort. Handlingarna ligger kvar i valvet tills de gallras."),
    ),
    Act("reopen", mark("Öppna igen …"), "archive-restore", lambda facts, _today: lifecycle.why_not_reopen(facts)),
)
BY_CODE = {act.code: act for act in ACTS}
SEPARATED = ("extend", "close")
"""A line stands before these in the menu."""


def about(code: str, facts: Facts) -> str:
    """Return what the next step's card says under its heading."""
    if code == "execute":
        return ngettext(
            "{count} uppgift utanför programmet återstår.",
            "{count} uppgifter utanför programmet återstår.",
            facts.open_tasks,
        ).format(count=facts.open_tasks)
    if code == "send" and facts.is_protected:
        return _(
            "Personen har skyddade uppgifter. Brevet går genom Skatteverkets postförmedling eller lämnas över mot legitimation."
        )
    if code == "letter" and facts.is_protected:
        return _("Personen har skyddade uppgifter. Skriv ingen adress: Skatteverket förmedlar brevet.")
    return _(BY_CODE[code].about) if code in BY_CODE else ""
