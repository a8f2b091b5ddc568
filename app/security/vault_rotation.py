"""A new key for the database, in two phases, so that a crash at any point leaves a vault that opens.

The first writes `vault.json` with a new vault key, addressed to every slot, and with both database keys in the box.  Then the
database is encrypted anew, and the second leaves only its new key in the box.  Whoever has an old `vault.json` and a secret that
has been taken away, has a vault key that opens neither file.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.security import files, kdf, refusals, slots, vault_file, vault_header
from app.security.vault_file import DATABASE, HEAD, NEXT_DATABASE, VaultKeys
from app.security.vault_header import Header, Slot


def begin(
    folder: Path,
    keys: VaultKeys,
    opens: Callable[[Header], VaultKeys],
    *,
    record: Callable[[], None] | None = None,
) -> VaultKeys:
    """Write the first phase; return the vault's new keys, with the key that the database is to have.

    Args:
        folder: The vault.
        keys: Its keys until now.
        opens: Opens a key file with the secret of whoever does this.
        record: As for `vault_file.rewrite`.

    Raises:
        UserError: A slot cannot be carried over, `opens` says so, or the disk refused; nothing changed.
    """
    header = vault_file.read_header(folder)
    if vault_file.opened(header, keys.vault_key) != keys:
        raise refusals.damaged()
    opens(header)
    following = secrets.token_bytes(kdf.KEY_BYTES)
    new = replace(keys, vault_key=secrets.token_bytes(kdf.KEY_BYTES), next_database=following)
    kept = vault_file.box_contents(header, keys.vault_key)
    named = {**kept, HEAD: keys.head.hex(), NEXT_DATABASE: following.hex()}
    rotated = Header(
        vault_file.make_head(header.head, keys.vault_id, new.vault_key),
        vault_file.make_box(keys.vault_id, new.vault_key, named),
        tuple(_carried(slot, keys, new) for slot in header.slots),
    )

    def check(path: Path) -> None:
        if opens(vault_header.parse(files.read_limited(path, vault_header.LIMIT))) != new:
            raise refusals.damaged()
        if record is not None:
            record()

    files.write_atomic(folder / vault_file.NAME, vault_header.dump(rotated), check=check)
    return new


def finish(folder: Path, keys: VaultKeys) -> VaultKeys:
    """Write the second phase, when the database has its new key; return the vault's keys.

    Raises:
        UserError: As `vault_file.unlock`; both keys are still in the box then.
    """
    header = vault_file.read_header(folder)
    if keys.next_database is None or vault_file.opened(header, keys.vault_key) != keys:
        raise refusals.damaged()
    named = {**vault_file.box_contents(header, keys.vault_key), DATABASE: keys.next_database.hex()}
    del named[NEXT_DATABASE]
    done = replace(keys, database=keys.next_database, next_database=None)
    box = vault_file.make_box(keys.vault_id, keys.vault_key, named)

    def check(path: Path) -> None:
        written = vault_header.parse(files.read_limited(path, vault_header.LIMIT))
        if vault_file.opened(written, keys.vault_key) != done:
            raise refusals.damaged()

    files.write_atomic(folder / vault_file.NAME, vault_header.dump(replace(header, keys=box)), check=check)
    return done


def for_copy(header: Header, keys: VaultKeys) -> tuple[Header, VaultKeys]:
    """Return a key file for a copy of the database that is to have keys of its own, and those keys.

    Every secret that opens the vault opens it; the other keys in the box stay what they are.  A slot that is damaged, or that
    nobody who had the vault open wrote, is left out.

    Raises:
        UserError: The box is damaged.
    """
    new = replace(keys, vault_key=secrets.token_bytes(kdf.KEY_BYTES), database=secrets.token_bytes(kdf.KEY_BYTES))
    kept = vault_file.box_contents(header, keys.vault_key)
    named = {**kept, HEAD: keys.head.hex(), DATABASE: new.database.hex()}
    genuine = [
        one for one in header.slots if not one.is_damaged and slots.is_genuine(keys.vault_id, keys.vault_key, one)
    ]
    copy = Header(
        vault_file.make_head(header.head, keys.vault_id, new.vault_key),
        vault_file.make_box(keys.vault_id, new.vault_key, named),
        tuple(slots.addressed(new.vault_id, new.vault_key, one) for one in genuine),
    )
    return copy, new


def _carried(slot: Slot, old: VaultKeys, new: VaultKeys) -> Slot:
    """Return a slot with the new vault key in it; of a kind that is not known it stays as it is, and opens nothing."""
    if slot.kind not in slots.KINDS and not slot.is_damaged:
        return slot
    if slot.is_damaged or not slots.is_genuine(old.vault_id, old.vault_key, slot):
        raise refusals.not_carried()
    return slots.addressed(new.vault_id, new.vault_key, slot)
