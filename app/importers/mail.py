"""A saved mail becomes a draft.  The parsing itself happens in a child process; this is the door to it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.errors import UserError
from app.i18n import _
from app.importers.drafts import MailAttachment, MailDraft
from app.importers.limits import MAIL_BYTES, MAIL_LIMITS, Limits
from app.importers.mailbox import Letter
from app.importers.refusals import UnreadableError, refusal, too_much
from app.importers.worker import Worker, refused, stopping


def raw_of(path: Path) -> bytes:
    """Return a mail file's bytes, at most one more than a mail may have.

    Raises:
        UserError: The file cannot be opened.
    """
    return Letter(path).raw()


def unread(error: UserError) -> MailDraft:
    """Return the draft of a mail that cannot be read: it says so, and its original is kept as any other."""
    kept = _("Brevet kunde inte läsas. Originalet är kvar och sparas med ärendet som det kom.")
    return MailDraft("", "", "", "", "", None, "", warnings=(kept, error.what))


def read_mail(
    raw: bytes,
    *,
    now: datetime | None = None,
    stop: Callable[[], bool] | None = None,
    limits: Limits = MAIL_LIMITS,
) -> MailDraft:
    """Return the draft of a mail; a damaged mail still gives a draft, with warnings.

    Args:
        raw: The mail as it was saved (RFC 5322, or the form of Outlook).
        now: A date later than this is not believed.  Without it, no date is doubted.
        stop: Asked several times a second; True ends the reading.
        limits: What the child process may use.

    Raises:
        UnreadableError: It may be a mail, but its reader broke or gave up; `unread` makes a draft of that.
        UserError: This is not a mail, or it is over a limit.
        Cancelled: `stop` said so.
    """
    if (wrong := _wrong(raw)) is not None:
        raise wrong
    request = {"type": "mail", "now": now.isoformat() if now else None}
    with Worker(request, raw, limits=limits) as worker:
        for message in worker.messages(stopping(stop)):
            return _draft(message)
    raise too_much()


def read_mails(
    raws: Sequence[bytes], *, now: datetime | None = None, stop: Callable[[], bool] | None = None
) -> Iterator[MailDraft | UserError]:
    """Return the draft of each mail, or why it was refused, in one child process as long as none breaks it.

    Raises:
        Cancelled: `stop` said so.
    """
    waiting = list(raws)
    while waiting:
        sent = [raw for raw in waiting if _wrong(raw) is None]
        done = 0
        for found in _answers(sent, now, stop):
            while (wrong := _wrong(waiting[done])) is not None:
                yield wrong
                done += 1
            yield found
            done += 1
        waiting = waiting[done:]
        if waiting and done == 0:
            yield _alone(waiting.pop(0), now, stop)


def _answers(
    raws: Sequence[bytes], now: datetime | None, stop: Callable[[], bool] | None
) -> Iterator[MailDraft | UserError]:
    """Return what the child says of the mails; it ends early when one of them breaks it."""
    if not raws:
        return
    request = {"type": "mails", "now": now.isoformat() if now else None, "sizes": [len(raw) for raw in raws]}
    limits = Limits(cpu_seconds=MAIL_LIMITS.cpu_seconds + len(raws), memory_bytes=MAIL_LIMITS.memory_bytes)
    with Worker(request, b"".join(raws), limits=limits) as worker, suppress(UnreadableError):
        for message in worker.messages(stopping(stop)):
            yield _draft(message) if message["type"] == "mail" else refused(message)


def _alone(raw: bytes, now: datetime | None, stop: Callable[[], bool] | None) -> MailDraft | UserError:
    try:
        return read_mail(raw, now=now, stop=stop)
    except UserError as error:
        return error


def _wrong(raw: bytes) -> UserError | None:
    """Return what is wrong with bytes that need not be looked into."""
    if not raw.strip():
        return refusal(_("Filen är tom."), _("Spara brevet på nytt från e-postprogrammet."))
    if len(raw) > MAIL_BYTES:
        return refusal(
            _("Brevet är större än {limit} MB.").format(limit=MAIL_BYTES // (1024 * 1024)),
            _("Spara brevet utan bilagor och lägg till bilagorna i ärendet var för sig."),
        )
    return None


def _draft(message: dict[str, Any]) -> MailDraft:
    received = message["received_at"]
    return MailDraft(
        message_id=str(message["message_id"]),
        sender_name=str(message["sender_name"]),
        sender_address=str(message["sender_address"]),
        to=str(message["to"]),
        subject=str(message["subject"]),
        received_at=datetime.fromisoformat(received).astimezone(UTC) if received else None,
        text=str(message["text"]),
        attachments=tuple(
            MailAttachment(str(name), str(kind), int(size)) for name, kind, size in message["attachments"]
        ),
        warnings=tuple(str(warning) for warning in message["warnings"]),
        references=tuple(str(reference) for reference in message["references"]),
    )
