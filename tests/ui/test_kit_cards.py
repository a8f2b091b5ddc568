"""Cards, chips, badges, steps and the ring say in words what they show in colour."""

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit import theme
from app.ui.kit.badges import Badge, BadgeLabel
from app.ui.kit.buttons import button, explain, icon_button
from app.ui.kit.cards import Card, InfoCard, NextStepCard
from app.ui.kit.chips import ChipRow
from app.ui.kit.clock import ClockRing
from app.ui.kit.empty import EmptyState
from app.ui.kit.flow import FlowLayout
from app.ui.kit.labels import PlainLabel
from app.ui.kit.steps import StepButtons, StepList, StepRow
from app.ui.kit.theme import Scheme, Tone

CHIPS = (("open", "Öppna", 7), ("late", "Försenade", 1), ("all", "Alla & alla", None))
STEPS = (
    StepRow("Registrerad", "20 okt, Eva", is_done=True),
    StepRow("Svar skrivet", is_current=True),
    StepRow("Avslutad"),
)


@pytest.fixture
def row(qtbot: QtBot) -> ChipRow:
    made = ChipRow("Filter", CHIPS, combo_below=300)
    qtbot.addWidget(made)
    made.resize(600, 40)
    made.show()
    return made


def colours(picture: QImage) -> set[str]:
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


def test_exactly_one_chip_is_on(qtbot: QtBot, row: ChipRow) -> None:
    chosen: list[str] = []
    row.chosen.connect(chosen.append)
    assert row.value() == "open"
    QTest.mouseClick(row.buttons["late"], Qt.MouseButton.LeftButton)
    assert (row.value(), chosen) == ("late", ["late"])
    row.set_value("all")
    assert (row.value(), chosen) == ("all", ["late"])
    row.set_value("no such key")
    assert row.value() == "all"


def test_arrow_keys_move_between_chips(qtbot: QtBot, row: ChipRow) -> None:
    chosen: list[str] = []
    row.chosen.connect(chosen.append)
    QTest.keyClick(row.buttons["open"], Qt.Key.Key_Left)
    QTest.keyClick(row.buttons["all"], Qt.Key.Key_Right)
    QTest.keyClick(row.buttons["open"], Qt.Key.Key_A)
    assert chosen == ["all", "open"]


def test_new_counts_keep_the_chips(row: ChipRow) -> None:
    row.set_value("late")
    before = row.buttons["late"]
    row.set_counts((("open", "Öppna", 8), ("late", "Försenade", 2), ("all", "Alla & alla", None)))
    assert row.buttons["late"] is before
    assert [chip.accessibleName() for chip in row.buttons.values()] == ["Öppna 8", "Försenade 2", "Alla & alla"]
    row.set_counts((("late", "Försenade", 2), ("done", "Klara", 3)))
    assert row.value() == "late"
    assert list(row.buttons) == ["late", "done"]


def test_chips_become_a_combo_box_when_there_is_no_room(qtbot: QtBot, row: ChipRow) -> None:
    assert not row.combo.isVisible()
    row.resize(200, 40)
    qtbot.waitUntil(row.combo.isVisible)
    assert not row.buttons["open"].isVisible()
    assert row.combo.itemText(0) == "Öppna (7)"
    chosen: list[str] = []
    row.chosen.connect(chosen.append)
    QTest.keyClick(row.combo, Qt.Key.Key_Down)
    assert (row.value(), chosen) == ("late", ["late"])


def test_a_flow_breaks_its_row(qtbot: QtBot) -> None:
    holder = QWidget()
    flow = FlowLayout(holder, gap=8, row_gap=8)
    for _number in range(4):
        part = QWidget()
        part.setFixedSize(100, 20)
        flow.addWidget(part)
    assert [flow.heightForWidth(width) for width in (424, 423, 208, 50)] == [20, 48, 48, 104]
    assert flow.sizeHint() == QSize(424, 20)
    assert flow.itemAt(9) is None
    assert flow.takeAt(9) is None


def test_the_next_step_is_one_card_with_its_buttons(qtbot: QtBot) -> None:
    card, done = NextStepCard(), []
    qtbot.addWidget(card)
    card.set_step("skriv svarsbrevet", "Utdraget är klart.")
    first = card.add_button("Skriv svar", "pencil", is_primary=True)
    first.clicked.connect(lambda: done.append(True))
    card.add_button("Förhandsgranska")
    card.show()
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert card.title.text() == card.accessibleName() == "Nästa steg: skriv svarsbrevet"
    assert first.property("role") == "primary"
    assert first.accessibleName() == "Skriv svar"
    assert done == [True]
    card.clear_buttons()
    card.set_plain("Ärendet är avslutat")
    assert card.title.text() == "Ärendet är avslutat"
    assert card.buttons == []
    assert not card.text.isVisible()


def test_an_info_card_shows_its_text_as_it_is(qtbot: QtBot) -> None:
    card = InfoCard("Meddelandet", "<img src='file:///x.png'> Hej", "a@example.com")
    qtbot.addWidget(card)
    assert card.text.text() == "<img src='file:///x.png'> Hej"
    assert card.text.textFormat() is Qt.TextFormat.PlainText
    assert card.text.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    card.set_tone(Tone.DANGER)
    assert (card.property("card"), card.text.property("tone")) == ("danger", "danger")
    card.set_tone(None)
    assert (card.property("card"), card.text.property("tone")) == ("plain", "")


def test_a_label_put_in_a_tinted_card_takes_its_colour(qtbot: QtBot) -> None:
    card, label = Card(Tone.WARN), PlainLabel("Bråttom")
    qtbot.addWidget(card)
    card.add(label)
    assert label.property("tone") == "warn"


def test_a_badge_is_words_on_a_tint(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.LIGHT)
    badge = BadgeLabel("Försenad 2 dagar", Badge(Tone.DANGER))
    qtbot.addWidget(badge)
    badge.show()
    assert badge.accessibleName() == badge.text() == "Försenad 2 dagar"
    assert {theme.LIGHT.danger.back.lower(), theme.LIGHT.danger.text.lower()} <= colours(badge.grab().toImage())
    badge.set_badge("", Badge(Tone.OK))
    assert badge.sizeHint() == QSize(0, 0)


@pytest.mark.parametrize("tone", list(Tone))
def test_every_tone_has_an_icon_of_its_own_or_says_so_in_words(tone: Tone) -> None:
    assert Badge(tone).icon_name
    assert Badge(tone, "lock").icon_name == "lock"


def test_the_steps_say_their_state_in_words(qtbot: QtBot) -> None:
    steps = StepList("Steg")
    qtbot.addWidget(steps)
    steps.set_steps(STEPS)
    steps.set_steps(STEPS)
    spoken = [label.accessibleName() for label in steps.findChildren(PlainLabel) if label.accessibleName()]
    assert spoken[-3:] == ["Registrerad, klart, 20 okt, Eva", "Svar skrivet, pågår", "Avslutad, återstår"]


def test_the_steps_at_the_side_are_buttons(qtbot: QtBot) -> None:
    side = StepButtons("Steg")
    chosen: list[int] = []
    qtbot.addWidget(side)
    side.set_steps(STEPS)
    side.chosen.connect(chosen.append)
    side.show()
    QTest.mouseClick(side.buttons[2], Qt.MouseButton.LeftButton)
    side.buttons[0].setFocus()
    QTest.keyClick(side.buttons[0], Qt.Key.Key_Down)
    assert side.focusWidget() is side.buttons[1]
    QTest.keyClick(side.buttons[1], Qt.Key.Key_Space)
    assert chosen == [2, 1]
    side.set_steps(STEPS[:1])
    assert len(side.buttons) == 1


def test_the_ring_paints_what_is_used_up_and_says_what_is_left(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.LIGHT)
    ring = ClockRing()
    qtbot.addWidget(ring)
    counts = []
    for left in (1.0, 0.5, 0.0, -1.0):
        ring.set_time(left, "17.24", "kvar av 72 tim", Tone.DANGER)
        ring.resize(ring.sizeHint())
        picture = ring.grab().toImage()
        danger = theme.LIGHT.danger.text.lower()
        counts.append(
            sum(
                picture.pixelColor(x, y).name() == danger
                for x in range(picture.width())
                for y in range(picture.height())
            )
        )
    assert counts[0] == 0
    assert 0 < counts[1] < counts[2] == counts[3]
    assert ring.accessibleName() == "17.24 kvar av 72 tim"


def test_an_empty_place_has_a_sentence_a_button_and_a_link(qtbot: QtBot) -> None:
    state, told = EmptyState("inbox", "Inga begäranden än.", "Ny begäran", "Så räknas fristen"), []
    qtbot.addWidget(state)
    state.pressed.connect(lambda: told.append("button"))
    state.link_pressed.connect(lambda: told.append("link"))
    state.show()
    for part in (state.button, state.link):
        QTest.mouseClick(part, Qt.MouseButton.LeftButton)
    assert told == ["button", "link"]
    state.set_text("Inga träffar.")
    assert state.text.text() == "Inga träffar."
    assert EmptyState("inbox", "Tomt.").button.isHidden()


def test_a_button_that_is_off_says_why(qtbot: QtBot) -> None:
    made = button("Avsluta")
    explain(made, "Svaret är inte skickat.")
    assert not made.isEnabled()
    assert made.accessibleDescription() == "Svaret är inte skickat."
    explain(made, None)
    assert made.isEnabled()
    assert made.toolTip() == ""


def test_every_button_is_large_enough_and_has_a_name(qtbot: QtBot, qapp: QApplication, row: ChipRow) -> None:
    theme.apply(qapp, Scheme.LIGHT)
    buttons = [
        button("Skriv", "pencil"),
        icon_button("printer", "Skriv ut"),
        button("Mer", role="link"),
        *row.buttons.values(),
    ]
    assert [
        made.accessibleName() for made in buttons if made.sizeHint().width() < 24 or made.sizeHint().height() < 24
    ] == []
    assert all(made.accessibleName() for made in buttons)


class Sizes(QObject):
    """Counts how often a widget is laid out anew."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Resize
        return False


def test_the_focus_ring_does_not_move_the_page(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.LIGHT)
    holder, sizes = QWidget(), Sizes()
    column = QVBoxLayout(holder)
    first, second = QPushButton("Ett"), QPushButton("Två")
    for made in (first, second):
        column.addWidget(made)
        made.installEventFilter(sizes)
    qtbot.addWidget(holder)
    holder.show()
    first.setFocus()
    before = (first.size(), second.size(), sizes.count)
    second.setFocus()
    qapp.processEvents()
    assert (first.size(), second.size(), sizes.count) == before
