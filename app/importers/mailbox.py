"""A mailbox (.mbox) and the mails in it, read one at a time: the file may be larger than the memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.importers.limits import MAIL_BYTES, mailbox_limits
from app.importers.refusals import not_opened
from app.importers.worker import Worker, stopping


@dataclass(frozen=True)
class Letter:
    """Where a mail lies: in a file of its own, or from `start` in a mailbox.  `number` counts in the mailbox, from 1."""

    path: Path
    start: int = 0
    size: int | None = None
    number: int | None = None

    def raw(self) -> bytes:
        """Return the mail's bytes, at most one more than a mail may have.

        Raises:
            UserError: The file cannot be opened.
        """
        most = MAIL_BYTES + 1 if self.size is None else min(self.size, MAIL_BYTES + 1)
        try:
            with self.path.open("rb") as stream:
                stream.seek(self.start)
                return stream.read(most)
        except (OSError, ValueError):
            raise not_opened() from None


def letters(
    path: Path, *, stop: Callable[[], bool] | None = None, step: Callable[[int, int], None] | None = None
) -> Iterator[Letter]:
    """Return the mails of a mailbox in its order; none of them is read yet.

    Args:
        path: The mailbox.
        stop: Asked several times a second; True ends the reading.
        step: Called with how many of how many bytes are done.

    Raises:
        UserError: This is no mailbox, or it has too many mails.
        Cancelled: `stop` said so.
    """
    try:
        size = path.stat().st_size
    except (OSError, ValueError):
        raise not_opened() from None
    number = 0
    with Worker({"type": "mailbox", "path": str(path.resolve())}, limits=mailbox_limits(size)) as worker:
        for message in worker.messages(stopping(stop)):
            for start, length in message["spans"]:
                number += 1
                yield Letter(path, int(start), int(length), number)
            if step is not None:
                step(int(message["done"]), int(message["total"]))
