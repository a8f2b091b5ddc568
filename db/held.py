"""A reader that stays in one snapshot while an import writes what nobody sees.

Every commit empties the caches of all other connections; a search after each of an import's many commits would read and decrypt
its pages anew.  What those commits write is not seen, so that the snapshot from before them is as good.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


class HeldReader:
    """One connection that is lent to one reader at a time, and keeps its snapshot between them."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._door = threading.Lock()
        self._is_free = threading.Event()
        self._is_free.set()
        self._connection: sa.Connection | None = None
        self._version: object = None

    @contextmanager
    def lent(self, version: object) -> Iterator[sa.Connection | None]:
        """Lend the connection, with a snapshot taken since the version is this one; None when another reader has it."""
        if not self._door.acquire(blocking=False):
            yield None
            return
        try:
            self._is_free.clear()
            if self._version != version:
                self._let_go()
            if self._connection is None:
                self._connection, self._version = self._engine.connect(), version
                self._connection.begin()  # sessions come and go within it
            yield self._connection
        except BaseException:
            self._let_go()
            raise
        finally:
            self._is_free.set()
            self._door.release()

    def pass_by(self, longest_s: float) -> None:
        """Wait until the one who reads in it is done, at most so many seconds.  Takes nothing: the next one need not wait."""
        self._is_free.wait(longest_s)

    @contextmanager
    def put_aside(self) -> Iterator[None]:
        """End the snapshot as soon as nobody reads in it, and lend none meanwhile."""
        with self._door:
            self._let_go()
            yield

    def let_go(self) -> None:
        """End the snapshot as soon as nobody reads in it."""
        with self.put_aside():
            pass

    def _let_go(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()
