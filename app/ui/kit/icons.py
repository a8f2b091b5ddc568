"""Lucide icons, read from the installed package and tinted when they are painted, so that a new scheme needs no new icons.

The package's archive takes longer to open than a small window to show, so the first window is shown before its icons are.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.kit.theme import Tokens, Tone, tokens

if TYPE_CHECKING:
    from zipfile import ZipFile

SIZE = 18
Tint = Callable[[Tokens], str]


def _text(of: Tokens) -> str:
    return of.text


def _muted(of: Tokens) -> str:
    return of.muted


def _accent(of: Tokens) -> str:
    return of.accent


def _on_accent(of: Tokens) -> str:
    return of.on_accent


_TINTS: dict[str, Tint] = {"text": _text, "muted": _muted, "accent": _accent, "on_accent": _on_accent}
TONE_ICONS = {
    Tone.OK: "circle-check",
    Tone.INFO: "clock",
    Tone.WARN: "clock",
    Tone.DANGER: "circle-alert",
    Tone.HOLD: "pause",
    Tone.NEUTRAL: "minus",
}


@cache
def icon(name: str, tint: str | Tone = "text") -> QIcon:
    """Return a Lucide icon that follows the theme.

    Args:
        name: Lucide's name, such as `inbox`.
        tint: `text`, `muted`, `accent`, `on_accent`, or a tone.

    Raises:
        KeyError: Lucide has no such icon, or there is no such tint.
    """
    if not _later.is_on:
        svg(name)
    return QIcon(_Engine(name, colour_name(tint)))


def pixmap(name: str, colour: str, size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """Return the icon drawn in one colour for a screen with this pixel ratio."""
    return _drawn(name, colour, round(size * ratio), ratio)


def paint(painter: QPainter, box: QRect, name: str, colour: str) -> None:
    """Draw an icon in `box`, sharp on the device at hand."""
    if _later.is_on:
        return
    ratio = painter.device().devicePixelRatio() if painter.device() else 1.0
    picture = _drawn(name, colour, round(min(box.width(), box.height()) * ratio), ratio)
    painter.drawPixmap(box.topLeft(), picture)


class _Later:
    is_on = False


_later = _Later()


def draw_later() -> None:
    """Leave the icons' places empty until `draw_now`, for the first window of a program that starts."""
    _later.is_on = True


def draw_now() -> None:
    """Draw the icons that wait."""
    if _later.is_on:
        _later.is_on = False
        for widget in QApplication.allWidgets():
            widget.update()


class IconView(QWidget):
    """An icon on its own; decoration, so a screen reader passes it by."""

    def __init__(self, name: str, tint: str | Tone = "text", size: int = SIZE) -> None:
        super().__init__()
        self._name, self._tint = name, colour_name(tint)
        self.setFixedSize(size, size)

    def set_icon(self, name: str, tint: str | Tone) -> None:
        """Show another icon."""
        self._name, self._tint = name, colour_name(tint)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it with the colours in force."""
        painter = QPainter(self)
        paint(painter, self.rect(), self._name, self._tint(tokens()))
        painter.end()


@cache
def svg(name: str) -> str:
    """Return the drawing.

    Raises:
        KeyError: Lucide has no such icon.
    """
    return _archive().read(f"{name}.svg").decode("utf-8")


@cache
def _archive() -> "ZipFile":
    import importlib.resources
    from io import BytesIO
    from zipfile import ZipFile

    return ZipFile(BytesIO((importlib.resources.files("lucide") / "lucide.zip").read_bytes()))


def colour_name(tint: str | Tone) -> Tint:
    """Return the function that finds the tint's colour in the tokens in force."""
    if isinstance(tint, Tone):
        return _tone_tint(tint)
    return _TINTS[tint]


@cache
def _tone_tint(tone: Tone) -> Tint:
    def find(of: Tokens) -> str:
        return of.ink(tone).text

    return find


def _drawn(name: str, colour: str, pixels: int, ratio: float) -> QPixmap:
    if _later.is_on:
        picture = QPixmap(QSize(pixels, pixels))
        picture.fill(Qt.GlobalColor.transparent)
        picture.setDevicePixelRatio(ratio)
        return picture
    return _kept(name, colour, pixels, ratio)


@lru_cache(maxsize=512)
def _kept(name: str, colour: str, pixels: int, ratio: float) -> QPixmap:
    from PySide6.QtCore import QByteArray
    from PySide6.QtSvg import QSvgRenderer

    drawing = svg(name).replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    picture = QPixmap(QSize(pixels, pixels))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


class _Engine(QIconEngine):
    """Paints with the tokens in force at that moment."""

    def __init__(self, name: str, tint: Tint) -> None:
        super().__init__()
        self._name, self._tint = name, tint

    def _colour(self, mode: QIcon.Mode) -> str:
        now = tokens()
        return now.border if mode == QIcon.Mode.Disabled else self._tint(now)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        paint(painter, rect, self._name, self._colour(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        side = min(size.width(), size.height())
        picture = _drawn(self._name, self._colour(mode), round(side * scale), scale)
        if size.width() == size.height():
            return picture
        whole = QPixmap(size * scale)
        whole.setDevicePixelRatio(scale)
        whole.fill(Qt.GlobalColor.transparent)
        painter = QPainter(whole)
        painter.drawPixmap(QPoint((size.width() - side) // 2, (size.height() - side) // 2), picture)
        painter.end()
        return whole

    def clone(self) -> QIconEngine:
        copy = _Engine(self._name, self._tint)
        _CLONES.append(copy)
        return copy


_CLONES: list[_Engine] = []  # Qt does not tell the binding that it owns a clone, and would lose it
