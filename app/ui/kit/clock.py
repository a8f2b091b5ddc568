"""A ring that shows how much of a time is left; the words inside say it too."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.theme import Tone, tokens

RING = 10
SIDE = 132


class ClockRing(QWidget):
    """Paints the part that is used up, with a large and a small line of text in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self._left, self._tone, self._big, self._small = 1.0, Tone.INFO, "", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_time(self, left: float, big: str, small: str, tone: Tone) -> None:
        """Show the remaining part, from 0 to 1, and its words."""
        self._left, self._tone, self._big, self._small = max(0.0, min(1.0, left)), tone, big, small
        self.setAccessibleName(" ".join(part for part in (big, small) if part))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size it wants."""
        big, small = (QFontMetrics(font).horizontalAdvance(words) for font, words in self._words())
        side = max(SIDE, big + 4 * RING, small + 5 * RING)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it with the colours in force."""
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height()) - RING - 2
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        for colour, part in ((colours.hairline, 1.0), (colours.ink(self._tone).text, 1.0 - self._left)):
            painter.setPen(QPen(QColor(colour), RING, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawArc(box, 90 * 16, -round(part * 360 * 16))
        self._paint_words(painter, box, colours.text, colours.muted)
        painter.end()

    def _paint_words(self, painter: QPainter, box: QRectF, strong: str, weak: str) -> None:
        big = self._words()[0][0]
        middle = box.center().y()
        flags = Qt.AlignmentFlag.AlignHCenter
        painter.setFont(big)
        painter.setPen(QColor(strong))
        upper = QRectF(box.left(), box.top(), box.width(), middle - box.top() + 4)
        painter.drawText(upper, flags | Qt.AlignmentFlag.AlignBottom, self._big)
        painter.setFont(self.font())
        painter.setPen(QColor(weak))
        lower = QRectF(box.left(), middle + 10, box.width(), box.bottom() - middle - 10)
        painter.drawText(lower, flags | Qt.AlignmentFlag.AlignTop, self._small)

    def _words(self) -> tuple[tuple[QFont, str], tuple[QFont, str]]:
        """Return the large and the small line with their fonts."""
        big = QFont(self.font())
        big.setPointSizeF(big.pointSizeF() * 1.8)
        big.setWeight(QFont.Weight.DemiBold)
        return (big, self._big), (self.font(), self._small)
