"""Building what is large when it is needed: pages when they are first turned to, and the rest a little at a time.

Whoever asks for a part before its time gets it whole, at once: it only takes longer then.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.ui.kit.labels import built


class Pages(QStackedWidget):
    """Pages by name, each made when it is first asked for.

    Args:
        makers: What makes each page.
        fill: Puts into a page what there is to show now.
    """

    def __init__(self, makers: Mapping[str, Callable[[], QWidget]], fill: Callable[[Any], None]) -> None:
        super().__init__()
        self._makers, self._fill = makers, fill
        self.made: dict[str, QWidget] = {}

    def page(self, name: str) -> Any:
        """Return a page, made and filled if it was not."""
        if name not in self.made:
            self.made[name] = made = built(self._makers[name])
            self.addWidget(made)
            self._fill(made)
        return self.made[name]

    def refill(self) -> None:
        """There is something else to show."""
        for page in self.made.values():
            self._fill(page)

    def turn_to(self, name: str) -> None:
        """Show a page."""
        self.setCurrentWidget(self.page(name))


class Slices(QObject):
    """Work that is done a little in every turn of the event loop, so that keys are answered in between.

    Args:
        owner: The work ends when this is gone.
        work: Does a little, and yields; None when there is nothing to do yet.
    """

    def __init__(self, owner: QWidget, work: Iterator[None] | None = None) -> None:
        super().__init__(owner)
        self._owner, self._work = owner, work or iter(())
        self._then: list[Callable[[], None]] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._do_one)
        self.is_done = work is None

    def start(self) -> None:
        """Begin, in the next turn."""
        if not self.is_done:
            self._timer.start()

    def begin(self, work: Iterator[None]) -> None:
        """Do other work, from its start; what was left of the work before is dropped."""
        self._work, self.is_done = work, False
        self.start()

    def when_done(self, then: Callable[[], None]) -> None:
        """Call this after the last of it; now, if that was long ago."""
        if self.is_done:
            then()
        else:
            self._then.append(then)
            self.start()

    def finish(self) -> None:
        """Do the rest at once: somebody needs it now."""
        while not self.is_done:
            self._do_one()

    @Slot()
    def _do_one(self) -> None:
        _held = (
            self._owner.window()
        )  # a collection of garbage in the middle of this would else take a window nobody holds
        try:
            built(self._go_on)
        except StopIteration:
            self._end()
        except Exception:
            self._timer.stop()
            raise

    def _go_on(self) -> QWidget:
        next(self._work)
        return self._owner

    def _end(self) -> None:
        self._timer.stop()
        self.is_done = True
        self._work = iter(())  # what is done holds on to nothing
        waiting, self._then = self._then, []
        for then in waiting:
            then()
