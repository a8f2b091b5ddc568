"""Is the database the newest one?  The file `head` is written after every commit; at the opening the two are compared.

When something is missing, nothing is written over: copies are kept aside and the user decides.
"""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.freshness import Finding, Found, Mark, judge
from app.i18n import _, ngettext
from app.security import files, head
from app.security.head import HeadFile, State
from app.security.vault_file import VaultKeys
from app.services import audit, checkpoints
from db.store import FILE, Store

ASIDE = "aside"


class StaleVaultError(UserError):
    """The database is not the newest one, or nobody can say.  The user may go on with it all the same."""


@dataclass(frozen=True)
class Verdict:
    """What the comparison gave at an opening.

    Attributes:
        finding: What it is.
        found: What the database says.
        head: What the file said; None when there is none, or none that can be trusted.
    """

    finding: Finding
    found: Found
    head: Mark | None = None

    @property
    def is_good(self) -> bool:
        """Whether the database may be opened without asking."""
        return self.finding in (Finding.FRESH, Finding.NEW)

    @property
    def missing(self) -> int:
        """Return how many commits the database lacks."""
        return max(0, self.head.count - self.found.mark.count) if self.head is not None else 0


class Freshness:
    """The witness of an open vault: writes `head` and the file of checkpoints after each commit."""

    def __init__(self, folder: Path, keys: VaultKeys, mark: Mark) -> None:
        self._folder, self._last = folder, mark
        self._head = HeadFile(folder, keys)
        self._head.write(mark)  # from here on the pages change, and what the file says of them no longer holds

    @property
    def synced(self) -> int:
        """Return the count of the last commit that is known to stand in the file."""
        return self._head.synced

    def committed(self, mark: Mark, told: Mapping[Any, Any], *, is_bulk: bool) -> None:
        """Write how far the database has come.  An import's many transactions do not wait for the disk: behind is allowed.

        Raises:
            UserError: The disk refused.
        """
        self._last = mark
        self._head.write(mark, is_lasting=not is_bulk)
        if notes := told.get(checkpoints.NOTES):
            checkpoints.append(self._folder, notes)

    def seal(self) -> None:
        """Write down what the closed database's pages are, if everything is in the one file."""
        with suppress(UserError):  # without it an old page put back is not seen at the opening, nothing else
            if not _has_log(self._folder):
                self._head.write(self._last, pages=head.digest_of_pages(self._folder / FILE))
        self._head.close()

    def close(self) -> None:
        """Let go of the file as it is."""
        self._head.close()


def forget_aside(folder: Path) -> int:
    """Remove the copies that were kept aside: they hold whole old databases; return how many there were.

    Raises:
        UserError: The disk refused.
    """
    aside = folder / ASIDE
    try:
        found = sorted(aside.iterdir()) if aside.exists() else []
        for one in found:
            shutil.rmtree(one)
    except OSError as error:
        raise files.disk_error(error) from error
    return len(found)


def open_checked(store: Store, folder: Path, keys: VaultKeys, *, accept: bool) -> tuple[Freshness, Verdict]:
    """Compare the database with the file `head` before anything is written; from then on the file follows it.

    Args:
        store: The database, as it is.
        folder: The vault's folder.
        keys: The vault's keys.
        accept: Go on with what is there, whatever is found.

    Raises:
        StaleVaultError: It is not the newest one, or nobody can say, and that was not accepted.  Copies are kept aside.
        UserError: The disk refused.
    """
    verdict = inspect(store, folder, keys)
    if not verdict.is_good:
        _keep_aside(folder, verdict)
        if not accept:
            raise _refusal(verdict)
        with store.read() as session:
            checkpoints.begin_file(folder, checkpoints.stored(session))
    if verdict.finding is not Finding.FRESH:
        head.create(folder, keys, State(verdict.found.mark))
    return Freshness(folder, keys, verdict.found.mark), verdict


def inspect(store: Store, folder: Path, keys: VaultKeys) -> Verdict:
    """Compare the database with the file `head`; nothing is changed.

    Raises:
        UserError: The disk refused.
    """
    has_file = (folder / head.NAME).exists()
    state = head.read(folder, keys) if has_file else None
    mark = state.mark if state is not None else None
    found = store.found(mark.seq if mark is not None else None)
    finding = judge(mark, found, has_file=has_file)
    if finding is Finding.FRESH and state is not None and _has_other_pages(folder, state, found):
        finding = Finding.PAGES
    return Verdict(finding, found, mark)


def begin(store: Store, folder: Path, keys: VaultKeys) -> None:
    """Let a vault that is made out of a backup have its own `head` and `checkpoints`, at what its database is.

    Raises:
        UserError: The disk refused.
    """
    with store.read() as session:
        checkpoints.begin_file(folder, checkpoints.stored(session))
    head.create(folder, keys, State(store.found(None).mark))


def record(session: Session, verdict: Verdict) -> None:
    """Write into the trail that somebody went on with a database that is not the newest."""
    details: dict[str, Any] = {"finding": verdict.finding.value, "missing": verdict.missing}
    if verdict.head is not None:
        details |= {"head_seq": verdict.head.seq, "head_link": verdict.head.link.hex()}
    audit.record(session, Action.OLDER_ACCEPTED, **details)


def _has_other_pages(folder: Path, state: State, found: Found) -> bool:
    if state.pages == head.OPEN or state.mark.count != found.mark.count:
        return False
    return _has_log(folder) or head.digest_of_pages(folder / FILE) != state.pages


def _has_log(folder: Path) -> bool:
    log = folder / (FILE + "-wal")
    return log.exists() and log.stat().st_size > 0


def _keep_aside(folder: Path, verdict: Verdict) -> None:
    """Copy what is there, so that nothing is lost whatever is chosen; once for each thing found."""
    count = verdict.head.count if verdict.head is not None else 0
    place = folder / ASIDE / f"{verdict.finding}-{count}-{verdict.found.mark.count}"
    unfinished = place.with_name(place.name + ".unfinished")
    if place.exists():
        return
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        for name in (FILE, FILE + "-wal", head.NAME, checkpoints.FILE):
            if (folder / name).exists():
                shutil.copyfile(folder / name, unfinished / name)
        unfinished.rename(place)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise files.disk_error(error) from error


def _refusal(verdict: Verdict) -> StaleVaultError:
    return StaleVaultError(
        _what(verdict),
        stands=_(
            "Ingenting är borttaget. Kopior av databasen och av filen head ligger i valvets mapp, under {name}."
        ).format(name=ASIDE),
        do=_(
            "Leta efter en nyare kopia av valvets mapp, eller återställ den senaste säkerhetskopian. Du kan också öppna "
            "valvet som det är."
        ),
        code=ExitCode.TAMPERED,
    )


def _what(verdict: Verdict) -> str:
    if verdict.finding is Finding.BEHIND:
        return ngettext(
            "{n} registrerad ändring saknas: databasen är en gammal kopia, eller dess arbetsfil är skadad.",
            "{n} registrerade ändringar saknas: databasen är en gammal kopia, eller dess arbetsfil är skadad.",
            verdict.missing,
        ).format(n=verdict.missing)
    return {
        Finding.OTHER: _("Databasen är en annan än den som valvet stängdes med."),
        Finding.NO_HEAD: _("Filen head saknas, så det går inte att se om databasen är den senaste."),
        Finding.BAD_HEAD: _("Filen head är skadad, så det går inte att se om databasen är den senaste."),
        Finding.OLD_HEAD: _("Filen head är äldre än databasen: någon har lagt tillbaka en gammal kopia av den."),
        Finding.PAGES: _("Databasen är ändrad sedan valvet stängdes: delar av den kan vara gamla kopior."),
    }[verdict.finding]
