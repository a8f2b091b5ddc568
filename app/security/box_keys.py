"""Named keys in the box of `vault.json`, drawn when they are first needed.  Only an open vault knows them."""

import secrets
from dataclasses import replace
from pathlib import Path

from app.security import files, kdf, refusals, slots, vault_file, vault_header
from app.security.vault_file import VaultKeys


def drawn(folder: Path, keys: VaultKeys, name: str) -> bytes:
    """Return the key of that name; a vault that has none yet gets one.  Call it under the vault's lock.

    Raises:
        UserError: `vault.json` is damaged, or the disk refused; the old file is still there then.
    """
    header = vault_file.read_header(folder)
    named = dict(vault_file.box_contents(header, keys.vault_key))
    if name not in named:
        named[name] = secrets.token_hex(kdf.KEY_BYTES)
        box = vault_file.make_box(keys.vault_id, keys.vault_key, named)

        def check(new: Path) -> None:
            written = vault_header.parse(files.read_limited(new, vault_header.LIMIT))
            if vault_file.box_contents(written, keys.vault_key) != named:
                raise refusals.damaged()

        files.write_atomic(folder / vault_file.NAME, vault_header.dump(replace(header, keys=box)), check=check)
    return slots.unhex(named[name], kdf.KEY_BYTES)


def known(folder: Path, keys: VaultKeys, name: str) -> bytes | None:
    """Return the key of that name, None when the vault has none yet.

    Raises:
        UserError: `vault.json` is damaged, or the disk refused.
    """
    named = vault_file.box_contents(vault_file.read_header(folder), keys.vault_key)
    return slots.unhex(named[name], kdf.KEY_BYTES) if name in named else None
