"""Mails on the command line: one that is named is registered, those found in a mailbox or a folder are proposed."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.call import Call
from app.domain.errors import UserError
from app.importers import mail
from app.importers.kinds import Kind
from app.importers.mailbox import Letter, letters
from app.services import intake, request_facts, requests
from app.services.intake import Proposal
from app.services.vaults import Vault

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Made = dict[str, Any]


def named(call: Call, vault: Vault, path: Path) -> list[Made]:
    """Register the request of a mail that the user named."""
    return [_made(call, vault, Letter(path), act=_register)]


def in_mailbox(call: Call, vault: Vault, path: Path) -> list[Made]:
    """Return what each mail of a mailbox suggests, with its number there; registered only with `--register`."""
    return [_made_or_error(call, vault, one) for one in letters(path, step=call.step)]


def found(call: Call, vault: Vault, path: Path, kind: Kind) -> list[Made]:
    """Return what the mails of a file in a folder suggest; registered only with `--register`."""
    try:
        return in_mailbox(call, vault, path) if kind == "mailbox" else [_made_or_error(call, vault, Letter(path))]
    except UserError as error:
        return [_failed(error, Letter(path))]


def proposal_of(call: Call, session: "Session", raw: bytes) -> Proposal:
    """Return the request that a mail's bytes suggest."""
    return intake.from_mail(session, mail.read_mail(raw, now=call.now()), raw, today=call.today)


def _made_or_error(call: Call, vault: Vault, letter: Letter) -> Made:
    """Return what came of a mail; one that fails says why and stops no other."""
    try:
        return _made(call, vault, letter, act=_settle if call.register else _propose)
    except UserError as error:
        return _failed(error, letter)


def _made(call: Call, vault: Vault, letter: Letter, *, act: Callable[[Call, "Session", Proposal], Made]) -> Made:
    raw = letter.raw()
    draft = mail.read_mail(raw, now=call.now())
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
