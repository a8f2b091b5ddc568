"""Who may use the database when: one writer at a time, and a gate that is shut while its key is changed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlcipher3 import dbapi2 as sqlcipher

from app.domain.errors import UserError
from db.engine import database_error


class Lane:
    """One writer at a time.  Whoever is patient waits until nobody else does."""

    def __init__(self) -> None:
        self._door = threading.Condition()
        self._is_taken = False
        self._waiting = 0

    @property
    def is_wanted(self) -> bool:
        """Say whether somebody waits."""
        return self._waiting > 0

    @contextmanager
    def entered(self, *, is_patient: bool) -> Iterator[None]:
        """Be the one writer for the length of a `with` block."""
        with self._door:
            self._waiting += not is_patient
            try:
                self._door.wait_for(lambda: not (self._is_taken or (is_patient and self._waiting)))
            finally:
                self._waiting -= not is_patient
            self._is_taken = True
        try:
            yield
        finally:
            with self._door:
                self._is_taken = False
                self._door.notify_all()


class Gate:
    """Lets everybody in at once, or shuts them all out.

    Attributes:
        patience_s: How long those inside are waited for.
        longest_s: How long those outside wait.
    """

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._inside, self._is_shut = 0, False
        self.patience_s, self.longest_s = 5.0, 120.0

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be inside for the length of a `with` block; wait first while it is shut.

        Raises:
            UserError: It stays shut.
        """
        with self._turn:
            if not self._turn.wait_for(lambda: not self._is_shut, self.longest_s):
                raise busy()
            self._inside += 1
        try:
            yield
        finally:
            with self._turn:
                self._inside -= 1
                self._turn.notify_all()

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Let nobody in for the length of a `with` block, which begins when everybody is out.

        Raises:
            UserError: Somebody stays inside.
        """
        with self._turn:
            self._is_shut = True
        try:
            with self._turn:
                if not self._turn.wait_for(lambda: not self._inside, self.patience_s):
                    raise busy()
            yield
        finally:
            with self._turn:
                self._is_shut = False
                self._turn.notify_all()


def busy() -> UserError:
    """Return the error for somebody who cannot wait any longer."""
    return database_error(sqlcipher.OperationalError("database is busy"))
