"""Verify an exported trail without the program: `python -I verify_trail.py TRAIL [--checkpoint FILE|SHORT FORM] [--key KEY]`.

It needs this file, the export, the standard library and the package `cryptography`, nothing else of the program, so that somebody
who trusts neither the program nor the vault can run it.  Therefore it repeats, on purpose, what `app.domain` does.  The formats are
described in FORMAT.md.  The answer is one JSON document; exit code 0 when all is whole, 8 when not, 7 when a file cannot be read.
"""

import argparse
import base64
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIRST_LINE = "ombudet-trail 1"
WHOLE, UNREADABLE, TAMPERED = 0, 7, 8
NOTE_LINES = 6
SHORT_FORM = re.compile(r"#?(\d{1,18})[ :]+([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})", re.IGNORECASE)


class UnreadableError(Exception):
    """A file is not what it should be."""


@dataclass
class Found:
    """The answer.

    Attributes:
        events: How many rows the trail has.
        first_bad: The first row that does not fit, or from which on something was rewritten.
        until: The row up to which something was rewritten, when only that is known.
        fault: `chain`, `rewritten`, `missing` or `signature`.
        since: The time of the first row.
        head: The last row's link.
        checkpoints: How many checkpoints the trail was held against.
        key: The key that the signatures were held against.
    """

    events: int = 0
    first_bad: int | None = None
    until: int | None = None
    fault: str | None = None
    since: str | None = None
    head: str = "00" * 32
    checkpoints: int = 0
    key: str = ""


@dataclass
class Note:
    """A signed checkpoint."""

    origin: str
    size: int
    root: bytes
    signed: bytes
    signature: bytes


@dataclass
class Trail:
    """An export."""

    origin: str
    key: str
    rows: list[tuple[bytes, bytes]]
    notes: list[Note]
    roots: dict[int, bytes] = field(default_factory=dict)
    links: dict[int, bytes] = field(default_factory=dict)


def read_trail(raw: bytes) -> Trail:
    """Read an export."""
    lines = raw.split(b"\n")
    try:
        first, origin, key, count = (line.decode() for line in lines[:4])
        total = int(count)
        if first != FIRST_LINE or lines[4] or lines[5 + total]:
            raise UnreadableError
        rows = [(bytes.fromhex(line[:64].decode()), line[65:]) for line in lines[5 : 5 + total]]
        return Trail(origin, key, rows, list(notes_of(b"\n".join(lines[6 + total :]).decode())))
    except (ValueError, IndexError) as error:
        raise UnreadableError from error


def notes_of(text: str) -> Iterator[Note]:
    """Read checkpoints, each five lines and an empty one."""
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    for start in range(0, len(lines) if lines != [""] else 0, NOTE_LINES):
        origin, size, root, blank, sealed = lines[start : start + NOTE_LINES - 1]
        dash, name, signature = sealed.split(" ")
        if dash != "\N{EM DASH}" or blank or name != origin:
            raise ValueError(dash)
        signed = f"{origin}\n{size}\n{root}\n".encode()
        yield Note(origin, int(size), base64.b64decode(root, validate=True), signed, base64.b64decode(signature))


def walk(trail: Trail, wanted: set[int], found: Found) -> None:
    """Read the rows one after the other: each link, and the tree's root where it is wanted."""
    previous, peaks = bytes(32), list[bytes]()
    for number, (link, record) in enumerate(trail.rows, start=1):
        if (sha256(previous + record).digest() != link or number_of(record) != number) and found.first_bad is None:
            found.first_bad, found.fault = number, "chain"
        previous, node, size = link, sha256(b"\x00" + record).digest(), number - 1
        while size & 1:
            node, size = sha256(b"\x01" + peaks.pop() + node).digest(), size >> 1
        peaks.append(node)
        if number in wanted:
            trail.roots[number], trail.links[number] = root_of(peaks), link
    found.events, found.head = len(trail.rows), previous.hex()
    if trail.rows and found.fault is None:
        found.since = json.loads(trail.rows[0][1])["at"]


def number_of(record: bytes) -> int | None:
    """Return the number that a row gives itself."""
    try:
        number = json.loads(record)["seq"]
    except (ValueError, KeyError, TypeError):
        return None
    return number if isinstance(number, int) else None


def root_of(peaks: Sequence[bytes]) -> bytes:
    """Return the root over the peaks of a tree that has rows."""
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = sha256(b"\x01" + peak + root).digest()
    return root


def is_signed(note: Note, key: str) -> bool:
    """Return whether the owner of a key signed a checkpoint."""
    name, digits, encoded = key.split("+", 2)
    public = base64.b64decode(encoded)
    if note.origin != name or note.signature[:4].hex() != digits or public[:1] != b"\x01":
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public[1:]).verify(note.signature[4:], note.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def judge(trail: Trail, kept: list[Note], shorts: list[tuple[int, str]], found: Found) -> None:
    """Hold the trail against the checkpoints kept outside, then against its own: these say nothing for the others."""
    fits = [(note.size, trail.roots.get(note.size) == note.root) for note in kept]
    fits += [(seq, seq in trail.links and trail.links[seq].hex().startswith(digits)) for seq, digits in shorts]
    if is_unfit(fits, found) or is_unfit(
        [(note.size, trail.roots.get(note.size) == note.root) for note in trail.notes], found
    ):
        return
    bad = [note.size for note in (*kept, *trail.notes) if not is_signed(note, found.key)]
    if bad:
        found.fault, found.first_bad = "signature", min(bad)


def is_unfit(fits: list[tuple[int, bool]], found: Found) -> bool:
    """Return whether a checkpoint does not fit; then the answer says which, the smallest first."""
    good = 0
    for size, is_fit in sorted(fits):
        if size > found.events:
            found.fault, found.first_bad, found.until = "missing", found.events + 1, size
            return True
        if not is_fit:
            found.fault, found.first_bad, found.until = "rewritten", good + 1, size
            return True
        good = size
    return False


def outside(given: Sequence[str]) -> tuple[list[Note], list[tuple[int, str]]]:
    """Return the checkpoints that somebody kept: files of them, or short forms off a paper."""
    notes, shorts = list[Note](), list[tuple[int, str]]()
    for text in given:
        short = SHORT_FORM.fullmatch(text.strip())
        if short:
            shorts.append((int(short[1]), "".join(short.groups()[1:]).lower()))
        else:
            notes += notes_of(Path(text).read_text(encoding="utf-8"))
    return notes, shorts


def verify(path: Path, given: Sequence[str] = (), key: str = "") -> Found:
    """Verify an export.

    Args:
        path: The export.
        given: Checkpoints kept outside: files, or short forms.
        key: The vault's public key, as it was noted elsewhere; the export's own when empty.

    Raises:
        UnreadableError: A file cannot be read.
    """
    try:
        trail = read_trail(path.read_bytes())
        notes, shorts = outside(given)
        found = Found(key=key or trail.key, checkpoints=len(trail.notes) + len(notes) + len(shorts))
        walk(trail, {*(note.size for note in (*notes, *trail.notes)), *(seq for seq, _digits in shorts)}, found)
        if found.fault is None:
            judge(trail, notes, shorts, found)
    except (OSError, ValueError) as error:
        raise UnreadableError from error
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify what the arguments name, write the answer and return the exit code."""
    parser = argparse.ArgumentParser(description="Verify an exported trail of Ombudet.")
    parser.add_argument("trail", type=Path, help="what `ombudet verify --export` wrote")
    parser.add_argument("--checkpoint", action="append", default=[], help="a file of checkpoints, or a short form")
    parser.add_argument("--key", default="", help="the vault's public key, noted elsewhere")
    given = parser.parse_args(arguments)
    try:
        found = verify(given.trail, given.checkpoint, given.key)
    except UnreadableError:
        sys.stdout.write(json.dumps({"fault": "unreadable"}) + "\n")
        return UNREADABLE
    sys.stdout.write(json.dumps(asdict(found)) + "\n")
    return WHOLE if found.fault is None else TAMPERED


if __name__ == "__main__":
    sys.exit(main())
