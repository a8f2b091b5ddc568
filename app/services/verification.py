"""Prove a vault's trail whole, hold it against what was kept outside, and hand it out to be verified without the program."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import trail
from app.domain.checkpoints import Checkpoint, parse_all, parse_short
from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.security import files
from app.services import audit, checkpoints
from app.services.audit import Evidence, Proof
from app.services.vaults import Vault
from db.models import AuditEntry

FIRST_LINE = "ombudet-trail 1"
_LOOKS_SHORT = re.compile(r"#?\d+[ :].*")


def evidence(vault: Vault, kept_outside: Sequence[str] = ()) -> Evidence:
    """Return what the vault's trail is to be held against.

    Args:
        vault: The open vault.
        kept_outside: Files of checkpoints, or short forms off a paper such as `#412 9f3c-12ab-77e0`.

    Raises:
        UserError: One of them is no checkpoint, or another vault's.
    """
    notes: list[Checkpoint] = []
    shorts: list[tuple[int, str]] = []
    for text in kept_outside:
        short = parse_short(text)
        if short is not None:
            shorts.append(short)
        else:
            notes += _from_file(vault, text)
    in_file = checkpoints.in_file(vault.folder)
    own = tuple(in_file or ())
    return Evidence(vault.signer, own, tuple(notes), tuple(shorts), is_file_damaged=in_file is None)


def verify(vault: Vault, kept_outside: Sequence[str] = (), *, step: Callable[[int, int], None] | None = None) -> Proof:
    """Return whether the vault's trail is whole, as its own checkpoints and those kept outside say.

    Raises:
        UserError: What was kept outside is no checkpoint, or another vault's.
    """
    held = evidence(vault, kept_outside)
    with vault.store.read() as session:
        return audit.verify(session, held, step=step)


def export(session: Session, vault: Vault, path: Path) -> None:
    """Write the trail and its checkpoints into a file for the stand-alone verifier: codes and counts, no value about a person.

    Raises:
        UserError: The file cannot be written.
    """
    total = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    lines = [FIRST_LINE.encode(), vault.signer.origin.encode(), vault.signer.verifier_key.encode(), b"%d" % total, b""]
    lines += [_line(row) for row in checkpoints.rows(session)]
    notes = "".join(text + "\n" for text in checkpoints.stored(session)).encode()
    files.write_atomic(path, b"\n".join([*lines, b"", notes]))


def _line(row: tuple[object, ...]) -> bytes:
    try:
        record = trail.record_bytes(row)
    except (ValueError, TypeError, AttributeError):
        record = b""  # a row that nobody wrote so: it fits no link
    link = row[10]
    return (link if isinstance(link, bytes) else b"").hex().ljust(64, "0")[:64].encode() + b" " + record


def _from_file(vault: Vault, text: str) -> list[Checkpoint]:
    if _LOOKS_SHORT.fullmatch(text.strip()):
        raise _unreadable()
    raw = files.read_limited(Path(text), checkpoints.LIMIT)
    try:
        found = parse_all(raw.decode())
    except ValueError:
        raise _unreadable() from None
    if not found:
        raise _unreadable()
    if any(note.origin != vault.signer.origin for note in found):
        raise UserError(
            _("Kontrollpunkten hör till ett annat valv."),
            stands=_("Inget har ändrats."),
            do=_("Välj en kontrollpunkt från det här valvet."),
            code=ExitCode.UNREADABLE_INPUT,
        )
    return found


def _unreadable() -> UserError:
    return UserError(
        _("Det är ingen kontrollpunkt."),
        stands=_("Inget har ändrats."),
        do=_(
            "Ange filen med kontrollpunkten, eller skriv av den korta formen från ett dokuments sidfot: #412 9f3c-12ab-77e0."
        ),
        code=ExitCode.UNREADABLE_INPUT,
    )
