"""Icons come out of the installed package, sharp and in the right colour."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.kit import icons, theme
from app.ui.kit.icons import TONE_ICONS, IconView, icon, pixmap, svg
from app.ui.kit.theme import Scheme, Tone


def colours(picture: QImage) -> set[str]:
    pixels = (picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize(
    "name", [*TONE_ICONS.values(), "inbox", "users", "triangle-alert", "archive-x", "book-open", "lock"]
)
def test_the_package_has_the_icons_we_use(name: str) -> None:
    assert "currentColor" in svg(name)


def test_an_unknown_icon_or_tint_is_refused() -> None:
    with pytest.raises(KeyError):
        icon("no-such-icon")
    with pytest.raises(KeyError):
        icon("inbox", "no-such-tint")


def test_an_icon_is_drawn_in_one_colour(qapp: QApplication) -> None:
    assert colours(pixmap("inbox", "#a8231b", 24).toImage()) == {"#a8231b"}


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_an_icon_is_sharp_at_every_pixel_ratio(qapp: QApplication, ratio: float) -> None:
    picture = icon("inbox").pixmap(QSize(24, 24), ratio)
    assert picture.width() == round(24 * ratio)
    assert picture.deviceIndependentSize().width() == pytest.approx(24)


def test_a_disabled_icon_is_weaker(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.LIGHT)
    weak = icon("inbox", Tone.DANGER).pixmap(QSize(24, 24), 1.0, QIcon.Mode.Disabled)
    assert colours(weak.toImage()) == {theme.LIGHT.border.lower()}


def test_a_copied_icon_draws_the_same(qapp: QApplication) -> None:
    first = icon("inbox", Tone.OK)
    copy = QIcon(first)
    copy.setIsMask(False)
    copy.addPixmap(pixmap("lock", "#000000", 64))
    assert colours(first.pixmap(24, 24).toImage()) == {theme.LIGHT.ok.text.lower()}


def test_an_icon_on_its_own_can_change(qapp: QApplication) -> None:
    view = IconView("inbox", Tone.OK, 24)
    before = view.grab().toImage()
    view.set_icon("lock", Tone.DANGER)
    assert view.grab().toImage() != before


def test_icons_that_wait_leave_their_place_empty_until_they_are_drawn(qtbot: QtBot) -> None:
    view = IconView("inbox", Tone.OK, 24)
    qtbot.addWidget(view)
    view.show()
    button = QPushButton(icon("lock"), "")
    icons.draw_later()
    try:
        assert colours(view.grab().toImage()).isdisjoint({theme.tokens().ok.text.lower()})
        assert colours(icon("inbox", Tone.OK).pixmap(24, 24).toImage()) == set()
        width = button.sizeHint().width()
    finally:
        icons.draw_now()
    assert theme.tokens().ok.text.lower() in colours(view.grab().toImage())
    assert colours(icon("inbox", Tone.OK).pixmap(24, 24).toImage()) == {theme.tokens().ok.text.lower()}
    assert button.sizeHint().width() == width, "nothing moves when they come"
