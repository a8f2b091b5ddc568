"""Many mails: one form at a time with its place, skipped and come back to, stopped, let go, filed where they belong."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.services import filing
from app.ui.context import Context
from app.ui.inbox.register_dialog import RegisterDialog
from app.ui.inbox.tab import InboxTab
from app.ui.kit.messages import QuestionBox, Toast
from db.models import Request
from db.queries import inbox
from tests.importers.mailboxes import ANSWER, ERASURE, folder, mailbox
from tests.importers.mails import PLAIN
from tests.importers.outlook import Outlook
from tests.ui.inbox_cases import click, done, error_shown, has_dialog_keys, shown
from tests.ui.test_inbox_list import drop
from tests.ui.typing import replace_text

THIRD = ERASURE.replace(b"<5@example.se>", b"<8@example.se>").replace(b"radera mina", b"begr\xc3\xa4nsa mina")


def form(qtbot: QtBot, place: str = "") -> RegisterDialog:
    """Return the form on the screen, once it is the one at this place."""

    def is_there() -> bool:
        found = QApplication.activeModalWidget()
        return isinstance(found, RegisterDialog) and found.place.text().startswith(place) and has_dialog_keys()

    qtbot.waitUntil(is_there, timeout=20_000)
    found = QApplication.activeModalWidget()
    assert isinstance(found, RegisterDialog)
    return found


def no_form(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None, timeout=20_000)


def finish(dialog: RegisterDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def requests_of(context: Context) -> list[Request]:
    with context.vault.store.read() as session:
        ids = inbox.ids(session, inbox.Filter("all", sort="number"), today=context.today())
        return [found for key in ids if (found := inbox.request(session, key)) is not None]


def originals(context: Context, request_id: int) -> list[bytes]:
    with context.vault.store.read() as session:
        return [filing.read(session, row.id) for row in inbox.attachments(session, request_id)]


def wait_for_toast(qtbot: QtBot, tab: InboxTab, text: str) -> None:
    qtbot.waitUntil(lambda: text in [box.accessibleName() for box in tab.window().findChildren(Toast)], timeout=20_000)


def with_mailbox(qtbot: QtBot, context: Context, tmp_path: Path, *mails: bytes) -> InboxTab:
    tab = shown(qtbot, context)
    tab.queue.take_file(mailbox(tmp_path / "b.mbox", *mails))
    return tab


def test_each_mail_of_a_mailbox_has_its_form_with_its_place_and_becomes_a_request(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    tab = with_mailbox(qtbot, context, tmp_path, PLAIN, ERASURE, THIRD)
    for place in ("Brev 1 av 3   b.mbox · 1", "Brev 2 av 3   b.mbox · 2", "Brev 3 av 3   b.mbox · 3"):
        finish(form(qtbot, place))
    qtbot.waitUntil(lambda: len(requests_of(context)) == 3, timeout=20_000)
    no_form(qtbot)
    assert not tab.queue_bar.isVisible()
    assert [originals(context, one.id)[0].rstrip() for one in requests_of(context)] == [
        raw.rstrip() for raw in (PLAIN, ERASURE, THIRD)
    ]


def test_a_mail_is_skipped_and_comes_again_with_what_was_typed(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    tab = with_mailbox(qtbot, context, tmp_path, PLAIN, ERASURE)
    first = form(qtbot, "Brev 1 av 2")
    replace_text(first.name.line, "Åsa, kund")
    click(first.skip_button)
    finish(form(qtbot, "Brev 2 av 2"))
    qtbot.waitUntil(tab.queue_bar.isVisible, timeout=20_000)
    assert tab.queue_bar.text.text() == "1 brev väntar på att gås igenom."
    click(tab.queue_bar.on_button)
    again = form(qtbot, "Brev 1 av 2")
    assert again.name.value() == "Åsa, kund"
    assert not tab.queue_bar.isVisible()
    finish(again)
    qtbot.waitUntil(lambda: len(requests_of(context)) == 2, timeout=20_000)
    assert requests_of(context)[1].requester_name == "Åsa, kund"


def test_leaving_stops_the_row_and_keeps_every_mail_and_what_was_typed(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    tab = with_mailbox(qtbot, context, tmp_path, PLAIN, ERASURE, THIRD)
    first = form(qtbot, "Brev 1 av 3")
    replace_text(first.name.line, "Åsa, kund")
    QTest.keyClick(first, Qt.Key.Key_Escape)
    no_form(qtbot)
    assert tab.queue_bar.text.text() == "3 brev väntar på att gås igenom."
    drafts = tab.queue.drafts()
    assert [draft.original.rstrip() for draft in drafts] == [raw.rstrip() for raw in (PLAIN, ERASURE, THIRD)]
    assert drafts[0].values["requester_name"] == "Åsa, kund"
    click(tab.queue_bar.on_button)
    assert form(qtbot, "Brev 1 av 3").name.value() == "Åsa, kund"
    assert requests_of(context) == []


def test_a_mail_that_is_no_request_is_let_go_and_the_next_one_comes(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    tab = with_mailbox(qtbot, context, tmp_path, PLAIN, ERASURE)
    click(form(qtbot, "Brev 1 av 2").drop_button)
    finish(form(qtbot, "Brev 2 av 2"))
    qtbot.waitUntil(lambda: len(requests_of(context)) == 1, timeout=20_000)
    no_form(qtbot)
    assert not tab.queue_bar.isVisible()


def test_mails_that_wait_are_taken_away_after_a_question(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    tab = with_mailbox(qtbot, context, tmp_path, PLAIN, ERASURE)
    QTest.keyClick(form(qtbot, "Brev 1 av 2"), Qt.Key.Key_Escape)
    no_form(qtbot)
    click(tab.queue_bar.drop_button)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QuestionBox))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QuestionBox)
    click(box.verb_button)
    qtbot.waitUntil(lambda: not tab.queue_bar.isVisible())
    assert tab.queue.drafts() == []


def test_a_mail_that_comes_while_the_row_is_stopped_has_its_form_at_once(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    with_mailbox(qtbot, context, tmp_path, PLAIN, ERASURE)
    QTest.keyClick(form(qtbot, "Brev 1 av 2"), Qt.Key.Key_Escape)
    no_form(qtbot)
    context.ways.mail_dropped.emit(THIRD)
    assert "begränsa" in form(qtbot, "Brev 3 av 3").message.value()


def test_a_folder_dropped_on_the_tab_gives_every_mail_in_it_and_says_what_else_lies_there(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    tab = shown(qtbot, context)
    tables: list[Path] = []
    context.ways.table_dropped.connect(tables.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder(tmp_path / "brev")))])
    drop(tab, data)
    wait_for_toast(qtbot, tab, "1 tabell väntar: importera den för sig. 1 annan fil lästes inte.")
    finish(form(qtbot, "Brev 1 av 4   1.eml"))
    outlook = form(qtbot, "Brev 2 av 4   2.MSG")
    assert "Radera mig" in outlook.message.value()
    finish(outlook)
    form(qtbot, "Brev 3 av 4   3.mbox · 1")
    assert tables == []


def test_several_files_and_a_folder_are_chosen_in_dialogs(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    tab = shown(qtbot, context)
    for name, raw in (("a.eml", PLAIN), ("b.msg", Outlook(message_id="<9@x>").file())):
        (tmp_path / name).write_bytes(raw)
    click(tab.import_button)
    box = tab.file_dialog
    assert isinstance(box, QFileDialog)
    assert box.fileMode() is QFileDialog.FileMode.ExistingFiles
    box.filesSelected.emit([str(tmp_path / "a.eml"), str(tmp_path / "b.msg")])
    box.close()
    for place in ("Brev 1 av 2   a.eml", "Brev 2 av 2   b.msg"):
        click(form(qtbot, place).drop_button)
    no_form(qtbot)
    tab.actions_by_code["import_folder"].trigger()
    box = tab.file_dialog
    assert box.fileMode() is QFileDialog.FileMode.Directory
    box.fileSelected.emit(str(tmp_path))
    box.close()
    form(qtbot, "Brev 1 av 2   a.eml")


def test_a_mail_in_a_thread_proposes_its_request_and_is_filed_there_when_chosen(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    context.ways.mail_dropped.emit(PLAIN)
    finish(form(qtbot))
    qtbot.waitUntil(lambda: len(requests_of(context)) == 1, timeout=20_000)
    no_form(qtbot)
    context.ways.mail_dropped.emit(ANSWER)
    dialog = form(qtbot)
    assert dialog.thread_card.title.text() == "Brevet hör till B-2026-001"
    assert dialog.thread_card.why.text() == "Brevet svarar på ett brev i ärendet. Begäran är från Åsa Test."
    assert not dialog.thread_card.box.isChecked(), "the user decides"
    click(dialog.thread_card.box)
    assert not dialog.rights.isVisible()
    assert dialog.verb_button.text() == "Lägg i ärendet"
    finish(dialog)
    no_form(qtbot)
    (request,) = requests_of(context)
    assert sorted(map(len, originals(context, request.id))) == sorted((len(PLAIN), len(ANSWER)))
    assert Action.MAIL_ADDED in done(context, request.id)
    qtbot.waitUntil(lambda: tab.pane.case is not None and tab.pane.case.request.id == request.id)


def test_a_mail_in_a_thread_becomes_a_request_of_its_own_unless_chosen(qtbot: QtBot, context: Context) -> None:
    shown(qtbot, context)
    for raw in (PLAIN, ANSWER):
        context.ways.mail_dropped.emit(raw)
        finish(form(qtbot))
        no_form(qtbot)
    qtbot.waitUntil(lambda: len(requests_of(context)) == 2, timeout=20_000)


def test_a_stranger_who_names_a_case_is_pointed_out(qtbot: QtBot, context: Context) -> None:
    shown(qtbot, context)
    context.ways.mail_dropped.emit(PLAIN)
    finish(form(qtbot))
    no_form(qtbot)
    context.ways.mail_dropped.emit(ANSWER.replace(b"<asa@example.se>", b"<annan@example.se>"))
    assert "annan avsändare" in form(qtbot).thread_card.why.text()


def test_mails_that_are_filed_already_are_left_out_of_a_row_and_said_of_one_alone(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    tab = with_mailbox(qtbot, context, tmp_path, PLAIN, ERASURE)
    finish(form(qtbot, "Brev 1 av 2"))
    click(form(qtbot, "Brev 2 av 2").drop_button)
    no_form(qtbot)
    tab.queue.take_file(tmp_path / "b.mbox")
    click(form(qtbot, "Brev 2 av 2").drop_button)
    no_form(qtbot)
    wait_for_toast(qtbot, tab, "1 brev finns redan i ett ärende och togs inte in igen.")
    raw = originals(context, requests_of(context)[0].id)[0]
    context.ways.mail_dropped.emit(raw)
    assert form(qtbot).doubts.text.text().startswith("Brevet finns redan i B-2026-001.")


@pytest.mark.parametrize("is_alone", [True, False])
def test_a_mail_that_cannot_be_read_is_offered_with_its_original_kept(
    qtbot: QtBot, context: Context, tmp_path: Path, is_alone: bool
) -> None:
    tab = shown(qtbot, context)
    broken = Outlook().file()[:700] if is_alone else b"inget brev alls"
    (tmp_path / "trasigt.msg").write_bytes(broken)
    (tmp_path / "helt.eml").write_bytes(PLAIN)
    tab.queue.take_file(tmp_path / "trasigt.msg" if is_alone else tmp_path)
    if not is_alone:
        click(form(qtbot, "Brev 1 av 2").drop_button)
    dialog = form(qtbot, "trasigt.msg" if is_alone else "Brev 2 av 2")
    assert "Brevet kunde inte läsas. Originalet är kvar" in dialog.doubts.text.text()
    finish(dialog)
    assert dialog.name.problem_text()
    replace_text(dialog.name.line, "Okänd")
    finish(dialog)
    qtbot.waitUntil(lambda: len(requests_of(context)) == 1, timeout=20_000)
    assert originals(context, requests_of(context)[0].id) == [broken]


def test_files_that_are_refused_are_told_once_and_the_others_come(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    tab = shown(qtbot, context)
    for name, raw in (("a.eml", b""), ("b.eml", b" "), ("c.eml", PLAIN), ("d.mbox", b"inget")):
        (tmp_path / name).write_bytes(raw)
    tab.queue.take_file(tmp_path)
    finish(form(qtbot, "Brev 3 av 3"))
    qtbot.waitUntil(lambda: bool(error_shown()), timeout=20_000)
    assert error_shown().startswith("3 filer togs inte in.")
    assert error_shown().count("Filen är tom.") == 1
    assert "ingen brevlåda" in error_shown()


def test_a_folder_of_tables_opens_the_import_of_the_first(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    tab = shown(qtbot, context)
    tables: list[Path] = []
    context.ways.table_dropped.connect(tables.append)
    for name in ("a.vcf", "b.csv"):
        (tmp_path / name).write_bytes(b"x")
    tab.queue.take_file(tmp_path)
    wait_for_toast(qtbot, tab, "1 tabell väntar: importera den för sig.")
    assert [path.name for path in tables] == ["a.vcf"]


def test_a_folder_without_mails_says_what_to_choose(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    tab = shown(qtbot, context)
    (tmp_path / "tom").mkdir()
    tab.queue.take_file(tmp_path / "tom")
    qtbot.waitUntil(lambda: bool(error_shown()), timeout=20_000)
    assert ".mbox" in error_shown()


def test_attachments_are_named_in_the_form(qtbot: QtBot, context: Context) -> None:
    shown(qtbot, context)
    files = tuple((f"fil{n}.pdf", "application/pdf", b"x" * 9000) for n in range(7))
    context.ways.mail_dropped.emit(Outlook(attachments=files).file())
    text = form(qtbot).kept.text()
    assert "Bilagor: fil0.pdf (9 kB)" in text
    assert text.endswith("och 2 till.")
