"""What is to be read among chosen files and folders, sorted by kind.  Only names are looked at; links are not followed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.errors import Cancelled, UserError
from app.i18n import _
from app.importers.kinds import kind_of
from app.importers.limits import FOLDER_DEPTH, FOLDER_FILES
from app.importers.mailbox import Letter, letters
from app.importers.refusals import not_opened, refusal

_VAULT = ".ombud"  # a vault's own files are nobody's register


@dataclass
class Found:
    """The files that can be read, in the order of their names.

    Attributes:
        others: How many files there were that the program reads none of.
        refused: Why mailboxes could not be read, once `letters` has tried.
    """

    mails: list[Path] = field(default_factory=list)
    mailboxes: list[Path] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)
    others: int = 0
    refused: list[UserError] = field(default_factory=list)

    def letters(self, *, stop: Callable[[], bool] | None = None) -> Iterator[Letter]:
        """Return every mail, those in mailboxes too; none of them is read yet.  A bad mailbox stops no other."""
        yield from map(Letter, self.mails)
        for path in self.mailboxes:
            try:
                yield from letters(path, stop=stop)
            except UserError as error:
                self.refused.append(error)


def look(paths: Sequence[Path], *, stop: Callable[[], bool] | None = None) -> Found:
    """Return what can be read among files and in folders.

    Raises:
        UserError: A folder cannot be opened, or there are too many files.
        Cancelled: `stop` said so.
    """
    found = Found()
    groups = {"mail": found.mails, "mailbox": found.mailboxes, "table": found.tables}
    for count, path in enumerate(_files(paths), start=1):
        if stop is not None and stop():
            raise Cancelled
        if count > FOLDER_FILES:
            raise refusal(
                _("Mappen har fler än {most} filer.").format(most=FOLDER_FILES),
                _("Välj en mindre mapp, eller dela den i flera."),
            )
        try:
            groups[kind_of(path)].append(path)
        except UserError:
            found.others += 1
    return found


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    waiting = [(path, 0) for path in reversed(paths)]
    while waiting:
        path, depth = waiting.pop()
        if not path.is_dir() or (depth and path.is_symlink()):
            yield path
        elif depth < FOLDER_DEPTH:
            waiting.extend((inner, depth + 1) for inner in reversed(_inside(path)))


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.suffix != _VAULT)
    except OSError:
        raise not_opened() from None
