"""Incidents to look at, and what the tests of their page wait for."""

import datetime as dt
from typing import Any, TypeVar

import sqlalchemy as sa
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.severity import Risk, SeverityInput
from app.services import incidents
from app.services.demo_incidents import MISDELIVERY
from app.ui.context import Context
from app.ui.incidents.page import IncidentPage
from app.ui.incidents.tab import IncidentsTab
from db.models import AuditEntry, Incident
from tests.ui.conftest import NOW

W = TypeVar("W", bound=QWidget)
HOUR = dt.timedelta(hours=1)


def make(context: Context, *, hours_ago: float = 10, is_assessed: bool = False, **answers: Any) -> int:
    with context.vault.store.write(NOW) as session:
        incident = incidents.log(
            session, title="Felskickat brev", aware_at=NOW - hours_ago * HOUR, answers=answers, now=NOW
        )
        if is_assessed:
            incidents.assess(session, incident.id, SeverityInput(dpc=3, ei=1, confidentiality=0.25))
        return incident.id


def complete(context: Context, *, hours_ago: float = 10) -> int:
    rest: dict[str, Any] = {"measures": "Breven hämtades.", "subjects_informed": "will", "will_inform_at": "2026-11-23"}
    postal = {"controller.postal": "Storgatan 1\n752 31 Uppsala"}
    return make(context, hours_ago=hours_ago, is_assessed=True, **{**MISDELIVERY, **rest, **postal})


def shown(qtbot: QtBot, context: Context) -> IncidentsTab:
    tab = IncidentsTab(context)
    qtbot.addWidget(tab)
    tab.resize(1300, 700)
    tab.show()
    idle(qtbot, context)
    return tab


def opened(qtbot: QtBot, context: Context, incident_id: int) -> tuple[IncidentsTab, IncidentPage]:
    tab = shown(qtbot, context)
    context.ways.incident_wanted.emit(incident_id)
    idle(qtbot, context)
    return tab, tab.page


def idle(qtbot: QtBot, context: Context) -> None:
    qtbot.waitUntil(lambda: not context.jobs.is_busy)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not context.jobs.is_busy)


def stored(context: Context, incident_id: int) -> Incident:
    with context.vault.store.read() as session:
        incident = session.get_one(Incident, incident_id)
        session.expunge(incident)
        return incident


def acts(context: Context, action: Action) -> int:
    query = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
    with context.vault.store.read() as session:
        return session.scalar(query) or 0


def window(kind: type[W]) -> W:
    found = [one for one in QApplication.allWidgets() if isinstance(one, kind) and one.isVisible()]
    assert len(found) == 1
    return found[0]


def decide(context: Context, incident_id: int, risk: Risk = Risk.HIGH) -> None:
    with context.vault.store.write(NOW) as session:
        incidents.decide(session, incident_id, risk=risk)
