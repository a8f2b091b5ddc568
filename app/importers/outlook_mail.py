"""A mail as Outlook saves it (.msg, MS-OXMSG): its properties become headers and a text.  Runs in the child.

Only names and sizes of attachments are read.  What Outlook stored of the mail's own headers goes before its properties.
"""

import codecs
import re
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime, formataddr
from io import BytesIO
from typing import Any, TypeVar

import olefile

from app.i18n import _
from app.importers import mail_headers, plain_text, rtf_text
from app.importers.limits import MAIL_ATTACHMENTS, MAIL_HEADER
from app.importers.mail_parsing import TEXT_BYTES, Found, draft, headers_of, last_part
from app.importers.refusals import UnreadableError, refusal, unreadable

T = TypeVar("T")
_BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError, struct.error)
_PROPERTIES = "__properties_version1.0"
_ATTACHMENT, _RECIPIENT = "__attach_version1.0_", "__recip_version1.0_"
_HEADERS, _SUBJECT, _BODY, _HTML, _RTF, _ID = 0x007D, 0x0037, 0x1000, 0x1013, 0x1009, 0x1035
_REFERENCES, _ANSWERS, _ARRIVED, _SENT = 0x1039, 0x1042, 0x0E06, 0x0039
_SENDER_NAMES, _SENDER_ADDRESSES = (0x0042, 0x0C1A), (0x5D02, 0x5D01, 0x0065, 0x0C1F)
_NAME, _ADDRESSES, _TYPE = 0x3001, (0x39FE, 0x3003), 0x0C15
_CODE_PAGES = (0x3FFD, 0x3FDE)
_FILE_NAMES, _MEDIA, _DATA = (0x3707, 0x3704, _NAME), 0x370E, 0x3701
_TEXT, _OLD_TEXT, _BYTES, _OBJECT = "001F", "001E", "0102", "000D"
_RECIPIENTS = {1: "To", 2: "Cc"}
_TITLE = re.compile(r"Microsoft Mail Internet Headers.*\r?\n")
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_MOST_RECIPIENTS = 500


def read(raw: bytes, now: datetime | None) -> dict[str, Any]:
    """Return a mail's draft as a message to the parent.

    Raises:
        UserError: This is not a mail, or nothing of it can be read.
    """
    found = Found()
    try:
        with olefile.OleFileIO(BytesIO(raw)) as packed:
            return _read(_Folder(packed, ()), found, now)
    except _BROKEN:
        raise _damaged() from None


def _damaged() -> UnreadableError:
    return unreadable(
        _("Brevet är skadat och går inte att läsa."), _("Spara brevet på nytt från Outlook, eller läs originalet.")
    )


def _read(folder: "_Folder", found: Found, now: datetime | None) -> dict[str, Any]:
    if folder.is_empty:
        raise _damaged()
    if not folder.is_mail:
        raise refusal(_("Filen är inget brev."), _("Spara brevet på nytt från e-postprogrammet, som .eml eller .msg."))
    message = _part(lambda: _headers(folder), found) or headers_of(b"")
    text = _part(lambda: _text(folder, found), found) or ""
    _part(lambda: _note_attachments(folder, found), found)
    return draft(message, text, found, now)


def _part(work: Callable[[], T], found: Found) -> T | None:
    """Return what a part of the reading gives; a damaged part is said and does not stop the others."""
    try:
        return work()
    except _BROKEN:
        found.warn(_("En del av brevet är skadad och visas inte. Den finns kvar i originalet."))
        return None


class _Folder:
    """A storage in the file, and the properties in it."""

    def __init__(self, packed: "olefile.OleFileIO", path: tuple[str, ...], page: str = "cp1252") -> None:
        self._packed, self._path = packed, path
        self.page = page
        self._fixed = dict(self._read_fixed())
        pages = (self._code_page(key) for key in _CODE_PAGES)
        self.page = next((found for found in pages if found), page)

    @property
    def is_mail(self) -> bool:
        """Whether the file has anything of what a mail of Outlook has; a damaged one need not have all."""
        return any(path[0].startswith("__") for path in self._packed.listdir(streams=True, storages=True))

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is found in the file, as when its directory is damaged."""
        return not self._packed.listdir(streams=True, storages=True)

    def inner(self, start: str) -> Iterator["_Folder"]:
        """Return the storages right in this one whose names begin so, in their order."""
        depth = len(self._path)
        names = {path[depth] for path in self._packed.listdir(streams=False, storages=True) if len(path) == depth + 1}
        for name in sorted(name for name in names if name.startswith(start)):
            yield _Folder(self._packed, (*self._path, name), self.page)

    def raw(self, key: int, kind: str = _BYTES) -> bytes:
        """Return a property's bytes, at most as many as a text may have."""
        place = [*self._path, f"__substg1.0_{key:04X}{kind}"]
        return bytes(self._packed.openstream(place).read(TEXT_BYTES)) if self._packed.exists(place) else b""

    def text(self, *keys: int) -> str:
        """Return the first of these texts that says something."""
        for key in keys:
            wide, old = self.raw(key, _TEXT), self.raw(key, _OLD_TEXT)
            text = wide.decode("utf-16-le", "replace") if wide else old.decode(self.page, "replace")
            if text := text.rstrip("\0"):
                return text
        return ""

    def number(self, key: int) -> int:
        """Return a number, 0 when there is none."""
        return int(struct.unpack_from("<I", self._fixed.get(key, bytes(8)))[0])

    def moment(self, key: int) -> datetime | None:
        """Return a time, aware UTC."""
        ticks = struct.unpack("<Q", self._fixed.get(key, bytes(8)))[0]
        try:
            return _EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    def size(self, key: int) -> int:
        """Return how many bytes a property has, whether it is bytes or a storage of its own."""
        place = [*self._path, f"__substg1.0_{key:04X}{_BYTES}"]
        if self._packed.exists(place):
            return int(self._packed.get_size(place))
        inner = [*self._path, f"__substg1.0_{key:04X}{_OBJECT}"]
        return sum(int(self._packed.get_size(path)) for path in self._packed.listdir() if path[: len(inner)] == inner)

    def _read_fixed(self) -> Iterator[tuple[int, bytes]]:
        place = [*self._path, _PROPERTIES]
        if not self._packed.exists(place):
            return
        raw = self._packed.openstream(place).read(TEXT_BYTES)
        for at in range(8 if self._path else 32, len(raw) - 15, 16):
            yield struct.unpack_from("<H", raw, at + 2)[0], raw[at + 8 : at + 16]

    def _code_page(self, key: int) -> str:
        number = self.number(key)
        name = {65001: "utf-8", 20127: "ascii"}.get(number, f"cp{number}")
        name = f"iso8859-{number - 28590}" if 28591 <= number <= 28605 else name
        try:
            return codecs.lookup(name).name if number else ""
        except LookupError:
            return ""


def _headers(folder: _Folder) -> Message:
    """Return the mail's own headers; those it has not, such as in a mail within the office, from its properties."""
    kept = _TITLE.sub("", folder.text(_HEADERS).replace("\0", "").lstrip())
    message = headers_of(kept.encode("utf-8", "replace"))
    arrived, sent = folder.moment(_ARRIVED), folder.moment(_SENT)
    address = next((text for key in _SENDER_ADDRESSES if "@" in (text := folder.text(key))), "")
    given = {
        "From": _address(folder.text(*_SENDER_NAMES), address),
        "Subject": folder.text(_SUBJECT),
        "Date": format_datetime(sent) if sent else "",
        "Received": f"by Outlook; {format_datetime(arrived)}" if arrived else "",
        "Message-ID": folder.text(_ID),
        "In-Reply-To": folder.text(_ANSWERS),
        "References": folder.text(_REFERENCES),
        **_recipients(folder),
    }
    for name, text in given.items():
        if text and not mail_headers.raw(message, name):
            value = plain_text.name(text, most=MAIL_HEADER * 4)
            message[mail_headers.LONG + name if len(value) > MAIL_HEADER else name] = value
    return message


def _recipients(folder: _Folder) -> dict[str, str]:
    found: dict[str, list[str]] = {name: [] for name in _RECIPIENTS.values()}
    for number, one in enumerate(folder.inner(_RECIPIENT)):
        if number >= _MOST_RECIPIENTS:
            break
        address = next((text for key in _ADDRESSES if "@" in (text := one.text(key))), "")
        found[_RECIPIENTS.get(one.number(_TYPE), "Cc")].append(_address(one.text(_NAME), address))
    return {name: ", ".join(part for part in parts if part) for name, parts in found.items()}


def _address(name: str, address: str) -> str:
    name, address = plain_text.name(name, most=500), plain_text.name(address, most=320)
    try:
        return formataddr((name, address)) if address else name
    except UnicodeError:
        return f"{name} <{address}>"


def _text(folder: _Folder, found: Found) -> str:
    """Return the text: as it is, or out of the HTML, or out of the RTF."""
    forms = (
        lambda: folder.text(_BODY),
        lambda: plain_text.from_html(_html(folder)),
        lambda: rtf_text.words(rtf_text.unpacked(folder.raw(_RTF))),
    )
    for form in forms:
        if text := plain_text.body(_part(form, found) or ""):
            return found.cut(text)
    return ""


def _html(folder: _Folder) -> str:
    """Return the HTML body; its charset is the code page that the mail names for the net."""
    if wide := folder.text(_HTML):
        return wide
    raw = folder.raw(_HTML)
    for charset in ("utf-8", folder.page):
        try:
            return raw.decode(charset)
        except UnicodeError:
            continue
    return raw.decode("cp1252", "replace")


def _note_attachments(folder: _Folder, found: Found) -> None:
    for number, one in enumerate(folder.inner(_ATTACHMENT)):
        if number > MAIL_ATTACHMENTS:
            return
        name = last_part(plain_text.name(one.text(*_FILE_NAMES)))
        found.attach(name, one.text(_MEDIA) or "application/octet-stream", one.size(_DATA))
