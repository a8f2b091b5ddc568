"""The confined process that parses strangers' files: a request line in, JSON lines out, nothing on standard error.

It has no key, no database and no window, and it may not write files.
"""

import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from app.domain.errors import UserError
from app.i18n import set_language
from app.importers.drafts import TableOptions
from app.importers.kinds import OLE_MAGIC
from app.importers.limits import MAIL_BYTES, Limits, confine
from app.importers.refusals import UnreadableError, not_opened

_REQUEST_BYTES = 1_000_000


def main() -> int:
    """Answer the one request on standard input; return the exit code."""
    source = os.fdopen(0, "rb", closefd=False)
    target = os.fdopen(1, "wb", closefd=False)
    try:
        request = json.loads(source.readline(_REQUEST_BYTES))
        set_language(request["language"])
        for message in _answers(request, source):
            _send(target, message)
        _send(target, {"type": "end"})
    except UserError as error:
        _send(target, _refused(error, "refused"))
    except BrokenPipeError:
        os._exit(0)  # the parent is gone; flushing on the way out would fail again
    except OSError:
        refused = not_opened()
        _send(target, {"type": "refused", "what": refused.what, "do": refused.do})
    except BaseException as error:
        _send(target, {"type": "failed", "class": type(error).__name__})
        return 1
    return 0


def _answers(request: dict[str, Any], source: BinaryIO) -> Iterator[dict[str, Any]]:
    limits = Limits(cpu_seconds=int(request["cpu_seconds"]), memory_bytes=int(request["memory_bytes"]))
    if request["type"] == "mail":
        yield _mail(request, source.read(MAIL_BYTES + 1), limits)
        return
    if request["type"] == "mails":
        yield from _mails(request, source, limits)
        return
    if request["type"] == "mailbox":
        from app.importers import mailbox_parsing

        confine(limits)
        yield from mailbox_parsing.spans(request["path"])
        return
    options = TableOptions(request["sheet"], request["encoding"], request["separator"])
    if request["type"] == "preview":
        from app.importers import table_parsing

        confine(limits)
        yield table_parsing.preview(request["path"], options)
    else:
        from app.importers import table_rows

        confine(limits)
        yield from table_rows.chunks(request["path"], options, request["mapping"], date.fromisoformat(request["today"]))


def _mails(request: dict[str, Any], source: BinaryIO, limits: Limits) -> Iterator[dict[str, Any]]:
    """Return each of several mails, or why it is refused; one that breaks the reader ends the work, and the parent goes on."""
    from app.importers import mail_parsing, outlook_mail

    confine(limits)
    now = datetime.fromisoformat(request["now"]) if request["now"] else None
    for size in request["sizes"]:
        raw = source.read(int(size))
        try:
            yield (outlook_mail if raw.startswith(OLE_MAGIC) else mail_parsing).read(raw, now)
        except UserError as error:
            yield _refused(error, "refused_mail")


def _mail(request: dict[str, Any], raw: bytes, limits: Limits) -> dict[str, Any]:
    now = datetime.fromisoformat(request["now"]) if request["now"] else None
    if raw.startswith(OLE_MAGIC):
        from app.importers import outlook_mail

        confine(limits)
        return outlook_mail.read(raw, now)
    from app.importers import mail_parsing

    confine(limits)
    return mail_parsing.read(raw, now)


def _refused(error: UserError, kind: str) -> dict[str, Any]:
    return {"type": kind, "what": error.what, "do": error.do, "may_be_kept": isinstance(error, UnreadableError)}


def _send(target: BinaryIO, message: dict[str, Any]) -> None:
    target.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n")
    target.flush()


if __name__ == "__main__":
    raise SystemExit(main())
