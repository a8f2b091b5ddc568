"""The secrets that open a vault, changed by somebody who has it open."""

import datetime as dt

from app.domain.audit import Action
from app.domain.errors import UserError, told_as
from app.i18n import _
from app.security import vault_file
from app.security.kdf import DEFAULT, KdfCost
from app.security.passphrase import ENOUGH, strength
from app.services import audit
from app.services.vaults import Vault


def problem(passphrase: str) -> str:
    """Return why a passphrase is not fit for a vault, in a sentence; empty when it is."""
    if not passphrase:
        return _("Skriv en lösenfras, gärna fem ord.")
    found = strength(passphrase)
    return "" if found.level >= ENOUGH else found.words


def change_passphrase(
    vault: Vault, new: str, *, current: str | None = None, now: dt.datetime, cost: KdfCost = DEFAULT
) -> None:
    """Give the open vault a new passphrase.

    Args:
        vault: The open vault.
        new: The passphrase from now on.
        current: The one until now; None for somebody who opened with the recovery key.
        now: The time of the change.
        cost: What a guess is to cost.

    Raises:
        UserError: The current one is wrong, the new one is too weak, or the disk refused; the old one still holds.
    """
    if current is not None:
        vault_file.unlock(vault.folder, passphrase=current)
    if weakness := problem(new):
        raise UserError(
            weakness,
            stands=_("Den gamla lösenfrasen gäller fortfarande."),
            do=_("Välj en längre lösenfras, gärna fem ord."),
        )

    def record() -> None:
        with vault.store.write(now) as session:
            audit.record(session, Action.PASSPHRASE_CHANGED)

    try:
        vault_file.change_passphrase(vault.folder, vault.keys, new, now=now, cost=cost, record=record)
    except UserError as error:
        what = _("Lösenfrasen är inte bytt. {why}")
        raise told_as(error, what, stands=_("Den gamla lösenfrasen gäller fortfarande.")) from error
