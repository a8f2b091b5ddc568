"""Keeps keys and journal in step with the database: what was erased stays erased, whatever happens and whichever copy is opened.

Before an erasure is committed its line is in the journal; after the commit the keys of what went are destroyed, and the line is
settled.  After a crash in between the next opening does the rest.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.errors import ExitCode, UserError
from app.domain.sealing import Keys
from app.i18n import _
from app.security import ballast, box_keys, subject_keys
from app.security.journal import Entry, Erasing, Journal
from app.security.subject_keys import SubjectKeys
from app.security.vault_file import VaultKeys
from db.models import AuditEntry, ErasedKey, RetentionRun
from db.store import Store

FACTS, NUMBERS, NOW = "erasing", "journal", "now"


@dataclass
class Facts:
    """What a session erases, as the journal is to have it."""

    run: str = ""
    ground: str = ""
    whole: set[str] = field(default_factory=set)
    values: dict[str, set[int]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def frozen(self) -> Erasing:
        """Return it as one line of the journal."""
        values = {uid: tuple(sorted(numbers)) for uid, numbers in self.values.items()}
        return Erasing(self.run, self.ground, tuple(sorted(self.whole)), values, tuple(sorted(self.files)))


def facts(session: Session) -> Facts:
    """Return what the session erases, to be added to."""
    found: Facts = session.info.setdefault(FACTS, Facts())
    return found


def note_keys(session: Session, uids: Iterable[str]) -> None:
    """Note whose keys are to be destroyed when the session is committed."""
    driver: Any = session.connection().connection.driver_connection
    driver.executemany("INSERT OR IGNORE INTO erased_key (uid) VALUES (?)", [(uid,) for uid in uids])


class StepKeeper:
    """The keeper of an open vault."""

    def __init__(self, store: Store, folder: Path, keys: SubjectKeys, journal_file: Journal) -> None:
        self._store, self._folder, self._keys, self.journal = store, folder, keys, journal_file

    @property
    def keys(self) -> Keys:
        """Return the vault's keys for persons and documents."""
        return self._keys

    @property
    def subject_keys(self) -> SubjectKeys:
        """Return the file of those keys."""
        return self._keys

    def make_room(self) -> None:
        """Let go of the room that is kept for an erasure, when the disk is full."""
        ballast.make_room(self._folder)

    def before_commit(self, session: Session) -> None:
        """Put new keys on disk, and write down what the session erases.

        Raises:
            UserError: The disk refused.
        """
        session.flush()
        self._keys.flush()
        erased: Facts | None = session.info.get(FACTS)
        if erased is None:
            return
        number = self.journal.intend(erased.frozen(), session.info[NOW])
        session.info[NUMBERS] = number
        destroyed = [uid for uid in session.scalars(sa.select(ErasedKey.uid)) if self._keys.key(uid) is None]
        if destroyed:
            driver: Any = session.connection().connection.driver_connection
            driver.executemany("DELETE FROM erased_key WHERE uid = ?", [(uid,) for uid in destroyed])
        session.execute(sa.update(RetentionRun).where(RetentionRun.number == erased.run).values(journal_no=number))

    def after_commit(self, told: Mapping[Any, Any]) -> None:
        """Destroy the keys of what went, and settle the line.

        Raises:
            UserError: The disk refused; the next opening does it.
        """
        if not (FACTS in told or told.get("leave_no_trace")):
            return
        self.destroy()
        if NUMBERS in told:
            self.journal.settle(told[NUMBERS], told[NOW], is_done=True)

    def destroy(self) -> int:
        """Destroy the keys of what is not in the database any more; return how many there were.

        Raises:
            UserError: The disk refused.
        """
        with self._store.read() as session:
            gone = session.scalars(sa.select(ErasedKey.uid)).all()
        return self._keys.destroy(gone)

    def settle(self, now: dt.datetime) -> int:
        """Finish what a crash left between a commit and its end; return how many erasures that were.

        Raises:
            UserError: The disk refused.
        """
        self.destroy()
        unfinished = self.journal.unfinished()
        for entry in unfinished:
            self.journal.settle(entry.number, now, is_done=self._came_to_be(entry))
        return len(unfinished)

    def _came_to_be(self, entry: Entry) -> bool:
        query = sa.select(RetentionRun.id).where(
            RetentionRun.number == entry.what.run, RetentionRun.journal_no == entry.number
        )
        with self._store.read() as session:
            return session.scalar(query) is not None


def keep(store: Store, folder: Path, keys: VaultKeys, *, is_new: bool = False) -> StepKeeper:
    """Return the keeper of a vault that is being opened; a vault of an older format gets its files.  Call it under the vault's lock.

    Args:
        store: The database.
        folder: The vault's folder.
        keys: The vault's keys.
        is_new: Begin both files anew, whatever the database needs: a restore without them.

    Raises:
        UserError: The file of keys or the journal is missing, damaged or older than the database, or the disk refused.
    """
    key = box_keys.drawn(folder, keys, subject_keys.BOX_NAME)
    if (folder / subject_keys.NAME).exists() or (_needs_keys(store) and not is_new):
        found = SubjectKeys.load(folder, keys.vault_id, key)
    else:
        found = SubjectKeys.create(folder, keys.vault_id, key)
    lines = Journal(folder, keys.vault_id, key)
    with store.read() as session:
        if (session.scalar(sa.select(sa.func.max(RetentionRun.journal_no))) or 0) > lines.count:
            raise _too_short()
    lines.begin()
    keeper = StepKeeper(store, folder, found, lines)
    store.keeper = keeper
    return keeper


def _too_short() -> UserError:
    return UserError(
        _("Filen journal saknas eller är äldre än registret. I den står vilka raderingar som är gjorda."),
        stands=_("Registret är orört, och inget har skrivits över."),
        do=_("Lägg tillbaka filen journal från den senaste säkerhetskopian i valvets mapp, och öppna igen."),
        code=ExitCode.TAMPERED,
    )


def _needs_keys(store: Store) -> bool:
    with store.read() as session:
        if session.execute(sa.text("SELECT 1 FROM attachment WHERE is_sealed LIMIT 1")).first() is not None:
            return True
        sealed = sa.select(AuditEntry.seq).where(sa.func.substr(AuditEntry.payload, 1, 1) == b"\x01").limit(1)
        return session.scalar(sealed) is not None
