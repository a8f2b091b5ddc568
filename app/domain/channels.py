"""How people reach the office, and how the office may market to them."""

from enum import StrEnum

from app.i18n import _, mark


class Channel(StrEnum):
    """How a request arrived.  Any channel counts.  Source: Art. 12.2 GDPR."""

    EMAIL = "email"
    FORM = "form"
    LETTER = "letter"
    PHONE = "phone"
    VISIT = "visit"
    OTHER = "other"


class MarketingChannel(StrEnum):
    """A kind of marketing that a person can switch off on its own.  Source: Art. 21.2 GDPR: profiling for it counts."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    PROFILING = "profiling"


_LABELS = {
    Channel.EMAIL: mark("E-post"),
    Channel.FORM: mark("Kontaktformulär"),
    Channel.LETTER: mark("Brev"),
    Channel.PHONE: mark("Telefon"),
    Channel.VISIT: mark("Besök"),
    Channel.OTHER: mark("Annat sätt"),
}
_MARKETING_LABELS = {
    MarketingChannel.EMAIL: mark("E-post"),
    MarketingChannel.SMS: mark("Sms"),
    MarketingChannel.LETTER: mark("Brev"),
    MarketingChannel.PROFILING: mark("Profilerade erbjudanden"),
}


def label(channel: Channel | MarketingChannel) -> str:
    """Return the channel's name as the user reads it."""
    return _(_LABELS[channel]) if isinstance(channel, Channel) else _(_MARKETING_LABELS[channel])
