"""A day and a clock time in Sweden as one point in time, also in the hour that comes twice in autumn."""

import datetime as dt
from functools import cached_property

from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.breach import in_stockholm, stockholm
from app.domain.errors import UserError
from app.i18n import _
from app.ui.kit.date_fields import DateTimeField, Today


class MomentField(DateTimeField):
    """A day and a time; the answer is aware UTC.

    When the clock showed the time twice, a choice between the first and the second comes into view.
    """

    def __init__(self, label: str, today: Today, hint: str = "", *, is_optional: bool = False) -> None:
        super().__init__(label, today, hint, is_optional=is_optional)
        self.changed.connect(self._ask_which)

    @cached_property
    def which(self) -> QComboBox:
        """The first or the second of two like times; made when a time first came twice."""
        made = QComboBox()
        made.setAccessibleName(_("Vilken av de två gångerna"))
        made.addItem(_("första gången (sommartid)"), 0)
        made.addItem(_("andra gången (normaltid)"), 1)
        made.hide()
        made.activated.connect(self._edited)
        self._row.insertWidget(self._row.count() - 1, made)
        QWidget.setTabOrder(self.clock, made)
        return made

    def value(self) -> dt.datetime | None:  # type: ignore[override]  # a point in time, not what the clock showed
        """Return the answer, or None when there is none or it cannot be read."""
        shown = self.moment()
        if shown is None:
            return None
        try:
            return stockholm(*shown, fold=self.which.currentData() if _is_double(shown) else None)
        except UserError:
            return None

    def set_value(self, value: dt.datetime | None) -> None:  # type: ignore[override]
        """Put an answer in."""
        local = in_stockholm(value) if value is not None else None
        super().set_value((local.date(), local.time()) if local is not None else None)
        self._ask_which()
        if "which" in self.__dict__:
            self.which.setCurrentIndex(local.fold if local is not None else 0)

    def why_unreadable(self) -> str:
        """Return why what is typed is not an answer; empty when it is one or nothing is typed."""
        if not self.is_unreadable():
            return ""
        shown = self.moment()
        if shown is None:
            return _("Skriv både dag och klockslag, till exempel 2026-11-03 och 15.10.")
        try:
            stockholm(*shown, fold=0)
        except UserError as error:
            return f"{error.what} {error.do}"
        return _("Tiden går inte att läsa.")

    def _ask_which(self) -> None:
        shown = self.moment()
        is_double = shown is not None and _is_double(shown)
        if is_double or "which" in self.__dict__:
            self.which.setVisible(is_double)


def _is_double(shown: tuple[dt.date, dt.time]) -> bool:
    """Return whether the clock showed this time twice."""
    try:
        return stockholm(*shown, fold=0) != stockholm(*shown, fold=1)
    except UserError:
        return False
