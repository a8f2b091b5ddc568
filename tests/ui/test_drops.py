"""Files dropped anywhere on the window: one mail, many, a mailbox, a folder, and what is none of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.errors import UserError
from app.ui import drops
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.inbox.register_dialog import RegisterDialog
from app.ui.window import MainWindow
from tests.importers.mailboxes import ERASURE, folder, mailbox
from tests.importers.mails import PLAIN
from tests.importers.outlook import Outlook


@pytest.fixture
def window(qtbot: QtBot, context: Context) -> Iterator[MainWindow]:
    made = MainWindow(context, Comfort())
    made.show()
    made.begin()
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=20_000)
    yield made
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=30_000)
    made.hide()
    made.deleteLater()
    QApplication.sendPostedEvents(made, 0)


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, buttons = QPointF(50, 200), Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(where, Qt.DropAction.CopyAction, data, buttons, Qt.KeyboardModifier.NoModifier))


def place(qtbot: QtBot, start: str) -> str:
    """Return what the form on the screen says about its place, once it begins like this."""

    def text() -> str:
        form = QApplication.activeModalWidget()
        return form.place.text() if isinstance(form, RegisterDialog) else "none"

    qtbot.waitUntil(lambda: text() != "none" and text().startswith(start), timeout=20_000)
    return text()


def test_several_mails_dropped_at_once_come_one_at_a_time(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(PLAIN)
    (tmp_path / "b.msg").write_bytes(Outlook(message_id="<9@x>").file())
    drop(window, tmp_path / "a.eml", tmp_path / "b.msg")
    assert window.tabs.current_name() == "inbox"
    assert place(qtbot, "Brev 1 av 2") == "Brev 1 av 2   a.eml"


def test_a_mailbox_and_a_folder_are_taken_whole(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    drop(window, mailbox(tmp_path / "b.mbox", PLAIN, ERASURE))
    assert place(qtbot, "Brev 1 av 2") == "Brev 1 av 2   b.mbox · 1"
    drop(window, folder(tmp_path / "brev"))
    assert place(qtbot, "Brev 1 av 6") == "Brev 1 av 6   b.mbox · 1"


def test_a_single_mail_of_outlook_has_its_form_without_a_place(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "b.msg").write_bytes(Outlook().file())
    drop(window, tmp_path / "b.msg")
    assert place(qtbot, "") == ""


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.msg", "mail"), ("a.mbox", "many"), ("a.tsv", "table"), ("a.vcf", "table"), ("a.json", "table")],
)
def test_what_holds_several_is_told_from_one(tmp_path: Path, name: str, kind: str) -> None:
    assert drops.kind_of(tmp_path / name) == kind
    assert drops.kind_of(tmp_path) == "many"


def test_what_cannot_be_read_says_what_can(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="varken ett mejl eller en tabell") as told:
        drops.kind_of(tmp_path / "a.pst")
    assert ".msg" in told.value.do
