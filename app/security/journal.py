"""The file `journal`: which erasures were decided and done, so that they can be done again in an older copy of the database.

One line for each step, each proven together with the line before it.  It names people by their random uid and values by their
number, never by what they are.  FORMAT.md describes every byte.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.security import files, kdf
from app.security.vault_header import canonical

NAME = "journal"
LIMIT = 1 << 30
_PURPOSE = "ombudet/1 journal"
_MAC_DIGITS = 64


@dataclass(frozen=True)
class Erasing:
    """What an erasure takes.

    Attributes:
        run: The decision's number.
        ground: Why: a code.
        whole: The uids of people of whom nothing stays.
        values: For people of whom something stays: the uid, and the numbers of the values that go.
        files: The numbers of closed requests and incidents that go.
    """

    run: str
    ground: str
    whole: tuple[str, ...] = ()
    values: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """An erasure in the journal.

    Attributes:
        number: Its line's number.
        at: When it was decided.
        what: What it takes.
        state: `intent`, `done` or `void`.
    """

    number: int
    at: datetime
    what: Erasing
    state: str


class Journal:
    """The journal of an open vault.

    Args:
        folder: The vault's folder, or another that has a journal of the same vault.
        vault_id: The vault's id.
        key: The key `subjects` of its box.

    Raises:
        UserError: The file is damaged, or the disk refused.
    """

    def __init__(self, folder: Path, vault_id: str, key: bytes) -> None:
        self._path = folder / NAME
        self._key = kdf.expand(key, salt=b"", purpose=_PURPOSE)
        self._last = self._proof(vault_id.encode(), b"")
        self._lines: list[dict[str, Any]] = []
        self._size = 0
        if self._path.exists():
            self._read(files.read_limited(self._path, LIMIT))

    def begin(self) -> None:
        """Make the file, when there is none.

        Raises:
            UserError: The disk refused.
        """
        if not self._path.exists():
            files.write_atomic(self._path, b"")

    @property
    def count(self) -> int:
        """How many lines it has."""
        return len(self._lines)

    def entries(self) -> list[Entry]:
        """Return every erasure with how far it came, in order."""
        states = {line["of"]: line["kind"] for line in self._lines if line["kind"] != "intent"}
        return [
            Entry(line["n"], datetime.fromisoformat(line["at"]), _erasing(line), states.get(line["n"], "intent"))
            for line in self._lines
            if line["kind"] == "intent"
        ]

    def unfinished(self) -> list[Entry]:
        """Return the erasures of which nobody knows yet whether they came to be."""
        return [entry for entry in self.entries() if entry.state == "intent"]

    def intend(self, what: Erasing, now: datetime) -> int:
        """Write down that an erasure is about to be committed; return its number.

        Raises:
            UserError: The disk refused; the erasure must not be committed then.
        """
        values = {uid: sorted(numbers) for uid, numbers in what.values.items()}
        facts = {"run": what.run, "ground": what.ground, "whole": sorted(what.whole), "values": values}
        self._add({"kind": "intent", **facts, "files": sorted(what.files)}, now)
        return self.count

    def settle(self, number: int, now: datetime, *, is_done: bool) -> None:
        """Write down that an erasure is done, or that it never came to be.

        Raises:
            UserError: The disk refused.
        """
        self._add({"kind": "done" if is_done else "void", "of": number}, now)

    def _add(self, facts: dict[str, Any], now: datetime) -> None:
        line = {"n": self.count + 1, "at": now.astimezone(UTC).isoformat(timespec="seconds"), **facts}
        text = canonical(line)
        proof = self._proof(self._last, text)
        raw = proof.hex().encode() + b" " + text + b"\n"
        files.extend(self._path, self._size, raw)
        self._lines.append(json.loads(text))
        self._last, self._size = proof, self._size + len(raw)

    def _read(self, raw: bytes) -> None:
        for line in raw[: raw.rfind(b"\n") + 1].splitlines():  # a power cut may have torn the last one
            text, proof = line[_MAC_DIGITS + 1 :], self._proof(self._last, line[_MAC_DIGITS + 1 :])
            if not hmac.compare_digest(line[: _MAC_DIGITS + 1], proof.hex().encode() + b" "):
                raise _damaged()
            self._lines.append(json.loads(text))
            self._last, self._size = proof, self._size + len(line) + 1

    def _proof(self, previous: bytes, text: bytes) -> bytes:
        return hmac.new(self._key, previous + text, sha256).digest()


def _erasing(line: dict[str, Any]) -> Erasing:
    values = {uid: tuple(numbers) for uid, numbers in line["values"].items()}
    return Erasing(line["run"], line["ground"], tuple(line["whole"]), values, tuple(line["files"]))


def _damaged() -> UserError:
    return UserError(
        _("Filen journal är skadad. I den står vilka raderingar som är gjorda."),
        stands=_("Registret är orört, och inget har skrivits över."),
        do=_("Lägg tillbaka filen journal från den senaste säkerhetskopian i valvets mapp, och öppna igen."),
        code=ExitCode.DAMAGED,
    )
