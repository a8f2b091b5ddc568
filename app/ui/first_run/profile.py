"""Fourth page: who the organisation is, from the policy's profile or from nothing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Slot

from app.domain import contacts, identity
from app.i18n import _
from app.reference.profiles import Profile, profile
from app.ui.kit.cards import InfoCard
from app.ui.kit.choice_fields import ChoiceField
from app.ui.kit.fields import Field, LineField, show_problems
from app.ui.kit.text_field import TextField
from app.ui.kit.wizard import WizardPage

ADDRESS_LINES = 4


def problems(values: dict[str, Any], *, today: dt.date) -> dict[str, str]:
    """Return what is wrong with the organisation's facts, a sentence per field."""
    found = {}
    if not values["name"]:
        found["name"] = _("Skriv organisationens namn.")
    if values["email"] and contacts.email(values["email"]) is None:
        found["email"] = _("Det ser inte ut som en e-postadress.")
    if values.get("orgnr") and not _is_organisation(values["orgnr"], today):
        found["orgnr"] = _("Numret är inget organisationsnummer. Enskild firma: lämna fältet tomt.")
    if len(values["address"].splitlines()) > ADDRESS_LINES:
        found["address"] = _("Adressen får ha högst fyra rader.")
    if not values["officer"]:
        found["officer"] = _("Skriv ditt namn. Det står i loggen och under breven.")
    return found


def _is_organisation(text: str, today: dt.date) -> bool:
    number = identity.parse(text, today=today)
    return number is not None and number.kind is identity.Kind.ORG


class ProfilePage(WizardPage):
    """A profile to start from, and the facts that letters need."""

    def __init__(self, today: Callable[[], dt.date]) -> None:
        super().__init__(
            _("Företagsprofil"),
            _("Profilen ger valvet behandlingar, mottagare och gallringsregler. Allt går att ändra sedan."),
        )
        self._today = today
        choices = [("itrace", _("Från iTraces policy")), ("empty", _("Tom"))]
        self.profile = ChoiceField(_("Börja från"), choices)
        self.profile.set_value("itrace")
        self.content = InfoCard()
        self.name = LineField(_("Organisationens namn"))
        self.orgnr = LineField(_("Organisationsnummer"), is_optional=True)
        self.address = TextField(_("Adress"), _("Gata på en rad, postnummer och ort på nästa."), lines=2)
        self.email = LineField(_("E-post för dataskydd"))
        self.officer = LineField(_("Ditt namn"), _("Du är dataskyddsombud i valvet."))
        self._fields: dict[str, Field] = {
            "name": self.name,
            "orgnr": self.orgnr,
            "address": self.address,
            "email": self.email,
            "officer": self.officer,
        }
        for part in (self.profile, self.content, *self._fields.values()):
            self.column.addWidget(part)
        self.column.addStretch()
        self.profile.changed.connect(self._fill)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        data = profile(self.profile.value() or "empty")
        self.content.set_content(_("Det här följer med"), _summary(data))
        controller = data.controller
        self.orgnr.setVisible(not controller.is_sole_trader)
        self.name.set_value(controller.name)
        self.email.set_value(controller.email)
        self.address.set_value("\n".join(controller.address_lines))
        self.email.hint.setText(_from_policy(controller.section))
        self.name.hint.setText(_from_policy(controller.section))
        for field in (self.name, self.email):
            field.hint.setVisible(bool(controller.section))

    def values(self) -> dict[str, Any]:
        """Return the answers."""
        return {name: field.value() for name, field in self._fields.items()}

    def leave(self) -> bool:
        """Say whether the facts can be used."""
        return not show_problems(self._fields, problems(self.values(), today=self._today()))

    def facts(self) -> dict[str, dict[str, Any]]:
        """Return the organisation's facts by key."""
        given = self.values()
        controller: dict[str, Any] = {
            "name": given["name"],
            "email": given["email"],
            "address_lines": [line.strip() for line in given["address"].splitlines() if line.strip()],
        }
        number = identity.parse(given["orgnr"], today=self._today()) if given["orgnr"] else None
        if number is not None:
            controller["orgnr"] = number.normalised
        return {"controller": controller, "officer": {"name": given["officer"], "email": given["email"]}}


def _summary(data: Profile) -> str:
    return _("{activities} behandlingar, {recipients} mottagare, {sources} källor och {rules} gallringsregler.").format(
        activities=len(data.activities),
        recipients=len(data.recipients),
        sources=len(data.sources),
        rules=len(data.rules),
    )


def _from_policy(section: str) -> str:
    return _("Från policyns avsnitt ”{section}”.").format(section=section) if section else ""
