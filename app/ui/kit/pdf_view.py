"""Pages of a document, drawn when they come into view.  What draws them is given; paper stays white in the dark too."""

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea

from app.i18n import _
from app.ui.kit import messages
from app.ui.kit.theme import tokens

Page = Callable[[int, float], tuple[int, int, bytes]]
GAP = 12
KEPT = 8
A4 = (595.0, 842.0)
ZOOM_STEP, ZOOM_MIN, ZOOM_MAX = 1.2, 0.25, 4.0


class PdfView(QAbstractScrollArea):
    """Scrolls through pages.  Ctrl and + or − zoom, Ctrl+0 fits the width, Page Up and Page Down turn pages."""

    def __init__(self) -> None:
        super().__init__()
        self._page: Page | None = None
        self._sizes: list[tuple[float, float]] = []
        self._pictures: OrderedDict[tuple[int, int], QPixmap] = OrderedDict()
        self._zoom = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_document(0, None)

    def set_document(self, count: int, page: Page | None) -> None:
        """Show a document.

        Args:
            count: How many pages it has.
            page: Returns width, height and RGB bytes of a page, numbered from 0, at so many pixels per point.
        """
        self._page, self._sizes = page, [A4] * count
        self._pictures.clear()
        self.verticalScrollBar().setValue(0)
        self._arrange()

    def count(self) -> int:
        """Return how many pages there are."""
        return len(self._sizes)

    def current(self) -> int:
        """Return the number of the page at the top of the view, from 0."""
        top = self.verticalScrollBar().value() + self.viewport().height() // 3
        shown = [number for number, box in enumerate(self._boxes()) if box.top() <= top]
        return shown[-1] if shown else 0

    def go_to(self, number: int) -> None:
        """Scroll to the top of a page."""
        if boxes := self._boxes():
            self.verticalScrollBar().setValue(boxes[max(0, min(number, len(boxes) - 1))].top() - GAP)

    def scale(self) -> float:
        """Return pixels per point now."""
        if self._zoom:
            return self._zoom
        widest = max((size[0] for size in self._sizes), default=A4[0])
        return max(ZOOM_MIN, (self.viewport().width() - 2 * GAP) / widest)

    def zoom_in(self) -> None:
        """Make the pages larger."""
        self._set_zoom(self.scale() * ZOOM_STEP)

    def zoom_out(self) -> None:
        """Make the pages smaller."""
        self._set_zoom(self.scale() / ZOOM_STEP)

    def fit_width(self) -> None:
        """Let the pages fill the width, now and when the view is resized."""
        self._set_zoom(0.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it with the colours in force."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(tokens().neutral.back))
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        for number, box in enumerate(self._boxes()):
            shown = box.translated(-across, -down)
            if shown.intersects(event.rect()):
                self._paint_page(painter, number, shown)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the contents to the new size."""
        super().resizeEvent(event)
        self._arrange()

    def scrollContentsBy(self, _across: int, _down: int) -> None:
        """Draw what came into view."""
        self._name()
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys."""
        act = self._act_for(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
        else:
            super().wheelEvent(event)

    def _act_for(self, event: QKeyEvent) -> Callable[[], None] | None:
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            zooms = {Qt.Key.Key_Plus: self.zoom_in, Qt.Key.Key_Minus: self.zoom_out, Qt.Key.Key_0: self.fit_width}
            return zooms.get(key)
        return {
            Qt.Key.Key_PageDown: self._next_page,
            Qt.Key.Key_PageUp: self._previous_page,
            Qt.Key.Key_Home: self._first_page,
            Qt.Key.Key_End: self._last_page,
        }.get(key)

    def _next_page(self) -> None:
        self.go_to(self.current() + 1)

    def _previous_page(self) -> None:
        self.go_to(self.current() - 1)

    def _first_page(self) -> None:
        self.go_to(0)

    def _last_page(self) -> None:
        self.go_to(self.count() - 1)

    def _set_zoom(self, zoom: float) -> None:
        number = self.current()
        self._zoom = max(ZOOM_MIN, min(ZOOM_MAX, zoom)) if zoom else 0.0
        self._pictures.clear()
        self._arrange()
        self.go_to(number)

    def _boxes(self) -> list[QRect]:
        scale, top, boxes = self.scale(), GAP, []
        room = self.viewport().width()
        for width, height in self._sizes:
            wide, high = round(width * scale), round(height * scale)
            boxes.append(QRect(max(GAP, (room - wide) // 2), top, wide, high))
            top += high + GAP
        return boxes

    def _arrange(self) -> None:
        boxes = self._boxes()
        high = boxes[-1].bottom() + GAP if boxes else 0
        wide = max((box.width() for box in boxes), default=0) + 2 * GAP
        for bar, size, room in (
            (self.verticalScrollBar(), high, self.viewport().height()),
            (self.horizontalScrollBar(), wide, self.viewport().width()),
        ):
            bar.setRange(0, max(0, size - room))
            bar.setPageStep(room)
            bar.setSingleStep(40)
        self._name()
        self.viewport().update()

    def _paint_page(self, painter: QPainter, number: int, box: QRect) -> None:
        painter.fillRect(box, Qt.GlobalColor.white)
        picture = self._picture(number)
        if picture is not None:
            painter.drawPixmap(box, picture)
        painter.setPen(QColor(tokens().hairline))
        painter.drawRect(box.adjusted(-1, -1, 0, 0))

    def _picture(self, number: int) -> QPixmap | None:
        ratio = self.devicePixelRatioF()
        scale = self.scale() * ratio
        key = (number, round(scale * 1000))
        if key not in self._pictures:
            self._pictures[key] = self._draw(number, scale)
            while len(self._pictures) > KEPT:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(key)
        picture = self._pictures[key]
        return None if picture.isNull() else picture

    def _draw(self, number: int, scale: float) -> QPixmap:
        if self._page is None:
            return QPixmap()
        try:
            width, height, data = self._page(number, scale)
        except Exception as error:
            messages.show_error(self.window(), error)
            return QPixmap()
        self._learn_size(number, (width / scale, height / scale))
        return QPixmap.fromImage(QImage(data, width, height, width * 3, QImage.Format.Format_RGB888))

    def _learn_size(self, number: int, size: tuple[float, float]) -> None:
        known = self._sizes[number]
        if abs(known[0] - size[0]) + abs(known[1] - size[1]) > 4:
            rest = [size if later == known else later for later in self._sizes[number:]]
            self._sizes[number:] = rest
            self._arrange()

    def _name(self) -> None:
        name = _("Förhandsvisning")
        if self._sizes:
            name = _("Förhandsvisning, sida {page} av {pages}").format(page=self.current() + 1, pages=self.count())
        self.setAccessibleName(name)
