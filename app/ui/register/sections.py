"""The parts of an activity's form, in the order of Art. 30.1: each a heading and what makes its fields when it is time."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from app.i18n import _
from app.services.register_choices import DPIA, Choosable
from app.ui.kit.cards import InfoCard
from app.ui.kit.choice_fields import ChoicesField
from app.ui.kit.date_fields import DateField
from app.ui.kit.fields import ComboField, LineField
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField
from app.ui.kit.theme import Tone
from app.ui.register.transfers_field import TransfersField

AUTOMATED, PROFILING, SELLING = "automated", "profiling", "selling"
Today = Callable[[], date]
Made = dict[str, QWidget]
Part = tuple[str, Callable[[], Made]]


def parts(choices: Choosable, today: Today) -> list[Part]:
    """Return headings and makers, in order."""
    return [
        ("", lambda: {"name": LineField(_("Behandlingens namn"))}),
        (_("a) Ansvarig"), lambda: _controllers(choices)),
        (_("b) Varför"), lambda: _purposes(choices)),
        (_("c) Vilka och vad"), lambda: _people_and_data(choices)),
        (_("d) Vem får del av uppgifterna"), lambda: {"recipients": ChoicesField(_("Mottagare"), choices.recipients)}),
        (_("e) Tredjeland"), _third_countries),
        (_("f) Hur länge"), lambda: {"rule": ComboField(_("Gallringsregel"), [("", _("Ingen än")), *choices.rules])}),
        (_("g) Hur uppgifterna skyddas"), lambda: {"security": TextField(_("Skyddsåtgärder i stora drag"), lines=3)}),
        (_("Rättslig grund"), lambda: _ground(choices)),
        (_("Källor och information"), lambda: _information(choices)),
        (_("Beslut och profilering"), _decisions),
        (_("Granskning"), lambda: _review(today)),
    ]


def _controllers(choices: Choosable) -> Made:
    answers = _("{controller}\nDataskyddsombud: {officer}").format(
        controller=choices.controller or _("Inte angiven"), officer=choices.officer or _("inte angivet")
    )
    hint = _("Namn och kontaktväg, om någon annan bestämmer tillsammans med er (art. 26).")
    return {
        "answers": PlainLabel(answers, wrap=True, is_selectable=True),
        "joint_controllers": TextField(_("Gemensamt ansvariga"), hint, is_optional=True, lines=2),
    }


def _purposes(choices: Choosable) -> Made:
    note = _("Varför ett nytt ändamål går ihop med det som uppgifterna samlades in för (art. 6.4).")
    return {
        "purposes": ChoicesField(_("Ändamål"), choices.purposes),
        "own_purposes": TextField(_("Egna ändamål"), _("Ett på varje rad."), is_optional=True, lines=2),
        "compatibility_note": TextField(_("Nytt ändamål, prövat"), note, is_optional=True, lines=2),
    }


def _people_and_data(choices: Choosable) -> Made:
    return {
        "subjects": ChoicesField(_("Grupper av registrerade"), choices.subjects),
        "categories": ChoicesField(_("Kategorier av uppgifter"), choices.categories),
    }


def _third_countries() -> Made:
    hint = _("Namn eller två bokstäver, och vad som skyddar uppgifterna där.")
    told = _("Vart och varför. Skriv ”Ingen känd.” om uppgifterna stannar i EU/EES.")
    return {
        "transfers_to": TransfersField(_("Länder utanför EU/EES"), hint),
        "transfers": TextField(_("Om överföringen"), told, lines=2),
    }


def _ground(choices: Choosable) -> Made:
    balancing = _("Varför intresset väger tyngre, och vad personen kan vänta sig.")
    return {
        "legal_basis": ComboField(_("Rättslig grund"), [("", _("Välj …")), *choices.legal_bases]),
        "basis_note": TextField(
            _("Om grunden"), _("Till exempel vilken lag som kräver det."), is_optional=True, lines=2
        ),
        "interest": TextField(_("Intresset"), _("Skrivs ut i registerutdrag."), lines=2),
        "balancing": TextField(_("Avvägningen"), balancing, lines=3),
    }


def _information(choices: Choosable) -> Made:
    return {
        "sources": ChoicesField(_("Källor"), choices.sources, _("Varifrån uppgifterna kommer i första hand.")),
        "notices": ChoicesField(_("Informationstexter"), choices.notices, _("Vad de registrerade får läsa.")),
    }


def _decisions() -> Made:
    marks = (
        (AUTOMATED, _("Automatiserade beslut")),
        (PROFILING, _("Profilering")),
        (SELLING, _("Säljer profiler")),
    )
    promised = _("Policyn säger att inga automatiska beslut fattas (R45). Behandlingen syns därför i Policykoll.")
    logic = _("Vad beslutet eller profilen bygger på, hur en människa prövar det, och vad det leder till.")
    reason = _("Policyn lovar att det inte sker. Skälet syns i Policykoll.")
    return {
        "automation": ChoicesField(_("Särskilt"), marks),
        "warning": InfoCard(text=promised, tone=Tone.WARN),
        "logic": TextField(_("Logiken och följderna"), logic, is_optional=True, lines=3),
        "selling_reason": TextField(_("Varför profiler säljs"), reason, lines=2),
    }


def _review(today: Today) -> Made:
    return {
        "dpia": ComboField(_("Konsekvensbedömning (art. 35)"), [(code, _(text)) for code, text in DPIA.items()]),
        "dpia_note": TextField(_("Om bedömningen"), _("Vad ni kom fram till, och när."), is_optional=True, lines=2),
        "owner": LineField(_("Ansvarig på kontoret"), is_optional=True),
        "review_on": DateField(_("Ses över"), today, is_optional=True),
    }
