"""The end of an erasure: old copies in the vault go, keys beside the backups are renewed, and the receipt says what was proven.

It comes after the commit, since only then can anybody look whether something is left.  When the program ends before, the erasure is
whole all the same, and the receipt is the one without the proof.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.documents import receipt as writer
from app.documents.content import Receipt
from app.domain.audit import Action
from app.i18n import _, ngettext
from app.services import audit, automatic, filing, freshness, self_scan
from app.services.guard import guarded
from app.services.self_scan import Scan
from app.services.vaults import Vault
from db.models import Attachment, RetentionRun

Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Pending:
    """An erasure that is to be proven when it is committed.

    Attributes:
        run_id: The decision.
        content: Its receipt so far.
        place: Where the receipt is filed.
        values: What was erased.  In memory only, until it was looked for.
    """

    run_id: int
    content: Receipt
    place: filing.Place
    values: tuple[str, ...] = field(repr=False)


@guarded
def complete(vault: Vault, pending: Pending, *, now: dt.datetime, step: Step) -> Attachment:
    """Prove an erasure that is committed, and file the receipt that says so.

    Args:
        vault: The open vault.
        pending: From the erasure.
        now: The time.
        step: Told how far the looking has come; raises `Cancelled` to stop, and then the first receipt stands.

    Raises:
        UserError: The disk refused; what was erased stays erased.
        Cancelled: `step` said so.

    Source: Art. 5.2 GDPR (the controller can show what was done).
    """
    vault.keeper.make_room()
    copies = freshness.forget_aside(vault.folder)
    found = self_scan.scan(vault.store, pending.values, step=step)
    if found.traces:
        vault.store.vacuum()
        found = self_scan.scan(vault.store, pending.values, step=step)
    is_renewed = automatic.renew_keys(vault)
    with vault.store.write(now) as session:
        run = session.get_one(RetentionRun, pending.run_id)
        audit.record(
            session,
            Action.ERASURE_PROVEN,
            run,
            number=run.number,
            looked_for=found.looked_for,
            traces=found.traces,
            kept=found.kept,
            copies=copies,
        )
        keys = len(list(vault.keeper.subject_keys.owners()))
        lines = (*_about_keys(run, is_renewed=is_renewed, keys=keys), *_about_scan(found), *_about_copies(copies))
        mark = pending.content.mark
        version = filing.next_version(session, "receipt", pending.place)
        content = replace(
            pending.content, mark=replace(mark, version=version, trail=audit.head(session)), proof=tuple(lines)
        )
        name = f"gallringskvitto_{run.number}_v{version}.pdf"
        raw = writer.write_receipt(content)
        media = "application/pdf"
        return filing.store(session, raw, kind="receipt", name=name, media_type=media, place=pending.place)


def _about_keys(run: RetentionRun, *, is_renewed: bool | None, keys: int) -> list[str]:
    lines = [
        _("Raderingen står på rad {number} i journalen och görs om när en säkerhetskopia återställs.").format(
            number=run.journal_no
        ),
        ngettext(
            "Nycklarna till det raderade är förstörda. {count} nyckel finns kvar, till annat.",
            "Nycklarna till det raderade är förstörda. {count} nycklar finns kvar, till annat.",
            keys,
        ).format(count=keys),
    ]
    if is_renewed:
        lines.append(
            _("Nycklarna bredvid säkerhetskopiorna är förnyade: det raderade går inte att läsa i äldre kopior.")
        )
    elif is_renewed is False:
        lines.append(
            _(
                "Mappen med säkerhetskopior gick inte att nå. Nycklarna där är inte förnyade än: det görs vid nästa säkerhetskopia."
            )
        )
    return lines


def _about_scan(found: Scan) -> list[str]:
    looked = ngettext(
        "{count} raderad uppgift söktes i databasens alla sidor, i flera stavningar.",
        "{count} raderade uppgifter söktes i databasens alla sidor, i flera stavningar.",
        found.looked_for,
    ).format(count=found.looked_for)
    if found.traces:
        looked += " " + _("Spår finns kvar av {count}.").format(count=found.traces)
    else:
        looked += " " + _("Inget spår finns kvar.")
    lines = [looked]
    if found.kept:
        lines.append(
            _("{count} av dem står i ärenden som sparas av ett annat skäl, till dess egen tid är ute.").format(
                count=found.kept
            )
        )
    if found.left_out:
        lines.append(
            _("{count} söktes inte: de är för korta, eller så har någon annan samma uppgift.").format(
                count=found.left_out
            )
        )
    return lines


def _about_copies(copies: int) -> list[str]:
    if not copies:
        return []
    text = ngettext(
        "{count} undanlagd kopia av databasen i valvets mapp aside är borttagen.",
        "{count} undanlagda kopior av databasen i valvets mapp aside är borttagna.",
        copies,
    )
    return [text.format(count=copies)]
