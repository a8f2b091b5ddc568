"""Address cards (vCard 2.1, 3.0 and 4.0): lines and their values.  Runs in the child; reads in a stream.

A property is unfolded as bytes, because a fold may stand in the middle of a letter.
"""

import codecs
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.importers.csv_text import ENCODINGS
from app.importers.limits import CSV_FIELD

_PIECE = 64 * 1024
_PROPERTY = re.compile(rb'(?:[\w-]+\.)?([\w-]+)((?:;(?:[^":;]|"[^"]*")*)*):(.*)', re.DOTALL)
_QUOTED = re.compile(rb"^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BINARY = frozenset(("B", "BASE64"))
_UNSEEN = frozenset(("PHOTO", "LOGO", "SOUND", "KEY", "VERSION", "PRODID", "REV", "AGENT", "CLASS", "SORT-STRING"))
_BEGIN, _END = b"BEGIN:VCARD", b"END:VCARD"


@dataclass(frozen=True)
class Property:
    """One line of a card: its name and its types in capitals, and its value as bytes."""

    name: str
    types: frozenset[str]
    params: dict[str, str]
    value: bytes

    def text(self, code: str) -> str:
        """Return the value as it is written, in the property's own charset or the file's."""
        raw = quopri.decodestring(self.value) if self.is_quoted else self.value
        written = "utf-8" if code.startswith("utf-16") else code  # see `_physical_lines`
        for charset in (self.charset, written):
            try:
                return raw.decode(charset or written)
            except UnicodeError:
                continue
        return raw.decode("cp1252", "replace")

    @property
    def is_quoted(self) -> bool:
        """Whether the value is written as quoted-printable."""
        return self.params.get("ENCODING", "").upper() == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in self.types

    @property
    def is_binary(self) -> bool:
        """Whether the value is no text."""
        return self.params.get("ENCODING", "").upper() in _BINARY or bool(_BINARY & self.types)

    @property
    def charset(self) -> str:
        """The charset that the property names, if it is one that the program knows; else an empty text."""
        try:
            known = codecs.lookup(self.params.get("CHARSET", "")).name
        except (LookupError, ValueError):
            return ""
        return known if known in ENCODINGS else ""


def cards(path: Path, code: str) -> Iterator[list[Property]]:
    """Return the properties of each card; one that is cut off at the end of the file is a card too."""
    held: list[Property] | None = None
    depth = 0
    for line in logical_lines(path, code):
        mark = _mark(line)
        if mark == _BEGIN:
            depth += 1
            held = [] if depth == 1 else held
        elif mark == _END and depth:
            depth -= 1
            if depth == 0 and held is not None:
                yield held
                held = None
        elif depth == 1 and held is not None and (found := parsed(line)):
            held.append(found)
    if held is not None:
        yield held


def is_cut(path: Path, code: str) -> bool:
    """Return whether the file ends in the middle of a card."""
    depth = 0
    for line in logical_lines(path, code):
        mark = _mark(line)
        depth += (mark == _BEGIN) - (mark == _END)
    return depth > 0


def _mark(line: bytes) -> bytes:
    return line.removeprefix(codecs.BOM_UTF8).strip().upper()


def parsed(line: bytes) -> Property | None:
    """Return the property on a line, None when it is none or says nothing in words."""
    found = _PROPERTY.fullmatch(line)
    if not found:
        return None
    name = found[1].decode("ascii", "replace").upper()
    types: set[str] = set()
    params: dict[str, str] = {}
    for part in found[2].decode("ascii", "replace").split(";"):
        key, equals, value = part.partition("=")
        words = [word.strip('" ').upper() for word in (value if equals else key).split(",")]
        if not equals or key.upper() == "TYPE":
            types.update(word for word in words if word)
        else:
            params[key.upper()] = value.strip('"')
    made = Property(name, frozenset(types), params, found[3].strip())
    is_seen = made.value and name not in _UNSEEN and not name.startswith("X-AB") and not made.is_binary
    return made if is_seen else None


def logical_lines(path: Path, code: str) -> Iterator[bytes]:
    """Return the file's lines with their folds undone; what is over the limit of a cell is cut off a little beyond it."""
    held = bytearray()
    for raw in _physical_lines(path, code):
        if held.endswith(b"=") and _QUOTED.match(held[:200]):
            del held[-1:]
            part = raw
        elif raw[:1] in (b" ", b"\t") and held:
            part = raw[1:]
        else:
            if held:
                yield bytes(held)
            held.clear()
            part = raw
        if len(held) <= CSV_FIELD:
            held += part
    if held:
        yield bytes(held)


def _physical_lines(path: Path, code: str) -> Iterator[bytes]:
    """Return the lines as they stand; a file in UTF-16 as UTF-8, any other byte for byte."""
    is_wide = code.startswith("utf-16")
    written = "utf-8" if is_wide else "latin-1"
    with path.open(encoding=code if is_wide else "latin-1", errors="replace") as stream:
        held: list[str] = []
        while piece := stream.readline(_PIECE):
            if len(held) <= CSV_FIELD // _PIECE:
                held.append(piece)
            if piece.endswith("\n"):
                yield "".join(held).rstrip("\n").encode(written)
                held = []
        if held:
            yield "".join(held).encode(written)


def divided(text: str, sign: str) -> list[str]:
    """Return the parts of a structured value, without the backslashes."""
    held = text.replace("\\\\", "\0")  # a backslash that is itself escaped escapes nothing
    return [plain(part.replace("\0", "\\\\")) for part in re.split(rf"(?<!\\){re.escape(sign)}", held)]


def plain(text: str) -> str:
    """Return a value without its backslashes; a backslash and an n are a line break."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text).strip()


def fits(lines: Iterable[bytes], code: str) -> bool:
    """Return whether all lines that name no charset of their own are written in this encoding."""
    for line in lines:
        found = parsed(line)
        if found is None or found.charset or found.is_quoted:
            continue
        try:
            found.value.decode(code)
        except UnicodeError:
            return False
    return True
