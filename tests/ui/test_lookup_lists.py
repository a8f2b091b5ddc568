"""Registrerade: what the card lists beside the values, turned to by mouse and by keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.subjects import HoldKind, Protection
from app.services import filing, holds, merging, requests
from app.services.filing import Place
from app.ui.context import Context
from app.ui.document_dialog import DocumentDialog
from app.ui.lookup.forms import OptOutForm, ReasonForm
from app.ui.lookup.lists import CASES, CONSENTS, DOCUMENTS, EVENTS, MARKETING
from app.ui.lookup.tab import LookupTab
from app.ui.lookup.value import ValueDialog
from db.models import AuditEntry, Conflict, Correction, Datum, Subject
from tests.factories import CUSTOMER, NOW, TODAY, make_request, make_subject
from tests.ui.looking import dialog, do, open_person, shown_tab
from tests.ui.typing import type_text

MARKUP = "<img src=x><b>ja</b>"
CONSENT = {
    "consent_purpose": MARKUP,
    "consent_on": "2025-03-01",
    "consent_version": "v2",
    "consent_evidence": "Formulär 771",
}


@pytest.fixture
def tab(qtbot: QtBot, context: Context) -> LookupTab:
    return shown_tab(qtbot, context)


@pytest.fixture
def person(context: Context) -> int:
    return int(do(context, lambda session: make_subject(session, values={**CUSTOMER, **CONSENT}).id))


def turned(qtbot: QtBot, tab: LookupTab, subject_id: int, key: str) -> Any:
    """Open a person and click the chip of a list; return the list's table."""
    open_person(qtbot, tab, subject_id)
    card = tab.pane.card
    qtbot.waitUntil(lambda: card.lists.chips()[0][2] is not None)
    QTest.mouseClick(card.chips.buttons[key], Qt.MouseButton.LeftButton)
    assert card.lists.isVisibleTo(tab)
    assert not card.table.isVisibleTo(tab)
    return card.lists.table


def column(table: Any, number: int) -> list[str]:
    return [table.rows.text_at(place, number) for place in range(table.rows.rowCount())]


def waits(qtbot: QtBot, check: Callable[[], bool]) -> None:
    qtbot.waitUntil(check)


def test_a_consent_is_shown_with_its_proof_and_as_plain_text(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    table = turned(qtbot, tab, person, CONSENTS)
    assert [column(table, number)[0] for number in range(7)] == [
        MARKUP, "Gäller", "2025-03-01", "–", "v2", "Formulär 771", "Kundregister",
    ]  # fmt: skip
    tip = table.rows.data(table.rows.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip


def test_the_matrix_shows_a_stop_and_where_it_is_missing(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    table = turned(qtbot, tab, person, MARKETING)
    assert column(table, 0) == ["E-post", "Sms", "Brev", "Profilerade erbjudanden"]
    assert set(column(table, 1)) == {"Ingen spärr"}
    card = tab.pane.card
    QTest.mouseClick(card.opt_out_button, Qt.MouseButton.LeftButton)
    form = dialog(OptOutForm)
    form._channels.buttons["sms"].click()
    form.submit()
    waits(qtbot, lambda: column(table, 1) == ["Ingen spärr", "Spärrad", "Ingen spärr", "Ingen spärr"])
    assert (column(table, 2)[1], column(table, 3)[1]) == (TODAY.isoformat(), "Noterad här")
    assert column(table, 4)[1] == "Kundregister"
    assert card.chips.value() == MARKETING, "the list that is read stays"
    assert card.chips.buttons[MARKETING].text() == "Reklam 1"


def test_a_case_is_opened_with_enter(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    request = do(tab._context, lambda session: make_request(session, subject=session.get_one(Subject, person)))
    table = turned(qtbot, tab, person, CASES)
    assert (column(table, 0), column(table, 1)) == ([request.number], ["Registerutdrag"])
    table.setFocus()
    table.select_id(request.id)
    with qtbot.waitSignal(tab._context.ways.request_wanted) as told:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert told.args == [request.id]


def test_a_document_is_opened_with_enter_and_comes_by_itself(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    table = turned(qtbot, tab, person, DOCUMENTS)
    assert table.empty.text.text() == "Det finns inga handlingar om personen."
    file_id = do(
        tab._context,
        lambda session: (
            filing.store(
                session, b"{}", kind="extract_json", name="utdrag_v1.json", media_type="application/json",
                place=Place(subject_id=person),
            ).id
        ),
    )  # fmt: skip
    waits(qtbot, lambda: table.rows.rowCount() == 1)
    assert column(table, 0) == ["Registerutdrag, JSON"]
    table.setFocus()
    table.select_id(file_id)
    QTest.keyClick(table, Qt.Key.Key_Return)
    waits(qtbot, lambda: any(made.isVisible() for made in tab.window().findChildren(DocumentDialog)))
    dialog(DocumentDialog).accept()
    read = sa.select(AuditEntry.object_id, AuditEntry.payload).where(AuditEntry.action == Action.DOCUMENT_READ)
    (told,) = do(tab._context, lambda session: session.execute(read).all())
    assert told.object_id == str(file_id)
    assert b"utdrag" not in told.payload


def test_events_come_from_the_trail_the_latest_first(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    table = turned(qtbot, tab, person, EVENTS)
    waits(qtbot, lambda: column(table, 1) == ["En persons uppgifter lästes"])
    assert (column(table, 0), column(table, 2)) == (["2026-11-22 10.00"], ["Eva Lund"])
    do(tab._context, lambda session: requests.opt_out(session, person, [MarketingChannel.SMS], today=TODAY))
    waits(qtbot, lambda: column(table, 1) == ["Reklamspärr ändrades", "En persons uppgifter lästes"])
    assert "granskningsloggen" in tab.pane.card.lists.foot.text()


def test_a_row_of_events_opens_nothing(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    table = turned(qtbot, tab, person, EVENTS)
    waits(qtbot, lambda: table.rows.rowCount() == 1)
    table.setFocus()
    table.selectRow(0)
    with qtbot.assertNotEmitted(tab.pane.card.lists.case_opened):
        QTest.keyClick(table, Qt.Key.Key_Return)


def test_lists_are_turned_to_by_the_arrow_keys_and_back_to_the_values(
    qtbot: QtBot, tab: LookupTab, person: int
) -> None:
    turned(qtbot, tab, person, CONSENTS)
    card = tab.pane.card
    card.chips.buttons[CONSENTS].setFocus()
    QTest.keyClick(card.chips.buttons[CONSENTS], Qt.Key.Key_Right)
    assert card.chips.value() == MARKETING
    assert column(card.lists.table, 0)[0] == "E-post"
    QTest.mouseClick(card.chips.buttons["all"], Qt.MouseButton.LeftButton)
    assert card.table.isVisibleTo(tab)
    assert not card.lists.isVisibleTo(tab)


def test_another_person_begins_with_the_values_and_sees_nothing_of_the_last_one(
    qtbot: QtBot, tab: LookupTab, person: int
) -> None:
    other = do(tab._context, lambda session: make_subject(session, "Örjan Äng", values={"city": "Gävle"}).id)
    turned(qtbot, tab, person, CONSENTS)
    open_person(qtbot, tab, other, "örjan")
    card = tab.pane.card
    assert card.chips.value() == "all"
    waits(qtbot, lambda: card.chips.buttons[CONSENTS].text() == "Samtycken 0")
    QTest.mouseClick(card.chips.buttons[CONSENTS], Qt.MouseButton.LeftButton)
    assert card.lists.table.empty.text.text() == "Inget samtycke är noterat i registren."


def test_lists_that_come_too_late_are_dropped(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    turned(qtbot, tab, person, CONSENTS)
    shown = tab.pane.card.lists.chips()
    tab.pane._take_lists(person + 1000, None)  # type: ignore[arg-type]
    assert tab.pane.card.lists.chips() == shown


def test_a_protected_person_has_no_lists_before_a_reason_is_given(qtbot: QtBot, tab: LookupTab) -> None:
    key = do(
        tab._context,
        lambda session: (
            make_subject(session, "Cia Ek", protection=Protection.CONFIDENTIAL, values={**CUSTOMER, **CONSENT}).id
        ),
    )
    tab.show_subject(key)
    waits(qtbot, lambda: tab.pane.currentWidget() is tab.pane.locked)
    waits(qtbot, lambda: not tab._context.jobs.is_busy)
    assert "card" not in tab.pane.__dict__
    QTest.mouseClick(tab.pane.unlock_button, Qt.MouseButton.LeftButton)
    form = dialog(ReasonForm)
    type_text(form.fields["reason"].editor, "B-2026-001")
    form.submit()
    waits(qtbot, lambda: tab.pane.subject_id == key)
    waits(qtbot, lambda: tab.pane.card.chips.buttons[CONSENTS].text() == "Samtycken 1")


def test_everything_to_think_of_stands_under_the_name(qtbot: QtBot, tab: LookupTab) -> None:
    def dead_child(session: Any) -> int:
        subject = make_subject(session, values={"birth_date": "2012-05-01", "opt_out_sms": "ja"})
        subject.is_deceased = True
        holds.set_hold(session, subject.id, kind=HoldKind.DISPUTE, reason="x", review_on=TODAY.replace(year=2027), today=TODAY)  # fmt: skip
        return int(subject.id)

    open_person(qtbot, tab, do(tab._context, dead_child))
    assert [badge.text() for badge in tab.pane.card._badges] == [
        "Avliden",
        "Underårig",
        "Tvist – gallras inte",
        "Reklamspärr: sms",
    ]


def test_a_conflict_stands_on_the_card_until_it_is_settled(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    def contested(session: Any) -> None:
        city = session.scalars(sa.select(Datum).where(Datum.field == "city")).one()
        session.add(Conflict(datum_id=city.id, value="Knivsta"))
        fix = Correction(
            number="R-2026-009", subject_id=person, datum_id=city.id, source_id=city.source_id, field="city",
            old_value="Knivsta", new_value="Uppsala", reason="Intyg", corrected_at=NOW, corrected_by="Eva Lund",
        )  # fmt: skip
        session.add(fix)

    open_person(qtbot, tab, person)
    card = tab.pane.card
    assert not card.conflict.isVisibleTo(tab)
    do(tab._context, contested)
    waits(qtbot, lambda: card.conflict.isVisibleTo(tab))
    assert card.conflict.title.text() == "En import säger emot 1 rättelse"
    assert card.line.text().endswith("senast ändrad 2026-11-22")
    QTest.mouseClick(card.conflict.button, Qt.MouseButton.LeftButton)
    value = dialog(ValueDialog)
    waits(qtbot, lambda: bool(value.conflicts))
    keep = value.conflicts[0].findChildren(type(value.close_button))[0]
    QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
    waits(qtbot, lambda: not card.conflict.isVisibleTo(tab))


def test_a_merged_person_lists_the_cases_of_all_records(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    def joined(session: Any) -> int:
        other = make_subject(session, "Asa Oberg", values={"city": "Uppsala"})
        make_request(session, subject=other)
        return int(merging.merge(session, [person, other.id], reason="Samma kundnummer").id)

    table = turned(qtbot, tab, do(tab._context, joined), CASES)
    assert table.rows.rowCount() == 1
