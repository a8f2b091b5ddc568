"""One working day in the real program, from the first start to the restored copy."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.severity import Risk
from app.domain.status import Status
from app.security import recovery_key
from app.services import incidents
from app.services.demo_incidents import MISDELIVERY
from app.ui.clock import Clock
from app.ui.comfort import Comfort
from app.ui.first_run.wizard import FirstRun
from app.ui.importing import ImportDialog
from app.ui.incidents.acts import PaperDialog
from app.ui.incidents.dialogs import NewIncidentDialog, NotifiedDialog
from app.ui.incidents.tab import IncidentsTab
from app.ui.kit.forms import FormDialog
from app.ui.kit.messages import QuestionBox
from app.ui.program import Program
from app.ui.retention.receipt import ReceiptDialog
from app.ui.retention.tab import RetentionTab
from app.ui.tools.backups import BackupsPage
from app.ui.tools.log import LogPage
from app.ui.tools.restore import RestoreForm
from app.ui.unlock import UnlockWindow
from app.ui.window import MainWindow
from db.models import Attachment, Incident, Request, Subject
from db.queries import trail
from tests.importers.mails import with_header
from tests.importers.tables import csv_file, workbook
from tests.ui.conftest import NOW, TODAY
from tests.ui.keyboard import Keyboard
from tests.ui.request_steps import answer, decide, identify, look_up, make_extract, register, to_inbox
from tests.ui.typing import replace_text, type_text

W = TypeVar("W", bound=QWidget)
PASSPHRASE = "korrekt häst batteri häftklammer"
MAIL = with_header("Received", "from mx.example.se by mx.exempel.se; Mon, 16 Nov 2026 10:00:00 +0100")
HEADERS = ("Namn", "Personnummer", "Kundnummer", "E-post", "Gatuadress", "Postnr", "Ort", "Kund till")
ASA = ("Åsa Test", "19640823-3234", "1001", "asa@example.se", "Storgatan 1", "752 31", "Uppsala", "")
BO = ("Bo Alm", "200001012384", "1002", "bo@example.se", "Storgatan 2", "752 31", "Uppsala", "2021-03-15")
WRONG = ("Fel Nummer", "19640823-3235", "1003", "", "", "", "", "")
SERVICE = ("Kundnummer", "Ärende")


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication) -> Iterator[Program]:
    made = Program(qapp, Comfort(), Clock(lambda: NOW, lambda: TODAY))
    made.begin(None)
    yield made
    for widget in qapp.topLevelWidgets():
        widget.hide()
        widget.deleteLater()


class Day:
    """Walks through the program; what is on the screen is found there, never handed over."""

    def __init__(self, qtbot: QtBot, program: Program, place: Path) -> None:
        self._qtbot, self._program, self.place = qtbot, program, place

    def until(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=30_000)

    def shown(self, kind: type[W]) -> W:
        def there() -> list[W]:
            return [one for one in QApplication.allWidgets() if isinstance(one, kind) and one.isVisible()]

        self.until(lambda: len(there()) == 1)
        return there()[0]

    def click(self, button: QWidget) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    @property
    def window(self) -> MainWindow:
        self.until(lambda: self._program.window is not None)
        window = self._program.window
        assert window is not None
        return window

    def idle(self) -> None:
        self.until(lambda: not self.window.context.jobs.is_busy)

    def lock(self) -> None:
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        QTest.keyClick(self.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

    def unlock(self) -> MainWindow:
        unlock = self.shown(UnlockWindow)
        type_text(unlock.passphrase.line, PASSPHRASE)
        QTest.keyClick(unlock.passphrase.line, Qt.Key.Key_Return)
        return self.window

    def all(self, query: sa.Select[Any]) -> list[Any]:
        with self.window.context.vault.store.read() as session:
            return list(session.scalars(query))


@pytest.fixture
def day(qtbot: QtBot, program: Program, tmp_path: Path) -> Day:
    return Day(qtbot, program, tmp_path)


def test_a_whole_day(qtbot: QtBot, day: Day) -> None:
    first_start(day)
    import_register(day, workbook(day.place, HEADERS, ASA, BO, WRONG), "Kundregister")
    import_register(day, csv_file(day.place, SERVICE, ("1001", "Fråga om faktura, åäö"), encoding="cp1252"), "Ärenden")
    answer_a_request(qtbot, day)
    log_an_incident(day)
    review_retention(day)
    verify(day)
    lock_back_up_and_restore(day)


def first_start(day: Day) -> None:
    wizard = day.shown(FirstRun)
    wizard.welcome.place.set_value(str(day.place))
    replace_text(wizard.welcome.name.line, "Åkeriet Öst")
    day.click(wizard.next_button)
    for field in (wizard.passphrase.fields.first, wizard.passphrase.fields.second):
        type_text(field.line, PASSPHRASE)
    day.click(wizard.next_button)
    day.until(lambda: wizard.current() == 2)
    made = wizard.making.made
    assert made is not None
    groups = recovery_key.groups(made.recovery_key)
    for number, field in zip(wizard.recovery.asked, wizard.recovery.typed, strict=True):
        type_text(field.line, groups[number - 1])
    day.click(wizard.next_button)
    type_text(wizard.profile.officer.line, "Eva Lund")
    type_text(wizard.profile.address.text, "Exempelgatan 1\n752 31 Uppsala")
    day.click(wizard.next_button)
    day.click(wizard.next_button)
    assert day.window.tabs.current_name() == "overview"
    day.idle()


def import_register(day: Day, path: Path, name: str) -> None:
    day.window.open_path(path)
    dialog = day.shown(ImportDialog)
    day.until(lambda: dialog.draft.preview is not None)
    day.click(dialog.next_button)
    type_text(dialog.column_page.new_source.editor, name)
    day.click(dialog.next_button)
    day.until(lambda: dialog.draft.trial is not None and not dialog.check_page.bar.isVisibleTo(dialog.check_page))
    day.click(dialog.next_button)
    day.until(lambda: dialog.current() == 4)
    if name == "Kundregister":
        assert dialog.done_page.report.text() == "Kundregister:\n2 nya personer\n1 rad med fel"
    day.click(dialog.next_button)
    day.idle()


def answer_a_request(qtbot: QtBot, day: Day) -> None:
    mail, out = day.place / "brev.eml", day.place / "utdrag.pdf"
    mail.write_bytes(MAIL)
    keys = Keyboard(qtbot, day.window)
    tab = to_inbox(keys, day.window)
    register(keys, tab, mail)
    identify(keys, tab)
    look_up(keys, day.window, tab)
    make_extract(keys, tab, out)
    decide(keys, tab)
    answer(keys, tab)
    keys.press("Ctrl+.")
    day.until(lambda: day.all(sa.select(Request.status)) == [Status.CLOSED])
    assert out.read_bytes().startswith(b"%PDF")


def log_an_incident(day: Day) -> None:
    tab = day.window.show_tab("incidents")
    assert isinstance(tab, IncidentsTab)
    tab.new_incident()
    form = day.shown(NewIncidentDialog)
    type_text(form.fields["title"].editor, "Felskickat brev")
    form.submit()
    day.until(lambda: tab.page.isVisible() and tab.page.incident_id is not None)
    day.idle()
    (incident_id,) = day.all(sa.select(Incident.id))
    with day.window.context.vault.store.write(
        NOW
    ) as session:  # the many questions are walked through in their own tests
        incidents.update(
            session, incident_id, {**MISDELIVERY, "measures": "Breven hämtades.", "subjects_informed": "no"}
        )
    day.idle()
    page = tab.page
    page.go_to_step(4)
    for code, value in (
        ("dpc", "3"),
        ("ei", "1"),
        ("confidentiality", "0.25"),
        ("integrity", "0"),
        ("availability", "0"),
    ):
        day.click(page.area.severity.fields[code].buttons[value])
    day.click(page.area.severity.fields["malicious"].buttons["0"])
    assert page.area.severity.result.title.text() == "Hög risk 3,25 = 3 × 1 + 0,25"
    page.go_to_step(6)
    day.idle()
    day.click(page.area.decision.risk.buttons["high"])
    page.finish_step()
    day.until(lambda: day.all(sa.select(Incident.risk)) == [Risk.HIGH])
    day.until(lambda: page.area.next_step.title.text() == "Nästa steg: anmäl till IMY")
    day.click(page.desk.preview_button)
    paper = day.shown(PaperDialog)
    day.until(lambda: paper.view.count() > 0)
    paper.close()
    day.click(page.area.next_step.buttons[0])
    notified = day.shown(NotifiedDialog)
    type_text(notified.reference.editor, "IMY-2026-1")
    notified.submit()
    day.until(lambda: day.all(sa.select(Incident.notified_at)) == [NOW])


def review_retention(day: Day) -> None:
    tab = day.window.show_tab("retention")
    assert isinstance(tab, RetentionTab)
    day.until(lambda: tab.proposals.table.rows.rowCount() > 0)
    day.click(tab.proposals.all_button)
    day.click(tab.proposals.decide_button)
    day.click(day.shown(QuestionBox).verb_button)
    receipt = day.shown(ReceiptDialog)
    day.until(lambda: receipt.view.count() > 0)
    assert day.all(sa.select(Subject.display_name)) == ["Åsa Test"]
    receipt.close()
    day.idle()


def verify(day: Day) -> None:
    page = day.window.show_tool("log")
    assert isinstance(page, LogPage)
    day.click(page.verify_button)
    day.until(page.verdict.isVisible)
    assert page.verdict.title.text() == "Loggen är hel"
    with day.window.context.vault.store.read() as session:
        done = {row.action for row in trail.rows(session, trail.ids(session, trail.Filter())).values()}
    wanted = {Action.VAULT_CREATED, Action.IMPORTED, Action.REQUEST_REGISTERED, Action.SEARCHED, Action.EXTRACT_MADE}
    wanted |= {Action.LETTER_MADE, Action.SENT, Action.CLOSED, Action.INCIDENT_NOTIFIED, Action.ERASED}
    assert wanted <= done


def lock_back_up_and_restore(day: Day) -> None:
    copies = day.place / "kopior"
    copies.mkdir()
    kinds = day.all(sa.select(Attachment.kind).order_by(Attachment.id))
    day.lock()
    day.unlock()
    day.idle()
    page = day.window.show_tool("backup")
    assert isinstance(page, BackupsPage)
    day.until(lambda: bool(page.latest.text()))
    replace_text(page.folder.line, str(copies))
    day.click(page.make_button)
    day.until(page.result.isVisible)
    (copy,) = copies.glob("*.ombud-backup")
    day.click(page.restore_button)
    form = day.shown(RestoreForm)
    form.source.set_value(str(copy))
    form.place.set_value(str(day.place))
    replace_text(form.name.line, "Åter")
    type_text(form.passphrase.line, PASSPHRASE)
    form.submit()
    day.until(lambda: (day.place / "Åter.ombud" / "vault.json").is_file() and not visible(RestoreForm))
    day.lock()
    unlock = day.shown(UnlockWindow)
    unlock._add_vault(day.place / "Åter.ombud")
    day.unlock()
    day.idle()
    assert day.window.context.vault.folder.name == "Åter.ombud"
    assert day.all(sa.select(Subject.display_name)) == ["Åsa Test"]
    assert day.all(sa.select(Request.status)) == [Status.CLOSED]
    assert day.all(sa.select(Attachment.kind).order_by(Attachment.id)) == kinds
    day.window.lock_wanted.emit()
    day.shown(UnlockWindow)


def visible(kind: type[FormDialog]) -> bool:
    return any(isinstance(one, kind) and one.isVisible() for one in QApplication.topLevelWidgets())
