"""Badges: an icon and words on a tinted pill, in a table or on its own."""

from dataclasses import dataclass

from PySide6.QtCore import QMargins, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.kit.icons import TONE_ICONS, paint
from app.ui.kit.theme import Tone, tokens

ICON = 15
PAD = 8
GAP = 5
CELL_PAD = 5
PILL_MARGIN = 8
BADGE_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Badge:
    """How a badge looks; its words come from the cell's text.

    Attributes:
        tone: What it means.
        icon: A Lucide name; the tone's own icon when empty.
    """

    tone: Tone
    icon: str = ""

    @property
    def icon_name(self) -> str:
        """The icon that is drawn."""
        return self.icon or TONE_ICONS[self.tone]


def badge_width(font: QFont, text: str) -> int:
    """Return how wide the pill becomes."""
    return PAD + ICON + GAP + QFontMetrics(_bold(font)).horizontalAdvance(text) + PAD + 2


def paint_badge(painter: QPainter, box: QRect, badge: Badge, text: str, font: QFont) -> None:
    """Draw the pill at the left of `box`, eliding the words when it is narrow."""
    ink = tokens().ink(badge.tone)
    metrics = QFontMetrics(_bold(font))
    pill = QRect(box.left(), 0, min(badge_width(font, text), box.width()), min(metrics.height() + 8, box.height()))
    pill.moveTop(box.center().y() - pill.height() // 2 + 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ink.back))
    painter.drawRoundedRect(QRectF(pill), pill.height() / 2, pill.height() / 2)
    paint(painter, QRect(pill.left() + PAD, pill.center().y() - ICON // 2, ICON, ICON), badge.icon_name, ink.text)
    words = pill.adjusted(PAD + ICON + GAP, 0, -PAD, 0)
    painter.setFont(_bold(font))
    painter.setPen(QColor(ink.text))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, words.width() + 2)
    painter.drawText(words.adjusted(0, 0, 2, 0), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
    painter.restore()


class BadgeDelegate(QStyledItemDelegate):
    """Draws cells that have a `Badge` under `BADGE_ROLE` as a pill, and the others as usual."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw it with the colours in force."""
        self.initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        badge = index.data(BADGE_ROLE)
        text = option.text
        if isinstance(badge, Badge) and text:
            option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        whole = QRect(option.rect)
        option.rect = whole.adjusted(CELL_PAD, 0, -CELL_PAD, 0)
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        if isinstance(badge, Badge) and text:
            box = whole.adjusted(PILL_MARGIN, 2, -PILL_MARGIN, -2)
            paint_badge(painter, box, badge, text, option.font)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size it wants."""
        size = super().sizeHint(option, index)
        if isinstance(index.data(BADGE_ROLE), Badge):
            size.setWidth(badge_width(option.font, str(index.data() or "")))
        return size.grownBy(QMargins(PILL_MARGIN, 0, PILL_MARGIN, 0))


class BadgeLabel(QWidget):
    """A badge outside tables.  Takes no room while it has no words."""

    def __init__(self, text: str = "", badge: Badge | None = None) -> None:
        super().__init__()
        self._badge = badge or Badge(Tone.NEUTRAL)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_badge(text, self._badge)

    def text(self) -> str:
        """Return the words."""
        return self._text

    def badge(self) -> Badge:
        """Return how it looks."""
        return self._badge

    def set_badge(self, text: str, badge: Badge) -> None:
        """Show other words in another tone."""
        self._text, self._badge = text, badge
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size it wants."""
        if not self._text:
            return QSize(0, 0)
        return QSize(badge_width(self.font(), self._text), QFontMetrics(_bold(self.font())).height() + 8)

    def minimumSizeHint(self) -> QSize:
        """Return the least size it can do with."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it with the colours in force."""
        painter = QPainter(self)
        if self._text:
            paint_badge(painter, self.rect(), self._badge, self._text, self.font())
        painter.end()


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
