"""The store: one writer lane, many readers, and news of what changed.  Only this module opens `data.db`."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2 as sqlcipher

from app.domain.errors import UserError, told_as
from app.domain.freshness import Found, Mark, Witness
from app.domain.roles import Role
from app.domain.sealing import Keeper, Keys
from app.i18n import _
from db import changes, counting, hidden, pages, rekey, search_index, upgrade, whole_file
from db.engine import connect, database_error, fold_by_itself, for_bulk, known_error, make_engine
from db.held import HeldReader
from db.lanes import Gate, Lane, busy

Listener = Callable[[frozenset[str]], None]
FILE = "data.db"
PEOPLE = frozenset({"Subject", "Datum", "Identifier", "Merge"})
"""What the words of names are read from; readers may keep them (`session.info["kept"]`) while the serial is the same."""
FOLD_AFTER = 4
"""So many transactions of an import go into the log before it is folded into the file: much is written again in the next ones."""
LONGEST_SEARCH_S = 0.05
"""So long an import waits for one search at most."""
SAVES_MISSED = 10
"""A reader to whom things may be old misses at most so many."""
MOST_LOG_PAGES = 100_000
"""A log longer than this is not kept for the sake of a reader."""
_FOLD = "PRAGMA wal_checkpoint(PASSIVE)"
NotFound = sa.exc.NoResultFound
"""What a service raises for an id that nothing has; whoever took the id from outside turns it into words."""


class Store:
    """An open vault database.

    Attributes:
        user: Who is at work; written into the audit trail.
        role: What that user may do; the services ask.
        given: What else every writing session finds in its `info`.
        witness: Who is told of each commit; without one, commits are not counted.
        keeper: Who keeps the keys for persons and documents in step; without one, nothing is sealed.
    """

    def __init__(self, path: Path, key: bytes, *, user: str, role: Role = Role.OFFICER) -> None:
        self.user, self.role = user, role
        self.given: dict[str, Any] = {}
        self.witness: Witness | None = None
        self.keeper: Keeper | None = None
        self.path = path
        self._key: bytes | None = key
        self._engine = make_engine(self._connected)
        self._writer = self._engine.execution_options(sqlite_begin="IMMEDIATE")
        self._bulk = make_engine(lambda: for_bulk(self._connected())).execution_options(sqlite_begin="IMMEDIATE")
        for engine in (self._engine, self._bulk):
            event.listen(engine, "checkout", self._handed_out)
        self._lane, self._gate = Lane(), Gate()
        self._held = HeldReader(self._engine)
        self._saves = 0
        self._unfolded = 0
        self._is_hiding = False
        self._listeners: list[Listener] = []
        self._kept: dict[str, Any] = {}
        self._serial = 0

    @classmethod
    def create(cls, folder: Path, key: bytes, *, user: str) -> "Store":
        """Make an empty database in `folder` and open it.

        Raises:
            UserError: The folder cannot be written.
        """
        path = folder / FILE
        connect(path, key, create=True).close()
        return cls.open(folder, key, user=user)

    @classmethod
    def open(
        cls,
        folder: Path,
        key: bytes,
        *,
        user: str,
        role: Role = Role.OFFICER,
        first: Callable[["Store"], None] | None = None,
    ) -> "Store":
        """Open the database in `folder`, bringing an older format up to date.

        Args:
            folder: The vault's folder.
            key: The database's raw key.
            user: Who is at work.
            role: What that user may do.
            first: Called before anything is written; when it raises, nothing is.

        Raises:
            UserError: The file is missing, damaged, or made by a newer version of the program, or the disk is full.
        """
        store = cls(folder / FILE, key, user=user, role=role)
        try:
            if first is not None:
                first(store)
            upgrade.bring_up_to_date(store._writer)
            store.look_for_hidden()
        except (sa.exc.DBAPIError, sqlcipher.DatabaseError) as error:
            store.close()
            raise known_error(error) from error
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def write(self, now: dt.datetime, *, is_trial: bool = False, is_bulk: bool = False) -> Iterator[Session]:
        """Open the one transaction that may write, commit it at the end, then announce what changed.

        Args:
            now: The time of the act, aware UTC.  The audit trail uses it.
            is_trial: Roll everything back at the end: to see what would happen.
            is_bulk: One of the many short transactions of an import: it lets every other one go first, and sees what they do not.

        Raises:
            UserError: The disk is full, read-only or damaged; nothing was kept.  Or all was kept, as it says, but what was
                erased could not be wiped out of the log, or the witness could not write it down.
        """
        changed: set[str] = set()
        mark: Mark | None = None
        engine = self._bulk if is_bulk else self._writer
        with (
            self._lane.entered(is_patient=is_bulk),
            self._gate.entered(),
            Session(engine, expire_on_commit=False) as session,
        ):
            session.info.update(self.given, user=self.user, role=self.role, now=now)
            session.info.update(changed=changed, kept={}, serial=self._serial, keys=self._keys, keeper=self.keeper)
            changes.gather(session, changed)
            if self._is_hiding:
                hidden.watch(session, is_blind=not is_bulk)
            try:
                with session.begin() as transaction:
                    if not is_bulk:
                        fold_by_itself(session.connection(), is_so=not self._is_hiding)
                    before = counting.changes(session)
                    yield session
                    self._refresh(session)
                    if is_trial:
                        changed.clear()
                        transaction.rollback()
                    else:
                        if self.keeper is not None:
                            self.keeper.before_commit(session)
                        mark = counting.counted(session, before, self.witness)
            except (sa.exc.DBAPIError, sqlcipher.DatabaseError) as error:
                raise known_error(error) from error
            trace = self._told(mark, session.info, is_bulk=is_bulk)
        self._saves += not is_bulk
        if is_bulk:
            self._fold_log()
        self._announce(frozenset(changed))
        if trace is not None:
            raise trace

    @contextmanager
    def read(self, *, may_be_old: bool = False) -> Iterator[Session]:
        """Open a session that sees one consistent state and writes nothing.

        Args:
            may_be_old: While an import is written, what else was saved since a short while ago may be missing, but for people.
        """
        with (
            self._gate.entered(),
            self._snapshot(may_be_old=may_be_old) as bind,
            Session(bind, expire_on_commit=False, autoflush=False) as session,
        ):
            session.info.update(user=self.user, role=self.role, kept=self._kept, serial=self._serial, keys=self._keys)
            if self._is_hiding:
                hidden.watch(session, is_blind=True)
            try:
                yield session
            except (
                sa.exc.DBAPIError,
                sqlcipher.DatabaseError,
            ) as error:  # the latter of those who ask the driver itself
                raise known_error(error) from error

    def _told(self, mark: Mark | None, told: Mapping[Any, Any], *, is_bulk: bool) -> UserError | None:
        """Do what comes after a commit; return what to tell the user when that fails."""
        failed = None
        if self.witness is not None and mark is not None:
            try:
                self.witness.committed(mark, told, is_bulk=is_bulk)
            except UserError as error:
                what = _("Det är sparat, men valvets märke för vad som är senast kunde inte skrivas. {why}")
                failed = told_as(error, what, stands=_("Allt som var sparat finns kvar."))
        return self._kept_in_step(told) or (self._trace_left() if told.get("leave_no_trace") else None) or failed

    def _kept_in_step(self, told: Mapping[Any, Any]) -> UserError | None:
        try:
            if self.keeper is not None:
                self.keeper.after_commit(told)
        except UserError as error:
            what = _("Det är raderat, men nycklarna till det kunde inte förstöras. {why}")
            remedy = _("Frigör plats på disken, stäng valvet och öppna det igen. Då förstörs de.")
            return told_as(error, what, stands=_("Uppgifterna är borta ur valvet."), do=remedy)
        return None

    def found(self, link_at: int | None) -> Found:
        """Return how far the database has come, and the hash of the trail's row with the number `link_at`."""
        with self._engine.connect() as connection:
            return counting.found(connection, link_at)

    def _fold_log(self) -> None:
        """Write what bulk transactions left in the log into the file, so that the next one to save need not; nobody waits for it."""
        self._unfolded += 1
        if self._unfolded < FOLD_AFTER:
            return
        self._unfolded = 0
        with suppress(sa.exc.DBAPIError), self._bulk.connect() as connection:
            driver: Any = connection.connection.driver_connection
            _is_busy, pages, _folded = driver.execute(_FOLD).fetchone()
            if pages > MOST_LOG_PAGES:
                with self._held.put_aside():  # no part of it is needed now: the next one to write begins at its start
                    driver.execute(_FOLD).fetchone()

    @contextmanager
    def _snapshot(self, *, may_be_old: bool) -> Iterator[sa.Engine | sa.Connection]:
        """Give what a session reads from: while an import is written, perhaps the snapshot of the reader before."""
        if not (may_be_old and self._is_hiding):
            yield self._engine
            return
        with self._held.lent((self._serial, self._saves // SAVES_MISSED)) as connection:
            yield connection or self._engine

    def _announce(self, changed: frozenset[str]) -> None:
        if changed & PEOPLE:
            self._serial += 1
        for listener in list(self._listeners) if changed else ():
            listener(changed)

    def _refresh(self, session: Session) -> None:
        """Let the search know what the session has written."""
        session.flush()
        opened = hidden.open_batches(session.connection()) if self._is_hiding else ()
        search_index.refresh(session.connection(), opened)

    @property
    def _keys(self) -> Keys | None:
        return None if self.keeper is None else self.keeper.keys

    @property
    def is_wanted(self) -> bool:
        """Say whether somebody waits to write."""
        return self._lane.is_wanted

    def let_searches_pass(self) -> None:
        """Wait a moment while somebody searches, unless somebody waits to write; for an import, between two statements."""
        if not self.is_wanted:
            self._held.pass_by(LONGEST_SEARCH_S)

    @property
    def is_hiding(self) -> bool:
        """Say whether an import is not settled, or one is about to begin."""
        return self._is_hiding

    def hide(self) -> None:
        """Let every session from now on look for an import that is not settled.  Call it before the import's first write."""
        self._is_hiding = True

    def look_for_hidden(self) -> bool:
        """Return whether an import is not settled; if none is, sessions need not look for one any more."""
        with self._engine.connect() as connection:
            self._is_hiding = bool(hidden.open_batches(connection))
        if not self._is_hiding:
            self._held.let_go()
        return self._is_hiding

    def on_change(self, listener: Listener) -> None:
        """Call `listener` after each commit with the names of the changed tables' classes, in the writing thread."""
        self._listeners.append(listener)

    def copy_to(self, target: Path, key: bytes, *, step: Callable[[int, int], None] | None = None) -> None:
        """Write a consistent snapshot into a new file encrypted with `key`.

        Raises:
            UserError: The target cannot be written.
            Cancelled: `step` said so.
        """
        whole_file.copy(self._engine, target, key, step)

    def check(self, *, is_thorough: bool = True) -> str:
        """Return "" when the file is sound, else the first thing found wrong (without contents)."""
        self._truncate_log()  # the cipher check reads the main file only: a healthy log gives false alarms
        return whole_file.fault(self._engine, is_thorough=is_thorough)

    def stand_in_pages(self, wanted: dict[bytes, int], *, step: Callable[[int, int], None]) -> set[int]:
        """Return which of the wanted bytes stand in the file's pages, used or free, by their number.

        Raises:
            UserError: The disk refused, or the log could not be emptied.
            Cancelled: `step` said so.
        """
        self._truncate_log()
        try:
            return set() if self._key is None else pages.found(self.path, self._key, wanted, step)
        except OSError as error:
            raise known_error(sqlcipher.OperationalError("disk I/O error")) from error

    def vacuum(self) -> None:
        """Write the whole file anew, so that nothing is left in pages that are free.

        Raises:
            UserError: The disk refused.
        """
        with self._lane.entered(is_patient=False), self._held.put_aside():
            whole_file.write_anew(self._engine)
        self._truncate_log()

    def wait_until_idle(self) -> None:
        """Wait a little until nobody reads or writes.

        Raises:
            UserError: Somebody still does.
        """
        with self._lane.entered(is_patient=False), self._gate.shut():
            pass

    def change_key(self, key: bytes) -> None:
        """Encrypt the whole file with another key.  Whoever reads is waited for; whoever comes meanwhile waits.

        Raises:
            UserError: Somebody reads for long, or the disk refused; the file has one of the two keys.
        """
        with self._lane.entered(is_patient=False), self._gate.shut():
            self._held.let_go()
            old, self._key = self._key, None  # not a connection from here on, not even one that lies ready
            try:
                if old is None or any(engine.pool.checkedout() for engine in (self._engine, self._bulk)):  # type: ignore[attr-defined]
                    raise busy()
                for engine in (self._engine, self._bulk):
                    engine.dispose()
                rekey.change(self.path, old, key)
                old = key
            finally:
                self._key = old

    def _connected(self) -> Any:
        if self._key is None:
            raise busy()
        return connect(self.path, self._key)

    def _handed_out(self, *_connection: object) -> None:
        if self._key is None:
            raise busy()

    def close(self) -> None:
        """Write the log into the file and let go of the key."""
        with suppress(
            sa.exc.DBAPIError, UserError
        ):  # a full, damaged or read-only vault must still be possible to close
            self._truncate_log()
        self._held.let_go()
        for engine in (self._bulk, self._engine):
            engine.dispose()

    def _trace_left(self) -> UserError | None:
        """Empty the log; return what to tell the user when that fails after the commit."""
        try:
            self._truncate_log()
        except UserError as error:
            what = _("Det är sparat, men spår av det som raderades kan finnas kvar i databasens arbetsfil. {why}")
            remedy = _("Frigör plats på disken och stäng valvet. Då töms arbetsfilen.")
            return told_as(error, what, stands=_("Uppgifterna är borta ur valvet."), do=remedy)
        return None

    def _truncate_log(self) -> None:
        with (
            self._held.put_aside(),
            self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            try:
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # type: ignore[union-attr]
            except sqlcipher.DatabaseError as error:
                raise database_error(error) from None


def announce(session: Session, *names: str) -> None:
    """Say that tables were changed by bulk SQL that the session cannot see."""
    session.info["changed"].update(names)


def leave_no_trace(session: Session) -> None:
    """Empty the write-ahead log after the commit, so that what was erased is nowhere in the files."""
    session.info["leave_no_trace"] = True
