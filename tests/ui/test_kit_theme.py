"""Colours can be read, follow the scheme, and leave room for the system's own."""

import re

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.kit import theme
from app.ui.kit.icons import icon
from app.ui.kit.theme import DARK, LIGHT, Scheme, Tokens, Tone

SCHEMES = pytest.mark.parametrize("of", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    of = QColor(colour)
    return 0.2126 * linear(of.redF()) + 0.7152 * linear(of.greenF()) + 0.0722 * linear(of.blueF())


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_pairs(of: Tokens) -> list[tuple[str, str]]:
    tones = [of.ink(tone) for tone in Tone]
    plain = [
        (colour, ground) for colour in (of.text, of.muted, of.accent) for ground in (of.surface, of.window, of.alt)
    ]
    return [
        *plain,
        *tones,
        *((ink.text, of.surface) for ink in tones),
        (of.on_accent, of.accent),
        (of.on_selection, of.selection),
        (of.surface, of.text),
    ]


def test_the_contrast_formula_knows_the_two_ends() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") < 4.5


@SCHEMES
def test_every_text_can_be_read_on_its_ground(of: Tokens) -> None:
    assert [pair for pair in text_pairs(of) if contrast(*pair) < 4.5] == []


@SCHEMES
def test_every_control_can_be_told_from_its_ground(of: Tokens) -> None:
    grounds = (of.surface, of.window)
    assert [(of.border, ground) for ground in grounds if contrast(of.border, ground) < 3] == []
    assert all(contrast(of.accent, ground) >= 3 for ground in grounds)


@SCHEMES
def test_the_style_sheet_has_no_name_left_to_replace(of: Tokens) -> None:
    sheet = theme.style_sheet(of, 10)
    assert re.findall(r"@\w+", sheet) == []
    assert "url(ombudet:check-" in sheet


def test_the_scheme_switches_while_the_program_runs(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, Scheme.LIGHT)
    button = QPushButton("Svara")
    button.setIcon(icon("inbox"))
    qtbot.addWidget(button)
    seen = []
    for scheme, of in ((Scheme.LIGHT, LIGHT), (Scheme.DARK, DARK)):
        with qtbot.waitSignal(theme.theme().changed):
            theme.apply(qapp, scheme)
        assert theme.tokens() is of
        assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == of.window
        seen.append(inked(button))
    assert seen == [LIGHT.text, DARK.text]
    theme.apply(qapp, Scheme.LIGHT)


def inked(button: QPushButton) -> str:
    picture = button.icon().pixmap(24, 24).toImage()
    pixels = (picture.pixelColor(x, y) for x in range(24) for y in range(24))
    return next(pixel.name().upper() for pixel in pixels if pixel.alpha() == 255)


def test_following_the_system_keeps_up_with_it(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.SYSTEM)
    assert theme.tokens() in (LIGHT, DARK)
    theme.apply(qapp, Scheme.LIGHT)


def test_high_contrast_uses_nothing_but_the_systems_colours(qapp: QApplication) -> None:
    system = QPalette(QColor("black"))
    system.setColor(QPalette.ColorRole.Text, QColor("yellow"))
    system.setColor(QPalette.ColorRole.Base, QColor("black"))
    of = theme.system_tokens(system)
    assert {of.text, of.muted, of.border, of.danger.text} == {"#ffff00"}
    assert of.danger.back == of.surface == "#000000"


def test_high_contrast_drops_our_colours_and_gives_them_back(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.LIGHT)
    theme.theme().dress(has_high_contrast=True)
    assert qapp.styleSheet() == ""
    assert theme.tokens() not in (LIGHT, DARK)
    theme.apply(qapp, Scheme.LIGHT)
    assert qapp.styleSheet() != ""
    assert theme.tokens() is LIGHT


def test_there_is_a_font_even_where_the_machine_has_none(qapp: QApplication) -> None:
    assert theme.own_font().family() == "Source Sans Pro"


def test_controls_grow_with_the_text() -> None:
    assert "min-height: 60px" in theme.style_sheet(LIGHT, 20)
    assert "min-height: 30px" in theme.style_sheet(LIGHT, 8)


def test_text_size_stays_within_its_limits(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.LIGHT)
    normal = qapp.font().pointSizeF()
    assert normal >= 10
    assert theme.set_text_zoom(200) == 200
    assert qapp.font().pointSizeF() == pytest.approx(normal * 2)
    assert theme.set_text_zoom(10) == 80
    assert theme.set_text_zoom(900) == 200
    assert theme.set_text_zoom(100) == 100
    assert qapp.font().pointSizeF() == pytest.approx(normal)
