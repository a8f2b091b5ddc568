"""The table shows what the query found, keeps its place, copies harmlessly, and speaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.errors import UserError
from app.ui.kit.badges import BADGE_ROLE, Badge
from app.ui.kit.clipboard import harmless
from app.ui.kit.empty import EmptyState
from app.ui.kit.messages import ErrorBox
from app.ui.kit.table import Column, QueryTable, QueryTableModel
from app.ui.kit.table_model import BLOCK, KEPT_BLOCKS
from app.ui.kit.theme import Tone

Role = Qt.ItemDataRole


@dataclass(frozen=True)
class Row:
    name: str
    days: int


COLUMNS = (
    Column("Namn", lambda row: row.name, "name", tooltip=lambda row: f"<b>{row.name}</b>", width=20, is_strong=True),
    Column(
        "Frist", lambda row: f"{row.days} dagar", "due", badge=lambda row: Tone.WARN if row.days < 7 else None, width=12
    ),
    Column("Läge", lambda _row: "Ny", icon=lambda _row: "user", align=Qt.AlignmentFlag.AlignRight),
)


class Rows:
    """A query over many rows that remembers what it was asked."""

    def __init__(self, count: int = 3) -> None:
        self.rows = {number: Row(f"Person {number}", number) for number in range(1, count + 1)}
        self.asked: list[list[int]] = []

    def __call__(self, ids: Sequence[int]) -> Mapping[int, Row]:
        self.asked.append(list(ids))
        return {row_id: self.rows[row_id] for row_id in ids if row_id in self.rows}


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def table(qtbot: QtBot, rows: Rows) -> QueryTable:
    made = QueryTable(COLUMNS, rows, name="Begäranden", empty="Inga begäranden än.")
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    made.set_ids(list(rows.rows))
    return made


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester, rows: Rows) -> None:
    model = QueryTableModel(COLUMNS, rows)
    model.set_ids(list(rows.rows))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_rows_are_fetched_in_blocks_and_only_when_drawn() -> None:
    rows = Rows(1000)
    model = QueryTableModel(COLUMNS, rows)
    model.set_ids(list(rows.rows))
    assert rows.asked == []
    assert model.text_at(BLOCK + 3, 0) == f"Person {BLOCK + 4}"
    assert model.text_at(BLOCK, 0) == f"Person {BLOCK + 1}"
    assert rows.asked == [list(range(BLOCK + 1, 2 * BLOCK + 1))]


def test_old_blocks_are_let_go() -> None:
    rows = Rows(BLOCK * (KEPT_BLOCKS + 1))
    model = QueryTableModel(COLUMNS, rows)
    model.set_ids(list(rows.rows))
    for block in range(KEPT_BLOCKS + 1):
        model.row_at(block * BLOCK)
    before = len(rows.asked)
    model.row_at(0)
    assert len(rows.asked) == before + 1


def test_a_row_that_is_gone_shows_nothing(table: QueryTable, rows: Rows) -> None:
    del rows.rows[2]
    table.reload()
    assert table.rows.text_at(1, 0) == ""
    assert table.rows.data(table.rows.index(1, 0), Role.DisplayRole) == ""
    assert table.rows.data(table.rows.index(1, 0), Role.AccessibleTextRole) is None


def test_cells_say_what_they_are(table: QueryTable) -> None:
    first, second, third = (table.rows.index(0, column) for column in range(3))
    assert table.rows.data(first, Role.AccessibleTextRole) == "Namn Person 1, Frist 1 dagar, Läge Ny"
    assert table.rows.data(second, Role.AccessibleTextRole) == "Frist 1 dagar"
    assert table.rows.data(second, Role.DisplayRole) == "1 dagar"
    assert table.rows.data(second, BADGE_ROLE) == Badge(Tone.WARN)
    assert table.rows.data(third, BADGE_ROLE) is None
    assert not table.rows.data(third, Role.DecorationRole).isNull()
    assert table.rows.data(third, Role.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert table.rows.data(QModelIndex(), Role.DisplayRole) is None
    assert table.rows.headerData(0, Qt.Orientation.Vertical) is None


def test_a_tooltip_is_never_markup(table: QueryTable) -> None:
    first = table.rows.index(0, 0)
    assert table.rows.data(first, Role.ToolTipRole) == "<qt>&lt;b&gt;Person 1&lt;/b&gt;</qt>"
    assert table.rows.data(first, Role.AccessibleDescriptionRole) == "<b>Person 1</b>"


def test_the_selection_stays_over_a_reload(table: QueryTable) -> None:
    told: list[object] = []
    table.select_id(2)
    table.current_changed.connect(told.append)
    table.set_ids([3, 2, 1])
    assert table.selected_id() == 2
    assert table.currentIndex().row() == 1
    assert told == []
    table.set_ids([3, 1])
    assert table.selected_id() is None
    assert told == [None]


def test_several_rows_stay_selected(table: QueryTable) -> None:
    table.selectAll()
    table.set_ids([3, 1])
    assert table.selected_ids() == [3, 1]


def test_selecting_what_is_not_there_is_answered(table: QueryTable) -> None:
    assert table.select_id(1)
    assert not table.select_id(99)
    assert table.selected_ids() == []


def test_the_place_in_a_long_list_stays(qtbot: QtBot) -> None:
    rows = Rows(500)
    table = QueryTable(COLUMNS, rows, name="Lista")
    qtbot.addWidget(table)
    table.resize(600, 300)
    table.show()
    table.set_ids(list(rows.rows))
    table.verticalScrollBar().setValue(2000)
    table.set_ids(list(rows.rows))
    assert table.verticalScrollBar().value() == 2000


def test_a_click_on_a_heading_asks_the_database_to_sort(qtbot: QtBot, table: QueryTable) -> None:
    asked: list[tuple[str, bool]] = []
    table.sort_requested.connect(lambda key, is_ascending: asked.append((key, is_ascending)))
    head = table.horizontalHeader()
    for column in (1, 1, 0, 2):
        place = QPoint(head.sectionViewportPosition(column) + 8, head.height() // 2)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked == [("due", True), ("due", False), ("name", True)]
    assert head.sortIndicatorSection() == 0
    assert table.rows.text_at(0, 0) == "Person 1"


def test_enter_and_double_click_open_the_row(qtbot: QtBot, table: QueryTable) -> None:
    opened: list[int] = []
    table.opened.connect(opened.append)
    table.select_id(2)
    QTest.keyClick(table, Qt.Key.Key_Return)
    middle = table.visualRect(table.rows.index(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert opened == [2, 1]


def test_enter_without_a_row_opens_nothing(qtbot: QtBot, table: QueryTable) -> None:
    opened: list[int] = []
    table.opened.connect(opened.append)
    table.select_id(None)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == []


def test_copying_gives_headings_and_selected_rows(qtbot: QtBot, table: QueryTable) -> None:
    table.select_id(2)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    table.copy_action.trigger()
    assert clipboard() == "Namn\tFrist\tLäge\nPerson 2\t2 dagar\tNy"
    assert "<td>Person 2</td>" in QGuiApplication.clipboard().mimeData().html()
    table.copy_cell_action.trigger()
    assert clipboard() == "Person 2"


def test_copying_nothing_leaves_the_clipboard(table: QueryTable) -> None:
    QGuiApplication.clipboard().setText("kvar")
    table.select_id(None)
    table.copy()
    table.copy_cell()
    assert clipboard() == "kvar"


def test_hidden_columns_are_not_copied(table: QueryTable) -> None:
    table.setColumnHidden(1, True)
    table.select_id(1)
    table.copy()
    assert clipboard() == "Namn\tLäge\nPerson 1\tNy"


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+1+cmd|' /C calc'!A0", "-2+3+cmd|x"])
def test_a_copied_cell_is_never_a_formula(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["+46701740605", "-3", "−2 d", "a\tb\nc"])
def test_ordinary_cells_are_copied_on_one_line(cell: str) -> None:
    assert harmless(cell) == " ".join(cell.split())


def test_the_menu_key_opens_the_menu_at_the_row(qtbot: QtBot, table: QueryTable, qapp: QApplication) -> None:
    table.select_id(2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(table.viewport(), event)
    menu = next(menu for menu in table.findChildren(QMenu) if menu.isVisible())
    assert [action.text() for action in menu.actions() if action.text()] == ["Kopiera raderna", "Kopiera cellen"]
    middle = table.viewport().mapToGlobal(table.visualRect(table.currentIndex()).center())
    assert abs(menu.pos().y() - middle.y()) < 40
    menu.close()


def test_an_empty_table_says_what_to_do(table: QueryTable) -> None:
    assert not table.empty.isVisible()
    table.set_ids([])
    assert table.empty.isVisible()
    assert table.empty.text.text() == "Inga begäranden än."
    table.set_empty(EmptyState("users", "Sök en person.", "Importera …"))
    assert table.empty.isVisible()
    assert table.empty.button.isVisible()


def test_a_query_that_fails_is_told_once_and_leaves_the_table_standing(qtbot: QtBot) -> None:
    def fetch(_ids: Sequence[int]) -> Mapping[int, Row]:
        raise UserError("Filen kan inte läsas.", stands="Inget har ändrats.", do="Öppna den igen.")

    table = QueryTable(COLUMNS, fetch, name="Lista")
    qtbot.addWidget(table)
    table.set_ids([1, 2])
    table.show()
    assert table.rows.text_at(0, 0) == ""
    qtbot.waitUntil(lambda: bool(table.findChildren(ErrorBox)))
    boxes = table.findChildren(ErrorBox)
    assert [box.words.what for box in boxes] == ["Filen kan inte läsas."]
    boxes[0].close()


def test_rows_are_tall_enough_to_hit(table: QueryTable) -> None:
    assert table.verticalHeader().defaultSectionSize() >= 24
    assert table.accessibleName() == "Begäranden"
