"""The small forms: a new incident, when it was notified, when the people were told."""

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.breach import in_stockholm
from app.i18n import _
from app.services import incidents
from app.services.incident_facts import clock
from app.ui.context import Context
from app.ui.incidents.clock_card import short_moment
from app.ui.incidents.moments import MomentField
from app.ui.kit.cards import InfoCard
from app.ui.kit.date_fields import DateField
from app.ui.kit.fields import LineField
from app.ui.kit.forms import FormDialog
from app.ui.kit.text_field import TextField
from app.ui.kit.theme import Tone


def new_problems(*, title: str, aware_at: dt.datetime | None, now: dt.datetime) -> dict[str, str]:
    """Return what is wrong with a new incident."""
    found = {}
    if not title:
        found["title"] = _("Skriv några ord om vad som har hänt, utan namn.")
    if aware_at is None:
        found["aware_at"] = _("Skriv dagen och klockslaget då ni fick vetskap.")
    elif aware_at > now:
        found["aware_at"] = _("Tiden ligger i framtiden. Skriv när ni fick veta det.")
    return found


def notified_problems(
    *, at: dt.datetime | None, aware_at: dt.datetime, target_at: dt.datetime, reason: str, now: dt.datetime
) -> dict[str, str]:
    """Return what is wrong with the time of a notification.  Source: Art. 33.1 GDPR (reasons for a delay)."""
    if at is None:
        return {"at": _("Skriv dagen och klockslaget då anmälan skickades.")}
    if not aware_at <= at <= now:
        return {"at": _("Skriv en tid efter att ni fick vetskap, och inte i framtiden.")}
    if at > target_at and not reason:
        return {"reason": _("Anmälan är sen. Skriv varför.")}
    return {}


class NewIncidentDialog(FormDialog):
    """A title and a time; Enter starts the clock.

    Signals:
        logged: The new incident's id.
    """

    logged = Signal(int)

    def __init__(self, parent: QWidget | None, context: Context) -> None:
        super().__init__(parent, _("Ny incident"), _("&Starta klockan"))
        self._context = context
        hint = _("Kort, utan namn. Till exempel: Fakturor till fel mottagare.")
        self.title = self.add("title", LineField(_("Vad har hänt?"), hint))
        self.aware_at = self.add("aware_at", MomentField(_("När upptäcktes det?"), context.today))
        self.aware_at.set_value(context.now().replace(second=0, microsecond=0))
        self.until = InfoCard(tone=Tone.INFO)
        self.column.addWidget(self.until)
        self.aware_at.changed.connect(self._tell)
        self._tell()
        self.title.setFocus()

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        unreadable = self.aware_at.why_unreadable()
        found = new_problems(title=self.title.value(), aware_at=self.aware_at.value(), now=self._context.now())
        return {**found, "aware_at": unreadable} if unreadable else found

    def save(self) -> None:
        """Log the incident; its clock runs from the time of awareness."""
        title, aware_at, now = self.title.value(), self.aware_at.value(), self._context.now()
        if aware_at is None:
            return
        answers = {"discovered_at": aware_at.isoformat()}
        self._context.jobs.write(
            lambda session, _job: incidents.log(session, title=title, aware_at=aware_at, answers=answers, now=now).id,
            then=self._logged,
            failed=self.fail,
        )

    def _logged(self, incident_id: int) -> None:
        self.finish()
        self.logged.emit(incident_id)

    def _tell(self) -> None:
        aware_at = self.aware_at.value()
        is_known = aware_at is not None and aware_at.year >= 2019
        self.until.setVisible(is_known)
        if aware_at is not None and is_known:
            target_at = clock(aware_at).target_at
            self.until.set_content(
                _("Anmäl senast {at}").format(at=short_moment(target_at)),
                _("Klockan går i 72 timmar, helger också. Den går även om du fyller i resten senare."),
            )


class NotifiedDialog(FormDialog):
    """When the notification was sent, and under which number."""

    def __init__(
        self, parent: QWidget | None, context: Context, incident: tuple[int, dt.datetime, dt.datetime]
    ) -> None:
        super().__init__(parent, _("Markera som anmäld"), _("&Markera som anmäld"))
        self._context = context
        self._incident_id, self._aware_at, self._target_at = incident
        self.draft_about = str(self._incident_id)
        self.at = self.add("at", MomentField(_("När skickades anmälan?"), context.today))
        self.at.set_value(context.now().replace(second=0, microsecond=0))
        hint = _("Numret du fick av myndigheten.")
        self.reference = self.add("reference", LineField(_("Myndighetens referens"), hint, is_optional=True))
        self.reason = self.add("reason", TextField(_("Varför anmäls den sent?"), _("Mer än 72 timmar efter vetskap.")))
        self.at.changed.connect(self._ask_reason)
        self._ask_reason()

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return notified_problems(
            at=self.at.value(),
            aware_at=self._aware_at,
            target_at=self._target_at,
            reason=self.reason.value(),
            now=self._context.now(),
        )

    def save(self) -> None:
        """Record it."""
        incident_id, at = self._incident_id, self.at.value()
        reference, reason = self.reference.value(), self.reason.value()
        if at is None:
            return
        self._context.jobs.write(
            lambda session, _job: (
                incidents.mark_notified(session, incident_id, at=at, reference=reference, late_reason=reason).id
            ),
            then=self.finish,
            failed=self.fail,
        )

    def _ask_reason(self) -> None:
        at = self.at.value()
        self.reason.setVisible(at is not None and at > self._target_at)


class InformedDialog(FormDialog):
    """The day the people concerned were told."""

    def __init__(self, parent: QWidget | None, context: Context, incident_id: int, aware_at: dt.datetime) -> None:
        super().__init__(parent, _("Markera som informerade"), _("&Markera som informerade"))
        self._context, self._incident_id = context, incident_id
        self.draft_about = str(incident_id)
        self._first_on = in_stockholm(aware_at).date()
        self.day = self.add("day", DateField(_("Vilken dag fick de berörda veta?"), context.today))
        self.day.set_value(context.today())

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        day = self.day.value()
        if day is None:
            return {"day": _("Skriv dagen.")}
        if not self._first_on <= day <= self._context.today():
            return {"day": _("Skriv en dag efter att ni fick vetskap, och inte i framtiden.")}
        return {}

    def save(self) -> None:
        """Record it."""
        incident_id, informed_on, today = self._incident_id, self.day.value(), self._context.today()
        if informed_on is None:
            return
        self._context.jobs.write(
            lambda session, _job: incidents.inform(session, incident_id, informed_on=informed_on, today=today).id,
            then=self.finish,
            failed=self.fail,
        )
