"""What a role may not do is off in the window, with the reason, and stays off; what it may do is on."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.roles import Role
from app.ui import rights
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.inbox.tab import InboxTab
from app.ui.incidents.tab import IncidentsTab
from app.ui.kit.buttons import button, explain
from app.ui.kit.keep_off import keep_off
from app.ui.register.tab import RegisterTab
from app.ui.retention.tab import RetentionTab
from app.ui.tools.backups import BackupsPage
from app.ui.tools.company import CompanyPage
from app.ui.tools.policy import PolicyPage
from app.ui.window import MainWindow


@contextmanager
def windowed(context: Context, role: Role) -> Iterator[MainWindow]:
    context.vault.store.role = role
    window = MainWindow(context, Comfort())
    window.show()
    window.begin()
    try:
        yield window
    finally:
        context.jobs.close()
        window.hide()
        window.deleteLater()


def parts(qtbot: QtBot, context: Context, window: MainWindow) -> dict[str, tuple[str, list[QWidget | QAction]]]:
    """Return what does an act, by the act."""
    inbox, incidents, register = InboxTab(context), IncidentsTab(context), RegisterTab(context)
    backups, company, policy = BackupsPage(context), CompanyPage(context), PolicyPage(context)
    retention = RetentionTab(context)
    for made in (inbox, incidents, register, backups, company, policy, retention):
        qtbot.addWidget(made)
    actions = window.menus.actions
    return {
        "ny begäran": ("requests.register", [inbox.new_button, actions["new_request"]]),
        "import": ("imports.run_in_batches", [inbox.import_button, actions["import"]]),
        "ny incident": ("incidents.log", [incidents.new_button, actions["new_incident"]]),
        "behandling": ("register.save_activity", [register.new_button, register.desk.remove_button]),
        "kopia": ("backup.make", [backups.make_button]),
        "profil": ("organisation.change_fact", [company.save_button]),
        "avvikelse": ("policy.approve", [policy.pane.approve_button]),
        "gallring": ("retention.decide", [retention._make_proposals().decide_button]),
        "stopp": ("holds.lift_hold", [retention._make_kept().lift_button]),
    }


@pytest.mark.parametrize("role", Role)
def test_each_part_is_off_for_whom_its_act_is_refused(qtbot: QtBot, context: Context, role: Role) -> None:
    with windowed(context, role) as window:
        for act, targets in parts(qtbot, context, window).values():
            why = rights.why_not(context.vault, act)
            for target in targets:
                target.setEnabled(True)
                assert target.isEnabled() is not bool(why), act
                if why:
                    assert why in target.toolTip()


def test_the_status_line_names_a_lower_role(qtbot: QtBot, context: Context) -> None:
    with windowed(context, Role.REVIEWER) as window:
        assert window.status.user.text() == "Eva Lund, granskare"


def test_the_officers_role_is_not_told(qtbot: QtBot, context: Context) -> None:
    with windowed(context, Role.OFFICER) as window:
        assert window.status.user.text() == "Eva Lund"


def test_what_is_kept_off_stays_off_with_its_reason(qtbot: QtBot) -> None:
    kept: QPushButton = button("Radera")
    qtbot.addWidget(kept)
    keep_off(kept, "Bara hon får.")
    kept.setEnabled(True)
    explain(kept, None)
    assert not kept.isEnabled()
    assert "Bara hon får." in kept.toolTip()
    action = QAction("Radera", kept)
    keep_off(action, "Bara hon får.")
    action.setEnabled(True)
    assert not action.isEnabled()
    assert "Bara hon får." in action.toolTip()
