"""Tells when the computer's screen is locked, or it goes to sleep, as the desktop says.  On other systems the clock tells (`idle`)."""

import sys

from PySide6.QtCore import SLOT, QObject, Signal, Slot

_SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
)
_LOGIN = "org.freedesktop.login1"


class ScreenLock(QObject):
    """Listens on the desktop's own message bus, a socket on this computer that the system gives every program.

    Signals:
        locked: The screen was locked, the session was left to another user, or the computer is about to sleep.
    """

    locked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        if sys.platform == "linux":  # pragma: no branch
            self._listen()

    def _listen(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        hear, lock = SLOT("hear(bool)"), SLOT("lock()")  # text, whatever the stubs say
        session, system = QDBusConnection.sessionBus(), QDBusConnection.systemBus()
        wanted = [(session, name, path, name, "ActiveChanged", hear) for name, path in _SAVERS]
        wanted.append((system, _LOGIN, "/org/freedesktop/login1", f"{_LOGIN}.Manager", "PrepareForSleep", hear))
        wanted.append((system, _LOGIN, "", f"{_LOGIN}.Session", "Lock", lock))
        for bus, name, path, interface, signal, slot in wanted:
            if bus.isConnected():
                bus.connect(name, path, interface, signal, self, slot)  # type: ignore[call-overload]

    @Slot(bool)
    def hear(self, is_so: bool) -> None:
        """Hear that it begins, or ends."""
        if is_so:
            self.locked.emit()

    @Slot()
    def lock(self) -> None:
        """Hear that the session is locked."""
        self.locked.emit()
