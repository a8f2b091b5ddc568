"""The text of `vault.json`: its parts, their checksums, and what is refused before any secret is tried.

Each part carries its own SHA-256, so that damage is told from a wrong secret and one broken slot does not hide the
others.  The checksums are over what anyone can read in the file and help nobody to guess.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from app.security import refusals

FORMAT = "ombudet-vault"
VERSION = 1
LIMIT = 1 << 20
MOST_SLOTS = 64


@dataclass(frozen=True)
class Slot:
    """One way to the vault key.

    Attributes:
        record: The slot as it stands in the file, unknown fields included.
        is_damaged: Its checksum does not fit.
    """

    record: Mapping[str, object]
    is_damaged: bool

    @property
    def kind(self) -> str:
        """`passphrase`, `recovery`, or a kind that a later version knows."""
        return str(self.record.get("kind", ""))


@dataclass(frozen=True)
class Header:
    """A readable `vault.json`.

    Attributes:
        head: Format, version, vault id, time of making, key check.
        keys: The box with the vault's keys.
        slots: The ways to open the box.
    """

    head: Mapping[str, object]
    keys: Mapping[str, object]
    slots: tuple[Slot, ...]

    @property
    def vault_id(self) -> str:
        """32 hexadecimal digits; the same in every copy and backup of the vault."""
        return str(self.head["vault_id"])

    @property
    def created_at(self) -> str:
        """When the vault was made, ISO 8601 in UTC."""
        return str(self.head["created_at"])

    @property
    def damaged(self) -> tuple[str, ...]:
        """The kinds of the damaged slots; the vault opens with another one, and the damage should be told and mended."""
        return tuple(slot.kind for slot in self.slots if slot.is_damaged)


def canonical(part: Mapping[str, object]) -> bytes:
    """Return the one spelling of a part that checksums and associated data are made of."""
    return json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def with_checksum(part: Mapping[str, object]) -> dict[str, object]:
    """Return a part with its checksum."""
    return {**part, "sha256": _checksum(part)}


def dump(header: Header) -> bytes:
    """Return the file's text."""
    whole = {"header": header.head, "keys": header.keys, "slots": [slot.record for slot in header.slots]}
    return (json.dumps(whole, indent=1, ensure_ascii=True) + "\n").encode()


def parse(data: bytes) -> Header:
    """Read the file's text.

    Raises:
        UserError: Damaged, or made by a newer version.
    """
    whole = _loaded(data)
    head = _part(whole, "header")
    if head.get("format") != FORMAT or not _is_whole(head):
        raise refusals.damaged()
    version = head.get("version")
    if type(version) is not int or version < VERSION:
        raise refusals.damaged()
    if version > VERSION:
        raise refusals.newer()
    keys = _part(whole, "keys")
    if set(whole) != {"header", "keys", "slots"} or not _is_whole(keys):
        raise refusals.damaged()
    if not all(isinstance(head.get(name), str) for name in ("vault_id", "created_at")):
        raise refusals.damaged()
    return Header(head, keys, _slots(whole["slots"]))


def _slots(records: object) -> tuple[Slot, ...]:
    if not isinstance(records, list) or not 1 <= len(records) <= MOST_SLOTS:
        raise refusals.damaged()
    return tuple(
        Slot(record, not _is_whole(record)) if isinstance(record, dict) else Slot({}, is_damaged=True)
        for record in records
    )


def _loaded(data: bytes) -> dict[str, object]:
    if len(data) > LIMIT:
        raise refusals.damaged()
    try:
        whole = json.loads(data, object_pairs_hook=_without_doubles, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise refusals.damaged() from error
    if not isinstance(whole, dict):
        raise refusals.damaged()
    return whole


def _part(whole: Mapping[str, object], name: str) -> dict[str, object]:
    part = whole.get(name)
    if not isinstance(part, dict):
        raise refusals.damaged()
    return part


def _is_whole(part: Mapping[str, object]) -> bool:
    rest = {name: value for name, value in part.items() if name != "sha256"}
    return part.get("sha256") == _checksum(rest)


def _checksum(part: Mapping[str, object]) -> str:
    return sha256(canonical(part)).hexdigest()


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _value in pairs}) != len(pairs):
        raise ValueError("name given twice")
    return dict(pairs)


def _refuse(text: str) -> object:
    raise ValueError(text)
