"""The company's facts: controller, officer, and how the vault is protected."""

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain import contacts, identity
from app.i18n import _
from app.services import keys, organisation
from app.ui import rights
from app.ui.context import Context
from app.ui.first_run.protection import minutes_field
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card
from app.ui.kit.drafting import Draft, Drafting, packed, unpack
from app.ui.kit.fields import Field, LineField, show_problems
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField
from app.ui.tools.page import ToolPage
from db.queries import overview

KEYS = (organisation.CONTROLLER, organisation.OFFICER, organisation.PROTECTION)


def problems(values: dict[str, Any]) -> dict[str, str]:
    """Return what is wrong, a sentence per field."""
    found = {}
    if not values["name"]:
        found["name"] = _("Skriv organisationens namn.")
    if not values["officer_name"]:
        found["officer_name"] = _("Skriv vem som är dataskyddsombud.")
    for name in ("email", "officer_email"):
        if values[name] and contacts.email(values[name]) is None:
            found[name] = _("Det ser inte ut som en e-postadress.")
    for name in ("phone", "officer_phone"):
        if values[name] and contacts.phone(values[name]) is None:
            found[name] = _("Det ser inte ut som ett telefonnummer.")
    if len(values["address"].splitlines()) > 4:
        found["address"] = _("Adressen får ha högst fyra rader.")
    return found


class CompanyPage(ToolPage, Drafting):
    """A form with one button; what is typed stays until it is saved."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Företagsprofil"), _("Uppgifterna står i brev, utdrag och anmälningar."))
        self._stored: dict[str, Any] = {}
        self.fields: dict[str, Field] = {}
        self.section = PlainLabel("", "muted", wrap=True)
        self.minutes = minutes_field(organisation.LOCK_MINUTES)
        self.save_button = button(_("&Spara"), "save", role="primary")
        self._build()
        self.save_button.clicked.connect(self.save)
        self.context.jobs.read(lambda session, _job: overview.settings(session, *KEYS), self._show)

    def _build(self) -> None:
        controller, officer, protection = Card(), Card(), Card()
        controller.add(PlainLabel(_("Personuppgiftsansvarig"), "h2"))
        controller.add(self.section)
        self._add(controller, "name", LineField(_("Namn")))
        hint = _("Enskild firma: lämna tomt, numret är ägarens personnummer.")
        self._add(controller, "orgnr", LineField(_("Organisationsnummer"), hint, is_optional=True))
        self._add(
            controller, "address", TextField(_("Adress"), _("Gata på en rad, postnummer och ort på nästa."), lines=3)
        )
        self._add(controller, "email", LineField(_("E-post"), is_optional=True))
        self._add(controller, "phone", LineField(_("Telefon"), is_optional=True))
        self._add(controller, "website", LineField(_("Webbplats"), is_optional=True))
        hint = _("Bara för den som inte finns i EU eller EES (art. 27). Namn och kontaktväg.")
        self._add(controller, "representative", TextField(_("Företrädare"), hint, is_optional=True, lines=2))
        officer.add(PlainLabel(_("Dataskyddsombud"), "h2"))
        self._add(officer, "officer_name", LineField(_("Namn"), _("Står i loggen och under breven.")))
        self._add(officer, "officer_email", LineField(_("E-post"), is_optional=True))
        self._add(officer, "officer_phone", LineField(_("Telefon"), is_optional=True))
        protection.add(PlainLabel(_("Skydd"), "h2"))
        protection.add(self.minutes)
        row = QHBoxLayout()
        row.addWidget(self.save_button)
        rights.restrict(self.context.vault, "organisation.change_fact", self.save_button)
        row.addStretch()
        for card in (controller, officer, protection):
            self.column.addWidget(card)
        self.column.addLayout(row)
        self.column.addStretch()

    def _add(self, card: Card, name: str, field: Field) -> None:
        self.fields[name] = field
        card.add(field)

    def values(self) -> dict[str, Any]:
        """Return the answers."""
        return {name: field.value() for name, field in self.fields.items()} | {"minutes": self.minutes.value()}

    def has_unsaved(self) -> bool:
        """Say whether something was typed that is not saved."""
        return bool(self._stored) and self.values() != self._stored

    def drafts(self) -> list[Draft]:
        """Return what is typed and not saved."""
        title = _("Företagsprofil")
        return [Draft(type(self).__name__, "", title, packed(self.values()))] if self.has_unsaved() else []

    def show_offer(self, card: QWidget) -> None:
        """Put a card over the form."""
        self.column.insertWidget(0, card)

    def take_back(self, draft: Draft) -> None:
        """Put a draft's answers into the fields."""
        for name, field in {**self.fields, "minutes": self.minutes}.items():
            if name in draft.values:
                field.set_value(unpack(draft.values[name]))

    def _show(self, facts: dict[str, dict[str, Any]]) -> None:
        controller, officer, protection = (facts[key] for key in KEYS)
        shown = {
            name: controller.get(name) or ""
            for name in ("name", "orgnr", "email", "phone", "website", "representative")
        }
        shown["address"] = "\n".join(controller.get("address_lines") or ())
        shown |= {f"officer_{name}": officer.get(name) or "" for name in ("name", "email", "phone")}
        for name, value in shown.items():
            self.fields[name].set_value(value)
        self.minutes.set_value(str(organisation.lock_minutes(protection)))
        section = controller.get("section") or ""
        self.section.setText(_("Från policyns avsnitt ”{section}”.").format(section=section) if section else "")
        self.section.setVisible(bool(section))
        self._stored = self.values()

    @Slot()
    def save(self) -> None:
        """Save what differs."""
        given = self.values()
        found = problems(given)
        number = identity.parse(given["orgnr"], today=self.context.today()) if given["orgnr"] else None
        if given["orgnr"] and (number is None or number.kind is not identity.Kind.ORG):
            found["orgnr"] = _("Numret är inget organisationsnummer. Enskild firma: lämna fältet tomt.")
        if show_problems(self.fields, found):
            return
        changes = _facts(given, number.normalised if number else None)

        def work(session: Any, _job: object) -> None:
            for key, values in changes.items():
                organisation.change_fact(session, key, values)

        self.save_button.setEnabled(False)
        self.context.jobs.write(work, self._tell, self._fail)

    def _tell(self, _result: object) -> None:
        self.save_button.setEnabled(True)
        self._stored = self.values()
        if not keys.own_name(self.context.vault):  # a user of the vault works under their own name
            self.context.vault.store.user = str(self._stored["officer_name"])
        messages.toast(self, _("Företagsprofilen är sparad."))

    def _fail(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        messages.show_error(self.window(), error)


def _facts(given: dict[str, Any], orgnr: str | None) -> dict[str, dict[str, Any]]:
    return {
        organisation.CONTROLLER: {
            "name": given["name"],
            "orgnr": orgnr,
            "email": given["email"],
            "phone": given["phone"] or None,
            "website": given["website"],
            "representative": given["representative"],
            "address_lines": [line.strip() for line in given["address"].splitlines() if line.strip()],
        },
        organisation.OFFICER: {
            "name": given["officer_name"],
            "email": given["officer_email"],
            "phone": given["officer_phone"] or None,
        },
        organisation.PROTECTION: {"lock_minutes": int(given["minutes"])},
    }
