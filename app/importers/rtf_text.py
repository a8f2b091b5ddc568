"""The words of a text in RTF, and of RTF as Outlook packs it (MS-OXRTFCP).  Runs in the child; nothing in it is run or fetched."""

import re
import struct
from collections.abc import Iterator

from app.importers.limits import MAIL_TEXT

_MOST = 4 * MAIL_TEXT
_PACKED, _PLAIN = b"LZFu", b"MELA"
_WINDOW = 4096
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What both sides know before the first byte; from the specification."""
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.IGNORECASE
)
_UNSEEN = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "header",
        "footer",
        "headerl",
        "headerr",
        "footerl",
        "footerr",
        "themedata",
        "colorschememapping",
        "datastore",
        "latentstyles",
        "listtable",
        "listoverridetable",
        "rsidtbl",
        "generator",
        "xmlnstbl",
        "fldinst",
    ]
)
_SIGNS = {
    "par": "\n", "line": "\n", "row": "\n", "page": "\n", "sect": "\n", "tab": "\t", "cell": "\t", "emdash": "—",
    "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
}  # fmt: skip
_SYMBOLS = {"~": "\N{NO-BREAK SPACE}", "_": "-", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r": "\n"}


def unpacked(raw: bytes) -> bytes:
    """Return RTF out of the form that Outlook keeps it in, at most four times as much as is shown of a text.

    Raises:
        ValueError: It is not in that form.
    """
    if len(raw) < 16:
        return b""
    size, kind = struct.unpack_from("<I", raw, 4)[0], raw[8:12]
    if kind == _PLAIN:
        return raw[16 : 16 + min(size, _MOST)]
    if kind != _PACKED:
        raise ValueError("unknown form of RTF")
    return _inflated(raw[16:], min(size, _MOST))


def _inflated(raw: bytes, most: int) -> bytes:
    window = bytearray(_BEGINNING.ljust(_WINDOW, b" "))
    write, out = len(_BEGINNING), bytearray()
    for step in _steps(raw):
        piece = step
        if len(step) == 2:
            place = int.from_bytes(step, "big")
            if place >> 4 == write:
                break
            piece = _copied(window, place >> 4, (place & 15) + 2, write)
        for byte in piece:
            window[write] = byte
            write = (write + 1) % _WINDOW
        out += piece
        if len(out) >= most:
            break
    return bytes(out[:most])


def _steps(raw: bytes) -> Iterator[bytes]:
    """Return the packed steps: one byte stands for itself, two point into the window."""
    at = 0
    while at < len(raw):
        flags = raw[at]
        at += 1
        for bit in range(8):
            length = 2 if flags >> bit & 1 else 1
            if at + length > len(raw):
                return
            yield raw[at : at + length]
            at += length


def _copied(window: bytearray, start: int, length: int, write: int) -> bytes:
    """Return a piece of the window; it may reach into the bytes that it is itself about to write."""
    found = bytearray()
    for step in range(length):
        place = (start + step) % _WINDOW
        ahead = (place - write) % _WINDOW
        found.append(found[ahead] if ahead < len(found) else window[place])
    return bytes(found)


def words(rtf: bytes) -> str:
    """Return the words of an RTF text with its line breaks."""
    reader = _Words()
    for token in _TOKEN.finditer(rtf[:_MOST]):
        reader.take(token)
    return "".join(reader.out)


class _Words:
    """Follows groups: what is unseen, and how many signs stand for a letter given by its number."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._page = "cp1252"
        self._groups: list[tuple[bool, int]] = []
        self._is_unseen = False
        self._instead = 1
        self._skip = 0

    def take(self, token: "re.Match[bytes]") -> None:
        word, number, code, symbol, brace, text = token.groups()
        if brace:
            self._turn(brace)
        elif word:
            self._word(word.decode("ascii").lower(), int(number) if number else None)
        elif symbol:
            self._symbol(symbol.decode("latin-1"))
        elif code or text:
            self._say((bytes.fromhex(code.decode()) if code else text).decode(self._page, "replace"))

    def _turn(self, brace: bytes) -> None:
        if brace == b"{":
            self._groups.append((self._is_unseen, self._instead))
        elif self._groups:
            self._is_unseen, self._instead = self._groups.pop()
        self._skip = 0

    def _word(self, word: str, number: int | None) -> None:
        if word in _UNSEEN:
            self._is_unseen = True
        elif word == "ansicpg":
            self._page = _page(number or 1252)
        elif word == "uc":
            self._instead = min(max(number or 0, 0), 8)
        elif word == "u" and number is not None:
            self._say(chr(number % 65536))
            self._skip = self._instead
        elif word in _SIGNS:
            self._say(_SIGNS[word])

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._is_unseen = True
        elif symbol in _SYMBOLS:
            self._say(_SYMBOLS[symbol])

    def _say(self, text: str) -> None:
        left, self._skip = text[self._skip :], max(0, self._skip - len(text))
        if left and not self._is_unseen:
            self.out.append(left)


def _page(number: int) -> str:
    try:
        b"".decode(f"cp{number}")
    except LookupError:
        return "cp1252"
    return f"cp{number}"
