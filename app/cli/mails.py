"""Mails on the command line: one that is named is registered, those found in a mailbox or a folder are proposed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.call import Call
from app.domain.errors import UserError
from app.importers import mail
from app.importers.drafts import MailDraft
from app.importers.kinds import Kind
from app.importers.mailbox import Letter, letters
from app.services import intake, request_facts, requests
from app.services.intake import Proposal
from app.services.vaults import Vault

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Made = dict[str, Any]
Act = Callable[[Call, "Session", Proposal], Made]
AT_A_TIME, MOST_BYTES = 50, 20_000_000


def named(call: Call, vault: Vault, path: Path) -> list[Made]:
    """Register the request of a mail that the user named."""
    letter = Letter(path)
    raw = letter.raw()
    return [_made(call, vault, letter, raw, mail.read_mail(raw, now=call.now()), act=_register)]


def in_mailbox(call: Call, vault: Vault, path: Path) -> list[Made]:
    """Return what each mail of a mailbox suggests, with its number there; registered only with `--register`."""
    return [made for part in _parts(letters(path, step=call.step)) for made in _all_made(call, vault, part)]


def found(call: Call, vault: Vault, path: Path, kind: Kind) -> list[Made]:
    """Return what the mails of a file in a folder suggest; registered only with `--register`."""
    try:
        return in_mailbox(call, vault, path) if kind == "mailbox" else list(_all_made(call, vault, [Letter(path)]))
    except UserError as error:
        return [_failed(error, Letter(path))]


def proposal_of(call: Call, session: "Session", raw: bytes) -> Proposal:
    """Return the request that a mail's bytes suggest."""
    return intake.from_mail(session, mail.read_mail(raw, now=call.now()), raw, today=call.today)


def _parts(found: Iterator[Letter]) -> Iterator[list[Letter]]:
    """Return the mails in lots that one process reads."""
    part: list[Letter] = []
    for letter in found:
        part.append(letter)
        if len(part) >= AT_A_TIME or sum(one.size or 0 for one in part) >= MOST_BYTES:
            yield part
            part = []
    if part:
        yield part


def _all_made(call: Call, vault: Vault, part: list[Letter]) -> Iterator[Made]:
    """Return what came of each mail; one that fails says why and stops no other."""
    raws = [letter.raw() for letter in part]
    for letter, raw, draft in zip(part, raws, mail.read_mails(raws, now=call.now()), strict=True):
        if isinstance(draft, UserError):
            yield _failed(draft, letter)
        else:
            yield _made_or_error(call, vault, letter, raw, draft)


def _made_or_error(call: Call, vault: Vault, letter: Letter, raw: bytes, draft: MailDraft) -> Made:
    try:
        return _made(call, vault, letter, raw, draft, act=_settle if call.register else _propose)
    except UserError as error:
        return _failed(error, letter)


def _made(call: Call, vault: Vault, letter: Letter, raw: bytes, draft: MailDraft, *, act: Act) -> Made:
    with vault.store.write(call.now(), is_trial=call.dry_run) as session:
        proposal = intake.from_mail(session, draft, raw, today=call.today)
        facts = {
            "sender": proposal.intake.requester_email,
            "subject": draft.subject,
            "rights": proposal.intake.rights,
            "received": proposal.intake.received_on,
            "belongs_to": proposal.thread.number if proposal.thread else None,
            "filed_in": proposal.filed_in or None,
        }
        return _placed(letter, act(call, session, proposal) | facts)


def _failed(error: UserError, letter: Letter) -> Made:
    return _placed(letter, {"request_id": None, "number": None, "error": {"what": error.what, "do": error.do}})


def _placed(letter: Letter, made: Made) -> Made:
    return made | {"message": letter.number}


def _propose(_call: Call, _session: "Session", proposal: Proposal) -> Made:
    return {
        "request_id": None,
        "number": None,
        "due": request_facts.deadline(proposal.intake.received_on).due_on,
    }


def _register(call: Call, session: "Session", proposal: Proposal) -> Made:
    made = requests.register(session, proposal.intake, today=call.today)
    return {"request_id": made.id, "number": made.number, "due": made.due_on}


def _settle(call: Call, session: "Session", proposal: Proposal) -> Made:
    """Register a mail among many; one of the same sender in a request's thread is filed there, one that is filed is left."""
    if proposal.filed_in:
        return _propose(call, session, proposal)
    if proposal.thread is not None and proposal.thread.is_same_sender:
        further = intake.as_further_mail(proposal.intake)
        made = requests.add_mail(session, proposal.thread.request_id, further, today=call.today)
        return {"request_id": made.id, "number": made.number, "due": made.due_on}
    return _register(call, session, proposal)
