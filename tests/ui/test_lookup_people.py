"""Registrerade: a value corrected with its history, and two records that may be one person."""

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.subjects import Protection
from app.services import corrections, merging
from app.ui.context import Context
from app.ui.lookup.forms import ApartForm, CorrectForm, ReasonForm
from app.ui.lookup.same import CompareForm, SuggestionsDialog
from app.ui.lookup.tab import LookupTab
from app.ui.lookup.value import ValueDialog
from db.models import Conflict, Correction, Datum, ImportBatch, Merge, NotSame, Source, Subject
from tests.factories import CUSTOMER, NOW, make_request, make_subject
from tests.services.conftest import audited
from tests.ui.inbox_cases import error_shown
from tests.ui.looking import dialog, do, open_person, press_ctrl_enter, shown_tab, stored
from tests.ui.typing import replace_text, type_text

BATCH = {"file_digest": "0" * 64, "mapping": [], "imported": 1, "updated": 0, "unchanged": 0, "rejected": 0}
MARKUP = "<b>fel</b> & <img src=x>"


@pytest.fixture
def tab(qtbot: QtBot, context: Context) -> LookupTab:
    return shown_tab(qtbot, context)


@pytest.fixture
def person(context: Context) -> int:
    values = {**CUSTOMER, "password": "hemligt"}
    return int(do(context, lambda session: make_subject(session, values=values).id))


def datum(context: Context, field: str) -> Datum:
    (found,) = stored(context, sa.select(Datum).where(Datum.field == field))
    return found  # type: ignore[no-any-return]


def open_value(qtbot: QtBot, tab: LookupTab, field: str) -> ValueDialog:
    """Open a value with Enter and wait for its history."""
    table = tab.pane.card.table
    table.setFocus()
    assert table.select_id(datum(tab._context, field).id)
    QTest.keyClick(table, Qt.Key.Key_Return)
    opened = dialog(ValueDialog)
    qtbot.waitUntil(lambda: bool(opened.past.text()))
    return opened  # type: ignore[no-any-return]


def test_a_value_is_corrected_with_a_reason_and_remembers_what_it_was(
    qtbot: QtBot, tab: LookupTab, person: int
) -> None:
    request_id = do(tab._context, lambda session: make_request(session, subject=session.get_one(Subject, person)).id)
    open_person(qtbot, tab, person)
    value = open_value(qtbot, tab, "city")
    assert value.past.text().endswith("Kom från Kundregister.")
    QTest.mouseClick(value.correct_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(made.isVisible() for made in tab.window().findChildren(CorrectForm)))
    form = dialog(CorrectForm)
    form.submit()
    assert form.fields["value"].problem_text() == "Skriv det rätta värdet."
    assert form.fields["reason"].problem_text()
    type_text(form.fields["value"].editor, MARKUP)
    type_text(form.fields["reason"].editor, "Kunden visade intyg")
    form.fields["request_id"].set_value(str(request_id))
    press_ctrl_enter(qtbot, form)
    qtbot.waitUntil(lambda: datum(tab._context, "city").value == MARKUP)
    (made,) = stored(tab._context, sa.select(Correction))
    assert (made.old_value, made.new_value, made.reason) == ("Uppsala", MARKUP, "Kunden visade intyg")
    assert made.request_id == request_id
    assert len(audited(tab._context.vault.store, Action.CORRECTED)) == 1
    qtbot.waitUntil(lambda: tab.pane.card.row(datum(tab._context, "city").id).value == MARKUP)  # type: ignore[union-attr]
    again = open_value(qtbot, tab, "city")
    told = again.past.text()
    assert f"Rättad enligt {made.number} från ”Uppsala” till ”{MARKUP}”. Skäl: Kunden visade intyg" in told
    assert again.past.textFormat() == Qt.TextFormat.PlainText


def test_a_correction_that_cannot_be_is_refused_and_what_was_typed_stays(
    qtbot: QtBot, tab: LookupTab, person: int
) -> None:
    open_person(qtbot, tab, person)
    value = open_value(qtbot, tab, "email")
    QTest.mouseClick(value.correct_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(made.isVisible() for made in tab.window().findChildren(CorrectForm)))
    form = dialog(CorrectForm)
    assert "request_id" not in form.fields, "the person has no open case"
    type_text(form.fields["value"].editor, "ingen adress")
    type_text(form.fields["reason"].editor, "Kunden ringde")
    press_ctrl_enter(qtbot, form)
    qtbot.waitUntil(lambda: bool(error_shown()))
    assert form.fields["value"].value() == "ingen adress"
    assert datum(tab._context, "email").value == "asa@example.com"


def test_a_masked_value_stays_masked_in_its_history_and_a_password_is_not_corrected(
    qtbot: QtBot, tab: LookupTab, person: int
) -> None:
    open_person(qtbot, tab, person)
    number = open_value(qtbot, tab, "personnummer")
    assert "196408233234" not in number.past.text()
    number.accept()
    assert not open_value(qtbot, tab, "password").correct_button.isVisible()


@pytest.mark.parametrize(("place", "value", "standing"), [(0, "Knivsta", True), (1, "Uppsala", False)])
def test_what_an_import_says_against_a_correction_is_settled_by_somebody(
    qtbot: QtBot, tab: LookupTab, person: int, place: int, value: str, standing: bool
) -> None:
    def contested(session: sa.orm.Session) -> None:
        city = session.scalars(sa.select(Datum).where(Datum.field == "city")).one()
        source = session.scalars(sa.select(Source)).first()
        assert source is not None
        batch = ImportBatch(source_id=source.id, imported_at=NOW, imported_by="Eva", **BATCH)
        session.add(batch)
        session.flush()
        session.add(Conflict(datum_id=city.id, batch_id=batch.id, line=2, value="Uppsala"))
        made = Correction(
            number="R-2026-009", subject_id=person, datum_id=city.id, source_id=city.source_id, field="city",
            old_value="Uppsala", new_value="Knivsta", reason="Intyg", corrected_at=NOW, corrected_by="Eva", is_standing=True,
        )  # fmt: skip
        city.value = "Knivsta"
        session.add(made)

    do(tab._context, contested)
    open_person(qtbot, tab, person)
    opened = open_value(qtbot, tab, "city")
    (card,) = opened.conflicts
    assert "har ”Uppsala”" in card.text.text()
    QTest.mouseClick(card.findChildren(type(opened.close_button))[place], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stored(tab._context, sa.select(Conflict.settled_by)) == ["Eva Lund"])
    assert datum(tab._context, "city").value == value
    assert stored(tab._context, sa.select(Correction.is_standing)) == [standing]


@pytest.fixture
def double(context: Context, person: int) -> int:
    """Another record with the same phone and nearly the same name."""
    values = {"phone": CUSTOMER["phone"], "city": "Uppsala", "email": "asa.ny@example.com"}
    return int(do(context, lambda session: make_subject(session, "Asa Oberg", values=values).id))


def suggested(qtbot: QtBot, tab: LookupTab, person: int, double: int) -> CompareForm:
    open_person(qtbot, tab, person)
    qtbot.waitUntil(lambda: bool(tab.pane.card.suggestion.buttons))
    QTest.mouseClick(tab.pane.card.suggestion.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(made.isVisible() for made in tab.window().findChildren(CompareForm)))
    return dialog(CompareForm)  # type: ignore[no-any-return]


def test_two_records_are_joined_by_somebody_and_taken_apart_again(
    qtbot: QtBot, tab: LookupTab, person: int, double: int
) -> None:
    form = suggested(qtbot, tab, person, double)
    assert "samma telefonnummer" in tab.pane.card.suggestion.lines[0].text()
    form.submit()
    assert form.fields["reason"].problem_text() == "Skriv varför det är samma person."
    assert stored(tab._context, sa.select(Merge)) == [], "nothing is joined by itself"
    type_text(form.fields["reason"].editor, "Samma telefon och adress")
    press_ctrl_enter(qtbot, form)
    qtbot.waitUntil(lambda: tab.pane.subject_id not in {None, person, double})
    card = tab.pane.card
    assert card.merged.title.text() == "Sammanslagen av 2 poster"
    assert {row.value for row in card.card.rows} >= {"asa@example.com", "asa.ny@example.com"}  # type: ignore[union-attr]
    assert not card.suggestion.isVisibleTo(tab)
    QTest.mouseClick(card.apart_button, Qt.MouseButton.LeftButton)
    apart = dialog(ApartForm)
    apart.submit()
    assert apart.fields["only"].problem_text() == "Välj minst en post."
    apart.fields["only"].buttons[str(double)].click()
    press_ctrl_enter(qtbot, apart)
    qtbot.waitUntil(lambda: stored(tab._context, sa.select(Merge)) == [])
    qtbot.waitUntil(lambda: tab.pane.subject_id in {person, double})
    assert not card.merged.isVisibleTo(tab)


def test_that_they_are_two_people_is_remembered(qtbot: QtBot, tab: LookupTab, person: int, double: int) -> None:
    form = suggested(qtbot, tab, person, double)
    QTest.mouseClick(form.apart_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(stored(tab._context, sa.select(NotSame))) == 1)
    qtbot.waitUntil(lambda: not tab.pane.card.suggestion.isVisibleTo(tab))
    assert stored(tab._context, sa.select(Merge)) == []


def test_a_protected_person_is_compared_only_for_a_reason(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    do(
        tab._context,
        lambda session: (
            make_subject(
                session, "Asa Oberg", protection=Protection.CONFIDENTIAL, values={"phone": CUSTOMER["phone"]}
            ).id
        ),
    )
    open_person(qtbot, tab, person)
    qtbot.waitUntil(lambda: bool(tab.pane.card.suggestion.buttons))
    QTest.mouseClick(tab.pane.card.suggestion.buttons[0], Qt.MouseButton.LeftButton)
    form = dialog(ReasonForm)
    assert not [made for made in tab.window().findChildren(CompareForm) if made.isVisible()]
    type_text(form.fields["reason"].editor, "Dubblett?")
    form.submit()
    qtbot.waitUntil(lambda: any(made.isVisible() for made in tab.window().findChildren(CompareForm)))
    assert len(audited(tab._context.vault.store, Action.PROTECTED_OPENED)) == 1


def test_the_whole_register_is_looked_through_for_doubles(
    qtbot: QtBot, tab: LookupTab, person: int, double: int
) -> None:
    QTest.mouseClick(tab.same_button, Qt.MouseButton.LeftButton)
    found = dialog(SuggestionsDialog)
    qtbot.waitUntil(lambda: found.table.rows.rowCount() == 1)
    assert found.foot.text() == "1 förslag. Enter jämför."
    found.table.setFocus()
    found.table.select_id(1)
    QTest.keyClick(found.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(made.isVisible() for made in found.findChildren(CompareForm)))
    form = dialog(CompareForm)
    replace_text(form.fields["reason"].editor, "Samma telefon")
    press_ctrl_enter(qtbot, form)
    qtbot.waitUntil(lambda: found.table.rows.rowCount() == 0)
    qtbot.waitUntil(lambda: tab.pane.subject_id not in {None, person, double})
    found.accept()


def test_a_child_is_flagged(qtbot: QtBot, tab: LookupTab, context: Context) -> None:
    child = do(context, lambda session: make_subject(session, values={"birth_date": "2012-05-01"}).id)
    open_person(qtbot, tab, child)
    assert [badge.text() for badge in tab.pane.card._badges] == ["Underårig"]


def test_strange_names_are_compared_as_text(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    values = {"phone": CUSTOMER["phone"], "city": MARKUP}
    double = do(tab._context, lambda session: make_subject(session, f"Åsa Öberg {MARKUP}", values=values).id)
    form = suggested(qtbot, tab, person, double)
    told = tab.pane.card.suggestion.lines[0]
    assert MARKUP in told.text()
    shown = [label for label in form.grid.findChildren(type(told)) if MARKUP in label.text()]
    assert len(shown) >= 2, "the name and the city"
    assert {label.textFormat() for label in (told, *shown)} == {Qt.TextFormat.PlainText}
    form.reject()


def test_what_is_settled_meanwhile_is_not_settled_again(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    def contested(session: sa.orm.Session) -> None:
        city = session.scalars(sa.select(Datum).where(Datum.field == "city")).one()
        session.add(Conflict(datum_id=city.id, value="Knivsta"))

    do(tab._context, contested)
    open_person(qtbot, tab, person)
    opened = open_value(qtbot, tab, "city")
    do(tab._context, lambda session: corrections.settle(session, 1, is_kept=True))
    take = opened.conflicts[0].findChildren(type(opened.close_button))[1]
    QTest.mouseClick(take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(error_shown()))
    assert datum(tab._context, "city").value == "Uppsala"


def test_records_that_somebody_else_joined_meanwhile_are_not_joined_again(
    qtbot: QtBot, tab: LookupTab, person: int, double: int
) -> None:
    form = suggested(qtbot, tab, person, double)
    do(tab._context, lambda session: merging.merge(session, [person, double], reason="Någon annan hann först").id)
    type_text(form.fields["reason"].editor, "Samma telefon")
    press_ctrl_enter(qtbot, form)
    qtbot.waitUntil(lambda: bool(error_shown()))
    assert form.fields["reason"].value() == "Samma telefon"
    assert len(stored(tab._context, sa.select(Merge))) == 2
