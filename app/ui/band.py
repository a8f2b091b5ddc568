"""The striped band over a vault of invented people."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import _
from app.ui.kit.theme import Tone, tokens

STRIPE = 14


class ExampleBand(QWidget):
    """Says EXEMPELDATA on diagonal stripes, so that no screenshot is taken for the real thing."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.text = _("EXEMPELDATA – alla personer är påhittade")
        self.setAccessibleName(self.text)

    def sizeHint(self) -> QSize:
        """Return the size it wants."""
        metrics = QFontMetrics(self._font())
        return QSize(metrics.horizontalAdvance(self.text) + 40, metrics.height() + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it with the colours in force."""
        ink = tokens().ink(Tone.WARN)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(ink.back))
        faint = QColor(ink.text)
        faint.setAlphaF(0.22)
        painter.setBrush(faint)
        painter.setPen(Qt.PenStyle.NoPen)
        height = self.height()
        for left in range(-height, self.width(), 2 * STRIPE):
            corners = ((left, height), (left + STRIPE, height), (left + STRIPE + height, 0), (left + height, 0))
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        width = QFontMetrics(self._font()).horizontalAdvance(self.text) + 24
        painter.setBrush(QColor(ink.back))
        painter.drawRect((self.width() - width) // 2, 0, width, height)
        painter.setFont(self._font())
        painter.setPen(QColor(ink.text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text)
        painter.end()

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font
