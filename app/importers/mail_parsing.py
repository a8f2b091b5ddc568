"""A mail's structure: text, attachments and what is doubtful.  Runs in the child, bounded in depth, parts and length."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from typing import Any

from app.i18n import _
from app.importers import mail_headers, plain_text
from app.importers.limits import MAIL_ATTACHMENTS, MAIL_DEPTH, MAIL_HEADER_BLOCK, MAIL_PARTS, MAIL_TEXT
from app.importers.refusals import refusal

_POLICY = mail_headers.Bounded()
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n|\r\r")
_KNOWN = frozenset(
    ("from", "to", "subject", "date", "received", "message-id", "return-path", "delivered-to", "reply-to")
)
_BROKEN = (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError, MessageError)
_CHARSET = re.compile(
    r"ascii|utf-(8|16|32)(-[bl]e)?|utf-8-sig|iso8859-\d+|latin_1|cp\d{3,4}|koi8-[rtu]|mac-\w+|gb\w+|big5\w*|shift_jis\w*|euc_\w+|iso2022_\w+"
)
TEXT_BYTES = 4 * MAIL_TEXT


@dataclass
class Found:
    """What a walk through a mail's parts gathers."""

    texts: list[tuple[int, str, str]] = field(default_factory=list)
    attachments: list[tuple[str, str, int]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def warn(self, text: str) -> None:
        """Note what is doubtful, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def cut(self, text: str) -> str:
        """Return as much of a text as is shown."""
        if len(text) > MAIL_TEXT:
            self.warn(_("Texten är mycket lång. Början visas; hela texten finns i originalet."))
        return text[:MAIL_TEXT]

    def attach(self, name: str, kind: str, size: int) -> None:
        """Note an attachment; it is never opened."""
        if len(self.attachments) >= MAIL_ATTACHMENTS:
            self.warn(_("Brevet har för många bilagor. De första {count} visas.").format(count=MAIL_ATTACHMENTS))
        else:
            self.attachments.append((name or _("Bilaga utan namn"), plain_text.name(kind, most=100), size))


def read(raw: bytes, now: datetime | None) -> dict[str, Any]:
    """Return a mail's draft as a message to the parent.

    Raises:
        UserError: This is not a mail.
    """
    found = Found()
    message = _message(raw, found)
    text = _gather(message, found) if message.get_payload() else ""
    return draft(message, text, found, now)


def draft(message: Message, text: str, found: Found, now: datetime | None) -> dict[str, Any]:
    """Return what the headers, the text and the attachments of a mail make together, as a message to the parent."""
    sender_name, sender_address, doubts = mail_headers.sender(message)
    moment, doubts_of_time = mail_headers.received_at(message, now)
    if mail_headers.has_long(message):
        found.warn(_("Ett brevhuvud är ovanligt långt och visas som det kom."))
    if not text:
        found.warn(_("Brevet har ingen text som går att läsa. Se bilagorna och originalet."))
    return {
        "type": "mail",
        "message_id": mail_headers.text(message, "Message-ID")[:998],
        "sender_name": sender_name,
        "sender_address": sender_address,
        "to": mail_headers.text(message, "To"),
        "subject": mail_headers.text(message, "Subject"),
        "received_at": moment.isoformat() if moment else None,
        "text": text,
        "attachments": found.attachments,
        "warnings": doubts + doubts_of_time + found.warnings,
        "references": mail_headers.references(message)[:100],
    }


def _message(raw: bytes, found: Found) -> Message:
    raw = raw.lstrip(b"\r\n\t ").removeprefix(codecs.BOM_UTF8)
    head = _HEAD_ENDS.split(raw[: MAIL_HEADER_BLOCK + 4], maxsplit=1)[0]
    if len(head) > MAIL_HEADER_BLOCK:
        raise refusal(
            _("Filen är inget brev, eller har ett orimligt långt brevhuvud."),
            _("Spara brevet på nytt från e-postprogrammet, som .eml."),
        )
    names = {line.partition(b":")[0].strip().lower() for line in re.split(rb"[\r\n]+", head) if b":" in line}
    if b"\0" in head or not names & {known.encode() for known in _KNOWN}:
        raise refusal(
            _("Filen är inget brev."),
            _("Spara brevet på nytt från e-postprogrammet, som .eml eller .msg."),
        )
    try:
        return _parser().parsebytes(raw)
    except _BROKEN:
        found.warn(_("Brevets innehåll är skadat. Bara brevhuvudet visas; originalet finns kvar som det kom."))
        return headers_of(head)


def headers_of(head: bytes) -> Message:
    """Return the message of a header block alone."""
    return _parser().parsebytes(head[:MAIL_HEADER_BLOCK], headersonly=True)


def _parser() -> "BytesParser[Message]":
    return BytesParser(policy=_POLICY)


def _gather(message: Message, found: Found) -> str:
    for part, group in _leaves(message, found):
        try:
            _sort(part, group, found)
        except _BROKEN:
            found.warn(_("En del av brevet är skadad och visas inte. Den finns kvar i originalet."))
    return found.cut("\n\n".join(_chosen(found.texts)))


def _leaves(message: Message, found: Found) -> Iterator[tuple[Message, int]]:
    """Go through the parts without recursion; `group` numbers the alternatives a part belongs to, 0 for none."""
    waiting = [(message, 0, 0)]
    seen = groups = 0
    while waiting:
        part, depth, group = waiting.pop()
        seen += 1
        if seen > MAIL_PARTS:
            found.warn(_("Brevet har för många delar. De första {count} visas.").format(count=MAIL_PARTS))
            return
        if not _is_container(part):
            yield part, group
        elif depth >= MAIL_DEPTH:
            found.warn(_("Brevet har delar i för många lager. De innersta visas inte; de finns kvar i originalet."))
            found.attachments.append((_("Inre lager"), part.get_content_type(), _size(part)))
        else:
            if part.get_content_subtype() == "alternative" and not group:
                groups += 1
                group = groups
            children: list[Message] = part.get_payload()  # type: ignore[assignment]
            waiting.extend((child, depth + 1, group) for child in reversed(children))


def _is_container(part: Message) -> bool:
    return part.is_multipart() and part.get_content_maintype() != "message"


def _sort(part: Message, group: int, found: Found) -> None:
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart":
        found.warn(_("Brevets delar går inte att skilja åt. Innehållet visas som det kom."))
        kind = "text/plain"
    file_name = _file_name(part)
    is_text = kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment" and not file_name
    if is_text:
        text = _decoded(part, found)
        found.texts.append((group, kind, plain_text.body(plain_text.from_html(text) if kind == "text/html" else text)))
    else:
        found.attach(file_name, kind, _size(part))


def _chosen(texts: list[tuple[int, str, str]]) -> list[str]:
    """Return the texts to show: of several forms of the same content, the plain one if it says anything."""
    plain_groups = {group for group, kind, text in texts if group and kind == "text/plain" and text}
    return [text for group, kind, text in texts if text and (kind == "text/plain" or group not in plain_groups)]


def _file_name(part: Message) -> str:
    """Return the last part of the name the sender gave; never a path."""
    try:
        given = part.get_filename() or ""
    except _BROKEN:
        given = ""
    if not given and part.get_content_maintype() == "message" and part.is_multipart():
        given = _("Vidarebefordrat brev.eml")
    return last_part(mail_headers.text_of(given))


def last_part(given: str) -> str:
    """Return a file's name without the folders that somebody put before it."""
    return re.split(r"[/\\]", given.replace(":", "_"))[-1].strip(". ")[:200]


def _decoded(part: Message, found: Found) -> str:
    raw = part.get_payload(decode=True)
    raw = raw if isinstance(raw, bytes) else b""
    if len(raw) > TEXT_BYTES:
        found.warn(_("Texten är mycket lång. Början visas; hela texten finns i originalet."))
        raw = raw[:TEXT_BYTES]
    for charset in (_charset(part), "utf-8"):
        try:
            return raw.decode(charset)
        except (UnicodeError, LookupError):
            continue
    found.warn(_("Teckenkodningen i brevet är okänd. Enstaka tecken kan vara fel."))
    return raw.decode("cp1252", "replace")


def _charset(part: Message) -> str:
    """Return the part's charset if it is one for text; some of Python's codecs are slow or no charsets at all."""
    given = part.get_param("charset", "utf-8")
    try:
        known = codecs.lookup(str(given).strip()).name
    except (LookupError, ValueError):
        return "utf-8"
    return known if _CHARSET.fullmatch(known) else "utf-8"


def _size(part: Message) -> int:
    """Return the attachment's length in bytes without decoding it."""
    payload = part.get_payload()
    if not isinstance(payload, str):
        return sum(len(leaf) for leaf in _payloads(part))
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() != "base64":
        return len(payload)
    signs = len(payload) - sum(payload.count(sign) for sign in "\r\n\t =")
    return signs * 3 // 4


def _payloads(part: Message) -> Iterator[str]:
    waiting = [part]
    while waiting:
        payload = waiting.pop().get_payload()
        if isinstance(payload, str):
            yield payload
        elif isinstance(payload, list):
            waiting.extend(child for child in payload if isinstance(child, Message))
