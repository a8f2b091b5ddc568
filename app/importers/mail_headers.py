"""Single headers of a mail: text, addresses, dates.  Runs in the child; nothing here raises for bad content."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.headerregistry import AddressHeader
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from app.i18n import _
from app.importers import plain_text
from app.importers.limits import MAIL_HEADER

LONG = "X-Long-"
# what the standard library's parsers were seen to raise for hostile headers, besides running out of stack
_BROKEN = (
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    OverflowError,
    AssertionError,
    RecursionError,
    MessageError,
    HeaderParseError,
)
_ADDRESS = re.compile(r"[^@\s<>()\"',;]+@[^@\s<>()\"',;]+\.[^@\s<>()\"',;.]+")


class Bounded(policy.Compat32):
    """Keeps headers as they came; one that is too long gets another name, so that nobody parses its structure."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return name and value of a header."""
        found, value = super().header_source_parse(sourcelines)
        return (LONG + found, value) if len(value) > MAIL_HEADER else (found, value)

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - their signature
        """Return a header for reading; 8-bit bytes become the letters they stand for."""
        return plain_text.well_formed(value)


def raw(message: Message, wanted: str) -> str:
    """Return the first header of that name as it came, or an empty text."""
    wanted = wanted.lower()
    for found, value in message.raw_items():
        if found.lower() == wanted:
            return str(value)
    return ""


def text(message: Message, wanted: str) -> str:
    """Return a header's text with its encoded words decoded; the raw text if it is too long or broken."""
    value = raw(message, wanted)
    if not value:
        return plain_text.name(raw(message, LONG + wanted))
    return plain_text.name(_first_that_works(value, _by_policy(wanted), _by_compat32))


def text_of(value: str) -> str:
    """Return a short text, such as a file name, with its encoded words decoded."""
    return plain_text.name(_first_that_works(value[:MAIL_HEADER], _by_compat32))


def sender(message: Message) -> tuple[str, str, list[str]]:
    """Return name, address and warnings about the sender."""
    value = raw(message, "From")
    if not value:
        return (
            plain_text.name(raw(message, LONG + "From"), most=500),
            "",
            [_("Brevet saknar avsändare som går att läsa.")],
        )
    try:
        found = _addresses(value, "From")
    except _BROKEN:
        found = [_parsed(value)]
    if not found or not any(found[0]):
        return text(message, "From"), "", [_("Brevet saknar avsändare som går att läsa.")]
    display, address = found[0]
    if not display and "@" not in address:
        return address.strip('"'), "", _doubts(message, display, "", len(found))
    return display, address, _doubts(message, display, address, len(found))


def received_at(message: Message, now: datetime | None) -> tuple[datetime | None, list[str]]:
    """Return when the mail arrived and warnings: the topmost `Received`, else `Date`."""
    moment = _moment(raw(message, "Received").rpartition(";")[2])
    warnings = []
    if moment is None:
        moment = _moment(raw(message, "Date"))
        if moment is None:
            return None, [_("Brevet saknar datum som går att läsa.")]
        warnings.append(_("Tiden då brevet kom fram saknas. Avsändarens egen tid används."))
    if now is not None and moment > now:
        return None, [_("Datumet i brevet ligger i framtiden.")]
    if now is not None and (now - moment).days > 3653:
        warnings.append(_("Datumet i brevet ligger mer än tio år tillbaka."))
    return moment, warnings


def references(message: Message) -> list[str]:
    """Return the ids of the mails this one answers, oldest first, without doubles."""
    both = f"{raw(message, 'References')} {raw(message, 'In-Reply-To')}"
    return list(dict.fromkeys(plain_text.name(found) for found in re.findall(r"<[^<>\s]{1,500}>", both)))


def has_long(message: Message) -> bool:
    """Return whether a header was too long to be parsed."""
    return any(found.startswith(LONG) for found, value in message.raw_items())


def _doubts(message: Message, display: str, address: str, count: int) -> list[str]:
    doubts = []
    if not _ADDRESS.fullmatch(address):
        doubts.append(_("Avsändarens adress är inte en fullständig e-postadress."))
    if count > 1:
        doubts.append(_("Brevet har flera avsändare. Den första visas."))
    shown = _ADDRESS.search(display)
    if shown and shown.group().casefold() != address.casefold():
        doubts.append(_("Avsändarens namn ser ut som en annan e-postadress."))
    if not address.isascii() or "xn--" in address.casefold():
        doubts.append(_("Avsändarens adress har tecken som kan likna andra. Läs den noga."))
    if plain_text.REPLACEMENT in display + address:
        doubts.append(_("Avsändaren har osynliga tecken. De visas som �."))
    reply = _parsed(raw(message, "Reply-To"))[1]
    if reply and reply.casefold() != address.casefold():
        doubts.append(_("Svar går till en annan adress än avsändarens."))
    return doubts


def _addresses(value: str, wanted: str) -> list[tuple[str, str]]:
    header = policy.default.header_factory(wanted, _unfolded(value))
    if not isinstance(header, AddressHeader):
        return []
    return [
        (plain_text.name(a.display_name, most=500), plain_text.name(a.addr_spec, most=320)) for a in header.addresses
    ]


def _parsed(value: str) -> tuple[str, str]:
    if not value:
        return "", ""
    try:
        display, address = parseaddr(_unfolded(value))
    except _BROKEN:
        return "", ""
    return plain_text.name(display, most=500), plain_text.name(address, most=320)


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_unfolded(value).strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except _BROKEN:
        return None


def _by_policy(wanted: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        header = policy.default.header_factory(wanted, _unfolded(value))
        if header.defects:
            raise HeaderParseError(wanted)
        return str(header)

    return read


def _by_compat32(value: str) -> str:
    return str(make_header(decode_header(_unfolded(value))))


def _first_that_works(value: str, *readers: Callable[[str], str]) -> str:
    for reader in readers:
        try:
            return reader(value)
        except _BROKEN:
            continue
    return value


def _unfolded(value: str) -> str:
    return plain_text.well_formed("".join(value.splitlines()))
