"""Fields for days and times, typed fast: 261103, 3 nov, i dag, +30, 1510."""

from collections.abc import Callable
from datetime import date, time

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Slot
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.i18n import _, language
from app.ui.kit.dates import parse_date, parse_time
from app.ui.kit.fields import Field
from app.ui.kit.icons import icon
from app.ui.kit.labels import set_style, set_tooltip
from app.ui.kit.theme import tokens

Today = Callable[[], date]
_WIDTH = 130


class DateField(Field):
    """A day.  Shown as 2026-11-03 when the field is left.

    Args:
        label: What is asked for.
        today: Returns the local day; "+30" counts from it.
        hint: How to answer; a default explains what can be typed.
        is_optional: Say so after the label.
    """

    def __init__(self, label: str, today: Today, hint: str = "", *, is_optional: bool = False) -> None:
        super().__init__(label, hint, is_optional=is_optional)
        self._today = today
        self.line, self.button = _date_editor()
        row = QWidget()
        self._row = QHBoxLayout(row)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        for part in (self.line, self.button):
            self._row.addWidget(part)
        self._add_more()
        self._row.addStretch()
        self._finish(row, self.line)
        set_tooltip(self.line, _("Skriv till exempel 261103, 3 nov, i dag eller +30."))
        self.button.setAccessibleName(_("Välj dag för {label}").format(label=label))
        self.line.textEdited.connect(self._edited)
        self.button.clicked.connect(self._open_calendar)

    def _add_more(self) -> None:
        """Room for a time."""

    def day(self) -> date | None:
        """Return the day, or None when there is none or it cannot be read."""
        return parse_date(self.line.text(), self._today())

    def value(self) -> date | None:
        """Return the answer."""
        return self.day()

    def set_value(self, value: date | None) -> None:
        """Put an answer in."""
        self.line.setText(value.isoformat() if value else "")

    def is_empty(self) -> bool:
        """Say whether nothing is typed."""
        return not self.line.text().strip()

    def is_unreadable(self) -> bool:
        """Say whether something is typed that is not an answer."""
        return not self.is_empty() and self.value() is None

    def _leave(self) -> None:
        day = self.day()
        if day is not None:
            self.line.setText(day.isoformat())
        elif not self.is_empty():
            self.set_problem(_("Det går inte att läsa som en dag. Skriv till exempel 2026-11-03 eller 3 nov."))

    @Slot()
    def _open_calendar(self) -> None:
        self.calendar = Calendar(self, self.day() or self._today())
        self.calendar.picked.clicked.connect(self._take)
        self.calendar.picked.activated.connect(self._take)
        self.calendar.move(self.line.mapToGlobal(QPoint(0, self.line.height())))
        self.calendar.show()
        self.calendar.picked.setFocus()

    @Slot(QDate)
    def _take(self, day: QDate) -> None:
        self.line.setText(day.toString(Qt.DateFormat.ISODate))
        self.calendar.close()
        self._edited()
        self.line.setFocus()


class DateTimeField(DateField):
    """A day and a clock time in the office's own time; what they mean in UTC is decided elsewhere."""

    def _add_more(self) -> None:
        self.clock = QLineEdit()
        self.clock.setFixedWidth(80)
        self.clock.setPlaceholderText(_("tt.mm"))
        self.clock.setAccessibleName(_("Klockslag"))
        self.clock.textEdited.connect(self._edited)
        self.clock.editingFinished.connect(self._leave_clock)
        self._row.addWidget(self.clock)

    def moment(self) -> tuple[date, time] | None:
        """Return the day and time, or None unless both can be read."""
        day, clock = self.day(), parse_time(self.clock.text())
        return (day, clock) if day is not None and clock is not None else None

    def value(self) -> tuple[date, time] | None:  # type: ignore[override]  # a day alone is no answer here
        """Return the answer."""
        return self.moment()

    def set_value(self, value: tuple[date, time] | None) -> None:  # type: ignore[override]
        """Put an answer in."""
        super().set_value(value[0] if value else None)
        self.clock.setText(value[1].strftime("%H.%M") if value else "")

    def is_empty(self) -> bool:
        """Say whether nothing is typed."""
        return super().is_empty() and not self.clock.text().strip()

    def set_problem(self, text: str) -> None:
        """Show what is wrong, or nothing."""
        super().set_problem(text)
        set_style(self.clock, "wrong", bool(text))

    @Slot()
    def _leave_clock(self) -> None:
        clock = parse_time(self.clock.text())
        if clock is not None:
            self.clock.setText(clock.strftime("%H.%M"))
        elif self.clock.text().strip():
            self.set_problem(_("Det går inte att läsa som ett klockslag. Skriv till exempel 15.10."))


class Calendar(QWidget):
    """A month to pick a day from, with week numbers and Monday first."""

    def __init__(self, parent: QWidget, day: date) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.picked = QCalendarWidget()
        self.picked.setLocale(QLocale(QLocale.Language.Swedish if language() == "sv" else QLocale.Language.English))
        self.picked.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.picked.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.ISOWeekNumbers)
        self.picked.setSelectedDate(QDate(day.year, day.month, day.day))
        weekend = QTextCharFormat()
        weekend.setForeground(QColor(tokens().danger.text))
        for number in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.picked.setWeekdayTextFormat(number, weekend)
        for name, picture in (("qt_calendar_prevmonth", "chevron-left"), ("qt_calendar_nextmonth", "chevron-right")):
            turner = self.picked.findChild(QToolButton, name)
            if turner is not None:
                turner.setIcon(icon(picture))
        line = self.fontMetrics().lineSpacing()
        self.picked.setMinimumSize(line * 20, line * 15)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.picked)


def _date_editor() -> tuple[QLineEdit, QPushButton]:
    line, button = QLineEdit(), QPushButton()
    line.setFixedWidth(_WIDTH)
    line.setPlaceholderText(_("åååå-mm-dd"))
    button.setIcon(icon("calendar-days"))
    button.setAutoDefault(False)
    set_style(button, "role", "icon")
    return line, button
