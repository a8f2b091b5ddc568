"""Where the mails of a mailbox (.mbox) begin and end.  Runs in the child; reads in a stream and parses no mail."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from app.i18n import _
from app.importers.limits import MAILBOX_MAILS
from app.importers.refusals import refusal

_MARK = b"From "
_HEADER = re.compile(rb"(?:[!-9;-~]{1,200}:|>?From )")
_PIECE = 64 * 1024
_AT_A_TIME = 500


def spans(path: str) -> Iterator[dict[str, Any]]:
    """Return place and length in bytes of each mail, some hundred at a time, as messages to the parent.

    A mail begins after a line `From …` that stands first or after an empty line, and that a header follows.

    Raises:
        UserError: This is no mailbox, or it has too many mails.
    """
    size = Path(path).stat().st_size
    found: list[tuple[int, int]] = []
    count = 0
    with Path(path).open("rb") as stream:
        for span in _spans(stream):
            count += 1
            if count > MAILBOX_MAILS:
                raise refusal(
                    _("Brevlådan har fler än {most} brev.").format(most=MAILBOX_MAILS),
                    _("Flytta de brev som gäller till en mindre brevlåda och exportera den."),
                )
            found.append(span)
            if len(found) >= _AT_A_TIME:
                yield _message(found, size)
                found = []
    if not count:
        raise refusal(_("Filen är ingen brevlåda."), _("Exportera brevlådan på nytt som .mbox, eller breven som .eml."))
    yield _message(found, size)


def _message(found: list[tuple[int, int]], size: int) -> dict[str, Any]:
    return {"type": "spans", "spans": found, "done": sum(found[-1]) if found else size, "total": size}


def _spans(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    begun: int | None = None
    marked: tuple[int, int] | None = None
    is_after_gap = True
    for at, line in _lines(stream):
        if marked is not None and _HEADER.match(line):
            if begun is not None:
                yield begun, marked[0] - begun
            begun = marked[1]
        marked = (at, at + len(line)) if is_after_gap and line.startswith(_MARK) else None
        is_after_gap = not line.strip(b"\r\n")
    if begun is not None:
        yield begun, stream.tell() - begun


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Return each line's place and its bytes; of a line without end only pieces are held."""
    at, is_begun = 0, False
    while line := stream.readline(_PIECE):
        if not is_begun:
            yield at, line
        at += len(line)
        is_begun = not line.endswith(b"\n")
