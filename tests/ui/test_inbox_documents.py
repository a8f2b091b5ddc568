"""The extract and the letters in the window: reviewed, made, stored, seen again, and saved where the user chooses."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.rights import Right
from app.domain.subjects import Protection
from app.reference.letters import KINDS, MERGE_FIELDS
from app.services import filing
from app.ui.context import Context
from app.ui.document_dialog import DocumentDialog
from app.ui.inbox.letter_dialog import LetterDialog
from app.ui.inbox.tab import InboxTab
from app.ui.kit.forms import FormDialog
from app.ui.kit.messages import Toast
from app.ui.letter_words import FIELD_LABELS, kind_label, letter_name
from app.ui.outputs import ExtractDialog
from db.models import Attachment, AuditEntry
from db.queries import cards, inbox
from tests.services.conftest import pdf_text
from tests.ui.inbox_cases import act, click, done, has_dialog_keys, request, shown, stored
from tests.ui.typing import replace_text, type_text


def files(context: Context, request_id: int) -> dict[str, tuple[Attachment, bytes]]:
    """Return the newest file of each kind with its bytes."""
    with context.vault.store.read() as session:
        rows = list(reversed(inbox.attachments(session, request_id)))
        return {row.kind: (row, filing.read(session, row.id)) for row in rows}


def finish(qtbot: QtBot, dialog: FormDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not dialog, timeout=20_000)


def review(qtbot: QtBot, tab: InboxTab) -> ExtractDialog:
    dialog = act(qtbot, tab, "extract")
    assert isinstance(dialog, ExtractDialog)
    qtbot.waitUntil(lambda: dialog.pages.count() > 0, timeout=20_000)
    return dialog


def editor(qtbot: QtBot, tab: InboxTab, code: str = "letter") -> LetterDialog:
    dialog = act(qtbot, tab, code)
    assert isinstance(dialog, LetterDialog)
    qtbot.waitUntil(lambda: dialog.pages.count() > 0, timeout=20_000)
    return dialog


def choose(qtbot: QtBot, box: QFileDialog, path: Path) -> None:
    """Type a path over the proposed name."""
    qtbot.waitUntil(has_dialog_keys)
    line = box.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(line, QLineEdit)
    replace_text(line, str(path))
    QTest.keyClick(line, Qt.Key.Key_Return)


def value_id(context: Context, request_id: int, field: str) -> int:
    subject_id = request(context, request_id).subject_id
    assert subject_id is not None
    with context.vault.store.read() as session:
        return next(int(row.id) for row in cards.data(session, subject_id) if row.field == field)


def test_the_review_shows_values_by_category_with_free_text_hidden_from_the_start(
    qtbot: QtBot, context: Context
) -> None:
    request_id = stored(context, until="lookup")
    dialog = review(qtbot, shown(qtbot, context, request_id))
    free_text = value_id(context, request_id, "correspondence")
    assert dialog.masked() == {free_text}
    line = dialog.tree.leaf(free_text)
    assert line.text(1).startswith("Kan röra andra")
    assert line.toolTip(1)
    whole = [dialog.tree.topLevelItem(number).text(0) for number in range(dialog.tree.topLevelItemCount())]  # type: ignore[union-attr]
    assert "Kundinformation" in whole
    assert "196408233234" not in "".join(line.text(1) for line in dialog.tree._leaves())
    checks = {row.title: (row.is_done, row.note) for row in dialog.checks.steps}
    assert checks["Identitet"] == (True, "Legitimation visad")
    assert checks["Andra personer"] == (True, "1 fritext att läsa, 1 dold")
    assert Action.SUBJECT_READ in trail(context)


def test_what_is_ticked_is_what_is_handed_over(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="lookup")
    tab = shown(qtbot, context, request_id)
    dialog = review(qtbot, tab)
    phone, free_text = value_id(context, request_id, "phone"), value_id(context, request_id, "correspondence")
    dialog.tree.setFocus()
    dialog.tree.setCurrentItem(dialog.tree.leaf(phone))
    QTest.keyClick(dialog.tree, Qt.Key.Key_Space)
    dialog.tree.setCurrentItem(dialog.tree.leaf(free_text))
    QTest.keyClick(dialog.tree, Qt.Key.Key_Space)
    assert dialog.masked() == {phone}
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.ground.problem_text() == "Välj varför det får lämnas ut, eller dölj det igen."
    dialog.ground.set_value("known")
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: "Bilagor 3" in tab.pane.chips.buttons["files"].text())
    text = pdf_text(files(context, request_id)["extract"][1])
    assert "Bo Alm" in text
    assert "hemligt" not in text
    assert "174 06 05" not in text
    assert "+46701740605" not in text
    assert done(context, request_id)[0] is Action.EXTRACT_MADE


def test_the_preview_follows_the_ticks(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="lookup")
    dialog = review(qtbot, shown(qtbot, context, request_id))
    before = dialog._round
    dialog.tree.leaf(value_id(context, request_id, "phone")).setCheckState(0, Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: dialog._round == before + 1)
    qtbot.waitUntil(lambda: any("2 dolda" in row.note for row in dialog.checks.steps), timeout=20_000)


def test_an_extract_needs_a_format(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="lookup")
    dialog = review(qtbot, shown(qtbot, context, request_id))
    for code in dialog.formats.value():
        click(dialog.formats.buttons[code])
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.formats.problem_text() == "Välj minst ett format."
    assert "extract" not in files(context, request_id)


def test_an_extract_made_again_is_a_new_version_and_the_old_one_stays(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="extract")
    tab = shown(qtbot, context, request_id)
    dialog = review(qtbot, tab)
    qtbot.waitUntil(lambda: dialog.note.title.text() == "Det här blir version 2")
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: "Bilagor 5" in tab.pane.chips.buttons["files"].text())
    assert files(context, request_id)["extract"][0].version == 2


def acts(context: Context, action: Action) -> int:
    with context.vault.store.read() as session:
        return len(session.scalars(sa.select(AuditEntry.seq).where(AuditEntry.action == action)).all())


class Folders(QObject):
    """Stands where the system's file window would, and remembers what it was asked to show."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    @Slot(QUrl)
    def show_url(self, url: QUrl) -> None:
        self.shown.append(url.toLocalFile())


def test_a_stored_file_is_opened_saved_and_its_folder_shown(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    request_id = stored(context, until="extract")
    tab = shown(qtbot, context, request_id)
    click(tab.pane.chips.buttons["files"])
    row, content = files(context, request_id)["extract"]
    tab.pane.files.table.setFocus()
    assert tab.pane.files.table.select_id(row.id)
    QTest.keyClick(tab.pane.files.table, Qt.Key.Key_Return)
    qtbot.waitUntil(has_dialog_keys)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, DocumentDialog)
    assert dialog.pages.count() == len_of(content)
    saving = dialog.save_as()
    assert saving.dialog.selectedFiles()[0].endswith(row.name)
    assert "Öberg" not in row.name
    choose(qtbot, saving.dialog, tmp_path / "kopia.pdf")
    qtbot.waitUntil((tmp_path / "kopia.pdf").exists)
    assert (tmp_path / "kopia.pdf").read_bytes() == content
    qtbot.waitUntil(lambda: dialog.findChild(Toast) is not None)
    toast, folders = dialog.findChild(Toast), Folders()
    assert isinstance(toast, Toast)
    QDesktopServices.setUrlHandler("file", folders, "show_url")  # type: ignore[arg-type]
    click(toast.button)
    QDesktopServices.unsetUrlHandler("file")
    assert folders.shown == [str(tmp_path)]


def test_the_original_mail_is_not_drawn_but_can_be_saved(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context)
    tab = shown(qtbot, context, request_id)
    tab.pane.file_opened.emit(files(context, request_id)["mail"][0].id)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), DocumentDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, DocumentDialog)
    assert not dialog.pages.isVisible()
    assert dialog.save_button.isVisible()
    assert acts(context, Action.DOCUMENT_READ) == 1


def test_the_acknowledgement_is_two_keys_away_and_noted(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context)
    tab = shown(qtbot, context, request_id)
    QTest.keyClick(tab.table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(has_dialog_keys)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LetterDialog)
    qtbot.waitUntil(lambda: dialog.pages.count() > 0, timeout=20_000)
    assert "Till: Åsa Öberg, Storgatan 1, 752 31 Uppsala" in dialog.note.title.text()
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: request(context, request_id).acknowledged_on is not None)
    assert "letter" not in files(context, request_id)
    assert "Vi har fått din begäran" in pdf_text(files(context, request_id)["message"][1])
    qtbot.waitUntil(lambda: tab.pane.letters.table.rows.rowCount() == 1)
    assert tab.pane.letters.table.rows.text_at(0, 0) == "Brev: bekräftelse"


def test_a_fact_that_is_missing_is_named_and_asked_for(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, rights=(Right.RECTIFICATION,), until="decide")
    tab = shown(qtbot, context, request_id)
    dialog = editor(qtbot, tab)
    field = dialog.missing["corrected"]
    assert field.isVisible()
    assert field.label.text() == "Vad som har rättats"
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert field.problem_text() == "Fyll i det här."
    type_text(field.line, "Din postadress")
    for name, other in dialog.missing.items():
        if name != "corrected" and other.isVisible():
            type_text(other.line, "uppgift")
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: "letter" in files(context, request_id), timeout=20_000)
    text = pdf_text(files(context, request_id)["letter"][1])
    assert "Din postadress" in text
    assert "{" not in text


def test_the_text_can_be_edited_and_what_is_typed_is_what_is_written(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="decide")
    tab = shown(qtbot, context, request_id)
    dialog = editor(qtbot, tab)
    replace_text(dialog.subject.line, "Ditt utdrag <b>nu</b>")
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: "letter" in files(context, request_id), timeout=20_000)
    assert "Ditt utdrag <b>nu</b>" in pdf_text(files(context, request_id)["letter"][1])


def test_another_kind_of_letter_is_chosen_in_the_list(qtbot: QtBot, context: Context) -> None:
    dialog = editor(qtbot, shown(qtbot, context, stored(context)))
    dialog.kinds.setFocus()
    QTest.keyClick(dialog.kinds, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: (ready := dialog.letter()) is not None and ready.kind == "identity_request")
    assert kind_label("identity_request") in dialog.kinds.item(1).text()


def test_a_letter_to_a_protected_person_goes_by_forwarding_and_shows_no_address(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, "Ylva Ros", protection=Protection.CONFIDENTIAL, until="decide")
    tab = shown(qtbot, context, request_id)
    dialog = editor(qtbot, tab)
    assert "Storgatan" not in dialog.note.title.text()
    assert "Skatteverket" in dialog.note.title.text()
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: "letter" in files(context, request_id), timeout=20_000)
    assert "Storgatan" not in pdf_text(files(context, request_id)["letter"][1])


def test_the_letter_is_saved_outside_the_vault_in_the_same_go(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    request_id = stored(context, until="decide")
    tab = shown(qtbot, context, request_id)
    dialog = editor(qtbot, tab)
    click(dialog.file_button)
    qtbot.waitUntil(lambda: tab.findChild(QFileDialog) is not None, timeout=20_000)
    box = tab.findChild(QFileDialog)
    assert isinstance(box, QFileDialog)
    choose(qtbot, box, tmp_path / "brev.pdf")
    qtbot.waitUntil((tmp_path / "brev.pdf").exists)
    assert (tmp_path / "brev.pdf").read_bytes() == files(context, request_id)["letter"][1]


def test_in_a_narrow_window_one_key_turns_between_the_form_and_the_page(qtbot: QtBot, context: Context) -> None:
    dialog = editor(qtbot, shown(qtbot, context, stored(context)))
    dialog.resize(620, 480)
    assert not dialog.pages.isVisible()
    assert dialog.text.isVisible()
    click(dialog.page_button)
    assert dialog.pages.isVisible()
    assert not dialog.text.isVisible()


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_has_a_name_in_the_window(kind: str) -> None:
    assert kind_label(kind) != kind
    assert letter_name(f"brev_{kind}_B-2026-001_v1.pdf") == kind_label(kind)


def test_every_fact_a_letter_may_lack_has_a_name() -> None:
    assert set(FIELD_LABELS) == set(MERGE_FIELDS)


def trail(context: Context) -> list[Action]:
    from tests.services.conftest import audited

    return [action for action, _details in audited(context.vault.store)]


def len_of(pdf: bytes) -> int:
    from app.documents import preview

    return preview.pages(pdf)
