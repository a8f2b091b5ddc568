"""Files to carry away, limits and passwords in the window: from a case, and from a person's card."""

import io
import json
import re
from pathlib import Path

import pikepdf
import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.outputs import Scope
from app.domain.rights import Right
from app.services import filing
from app.ui.context import Context
from app.ui.inbox.tab import InboxTab
from app.ui.lookup.tab import LookupTab
from app.ui.outputs import ExtractDialog, PortabilityDialog
from db.models import Attachment, Datum
from tests.services.conftest import audited, pdf_text
from tests.ui.inbox_cases import act, error_shown, has_dialog_keys, request, shown, stored
from tests.ui.test_inbox_documents import choose, files, finish, value_id
from tests.ui.typing import type_text


def opened(qtbot: QtBot, tab: InboxTab, code: str = "portability") -> ExtractDialog:
    dialog = act(qtbot, tab, code)
    assert isinstance(dialog, ExtractDialog)
    drawn(qtbot, dialog)
    return dialog


def drawn(qtbot: QtBot, dialog: ExtractDialog) -> None:
    qtbot.waitUntil(lambda: dialog.pages.count() > 0, timeout=20_000)


def save_to(qtbot: QtBot, path: Path) -> None:
    """Type a path in the save dialog that opens."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog), timeout=20_000)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    choose(qtbot, dialog, path)


def test_a_request_to_carry_data_away_is_answered_with_the_files_of_article_20(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, rights=[Right.PORTABILITY], until="lookup")
    dialog = opened(qtbot, shown(qtbot, context, request_id), "extract")
    assert isinstance(dialog, PortabilityDialog), "nothing but portability is asked for"
    assert dialog.scope() is Scope.ARTICLE_20
    finish(qtbot, dialog)
    made = files(context, request_id)
    data = made["portability_json"][1].decode()
    assert json.loads(data)["scope"]["code"] == Scope.ARTICLE_20.value
    assert "asa@example.com" in data
    assert "hemligt" not in data
    assert len(audited(context.vault.store, Action.PORTABILITY_MADE)) == 1


def test_the_wider_promise_is_chosen_and_labelled(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, rights=[Right.ACCESS, Right.PORTABILITY], until="lookup")
    dialog = opened(qtbot, shown(qtbot, context, request_id))
    assert isinstance(dialog, PortabilityDialog)
    promise = dialog.scope_field.buttons[Scope.PROMISE.value]
    assert "löfte" in promise.text()
    promise.click()
    finish(qtbot, dialog)
    assert json.loads(files(context, request_id)["portability_json"][1])["scope"]["code"] == Scope.PROMISE.value


def test_what_is_left_out_needs_a_reason_that_the_person_reads(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="lookup")
    dialog = opened(qtbot, shown(qtbot, context, request_id), "extract")
    dialog.fields["without_categories"].buttons["customer"].click()  # type: ignore[attr-defined]
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    assert dialog.fields["limit_reason"].problem_text() == "Skriv varför något utelämnas."
    type_text(dialog.fields["limit_reason"].editor, "Du bad bara om resten")
    finish(qtbot, dialog)
    told = pdf_text(files(context, request_id)["extract"][1])
    assert "Du bad bara om resten" in told
    assert "174 06 05" not in told
    assert "+46701740605" not in told


def test_a_second_version_says_what_differs(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="lookup")
    tab = shown(qtbot, context, request_id)
    finish(qtbot, opened(qtbot, tab, "extract"))
    city = value_id(context, request_id, "city")
    with context.vault.store.write(context.now()) as session:
        session.get_one(Datum, city).value = "Knivsta"
    dialog = opened(qtbot, tab, "extract")
    qtbot.waitUntil(lambda: dialog.note.title.text() == "Det här blir version 2", timeout=20_000)
    finish(qtbot, dialog)
    told = pdf_text(files(context, request_id)["extract"][1])
    assert "Det här är version 2" in told
    assert "Ändrad" in told
    assert "Knivsta" in told


def test_a_password_is_written_in_a_letter_of_its_own_in_another_folder(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    here, away = tmp_path / "utdrag", tmp_path / "brev"
    here.mkdir()
    away.mkdir()
    request_id = stored(context, until="lookup")
    dialog = opened(qtbot, shown(qtbot, context, request_id), "extract")
    dialog.password.buttons["password"].click()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    save_to(qtbot, here / "utdrag.pdf")
    qtbot.waitUntil((here / "utdrag.pdf").exists, timeout=20_000)
    save_to(qtbot, away / "brev.pdf")
    qtbot.waitUntil((away / "brev.pdf").exists, timeout=20_000)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(here / "utdrag.pdf")
    letter = pdf_text((away / "brev.pdf").read_bytes())
    found = [word for word in re.findall(r"\S+-\S+-\S+", letter) if opens(here / "utdrag.pdf", word)]
    assert len(found) == 1, "the letter's password opens the file"
    with pikepdf.open(here / "utdrag.pdf", password=found[0]) as pdf:
        assert pdf.encryption.bits == 256
        plain = io.BytesIO()
        pdf.save(plain)
    assert "asa@example.com" in pdf_text(plain.getvalue())
    with context.vault.store.read() as session:
        contents = [filing.read(session, key) for key in session.scalars(sa.select(Attachment.id))]
    assert not any(found[0].encode() in raw for raw in contents), "the password is never kept"


def opens(path: Path, password: str) -> bool:
    try:
        pikepdf.open(path, password=password).close()
    except pikepdf.PasswordError:
        return False
    return True


def test_the_letter_never_lies_beside_the_file(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    request_id = stored(context, until="lookup")
    tab = shown(qtbot, context, request_id)
    dialog = opened(qtbot, tab, "extract")
    dialog.password.buttons["password"].click()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    save_to(qtbot, tmp_path / "utdrag.pdf")
    qtbot.waitUntil((tmp_path / "utdrag.pdf").exists, timeout=20_000)
    save_to(qtbot, tmp_path / "brev.pdf")
    qtbot.waitUntil(lambda: bool(error_shown()))
    assert "Brevet med lösenordet ska inte ligga bredvid filen." in error_shown()
    assert not (tmp_path / "brev.pdf").exists()
    (tmp_path / "brev").mkdir()
    save_to(qtbot, tmp_path / "brev" / "brev.pdf")
    qtbot.waitUntil((tmp_path / "brev" / "brev.pdf").exists, timeout=20_000)


def test_a_letter_that_is_not_saved_is_said(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    request_id = stored(context, until="lookup")
    dialog = opened(qtbot, shown(qtbot, context, request_id), "extract")
    dialog.password.buttons["password"].click()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    save_to(qtbot, tmp_path / "utdrag.pdf")
    qtbot.waitUntil((tmp_path / "utdrag.pdf").exists, timeout=20_000)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog), timeout=20_000)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QFileDialog)
    box.reject()
    qtbot.waitUntil(lambda: "går inte att öppna utan brevet" in error_shown())


def test_only_a_pdf_takes_a_password(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="lookup")
    dialog = opened(qtbot, shown(qtbot, context, request_id), "extract")
    dialog.formats.set_value(["xlsx"])
    dialog.password.buttons["password"].click()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    assert dialog.formats.problem_text() == "Bara PDF kan skyddas med lösenord. Välj PDF."


def test_data_are_carried_away_from_the_card(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    request_id = stored(context, until="lookup")
    subject_id = request(context, request_id).subject_id
    tab = LookupTab(context)
    qtbot.addWidget(tab)
    tab.resize(1366, 768)
    tab.show()
    tab.show_subject(subject_id or 0)
    qtbot.waitUntil(lambda: tab.pane.subject_id == subject_id, timeout=20_000)
    QTest.mouseClick(tab.pane.card.carry_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(has_dialog_keys)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PortabilityDialog)
    drawn(qtbot, dialog)
    dialog.formats.set_value(["json", "csv"])
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    save_to(qtbot, tmp_path / "mina.json")
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("*.csv"))) == 1, timeout=20_000)
    assert json.loads((tmp_path / "mina.json").read_bytes())["scope"]["code"] == Scope.ARTICLE_20.value
    with context.vault.store.read() as session:
        kinds = set(session.scalars(sa.select(Attachment.kind).where(Attachment.subject_id == subject_id)))
    assert {"portability_json", "portability_csv"} <= kinds
