"""How severe a breach is for the people concerned, and what the law then asks for.

The figure is a suggestion; the risk level is set by the officer with a reason.
Source: ENISA, Recommendations for a methodology of the assessment of severity of personal data breaches (2013); Arts 33 and 34 GDPR.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import ExitCode, UserError
from app.domain.wording import number
from app.i18n import _, mark

KINDS = (1, 2, 3, 4)
EASE = (0.25, 0.5, 0.75, 1.0)
CIRCUMSTANCE = (0.0, 0.25, 0.5)
INTENT = (0.0, 0.5)


class Risk(StrEnum):
    """The risk to people's rights and freedoms."""

    UNLIKELY = "unlikely"
    RISK = "risk"
    HIGH = "high"


class Band(StrEnum):
    """The span that a severity score falls in."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


_RISK_LABELS = {
    Risk.UNLIKELY: mark("Osannolik risk"),
    Risk.RISK: mark("Risk"),
    Risk.HIGH: mark("Hög risk"),
}
_BAND_LABELS = {
    Band.LOW: mark("låg"),
    Band.MEDIUM: mark("medel"),
    Band.HIGH: mark("hög"),
    Band.VERY_HIGH: mark("mycket hög"),
}
_SUGGESTED = {Band.LOW: Risk.UNLIKELY, Band.MEDIUM: Risk.RISK, Band.HIGH: Risk.HIGH, Band.VERY_HIGH: Risk.HIGH}


@dataclass(frozen=True)
class SeverityInput:
    """The answers that the score is made from.

    Attributes:
        dpc: The kind of data: 1 simple, 2 behaviour, 3 money, 4 sensitive.
        ei: How easily a person is recognised: 0.25, 0.5, 0.75 or 1.
        confidentiality: 0, 0.25 (known recipients) or 0.5 (unknown number of recipients).
        integrity: 0, 0.25 (altered, can be mended) or 0.5 (cannot).
        availability: 0, 0.25 (for a time) or 0.5 (for good).
        malicious: 0, or 0.5 when somebody meant harm.
    """

    dpc: float
    ei: float
    confidentiality: float = 0.0
    integrity: float = 0.0
    availability: float = 0.0
    malicious: float = 0.0


@dataclass(frozen=True)
class Severity:
    """A score, its span, the risk level it suggests, and the sum in words."""

    score: float
    band: Band
    risk: Risk
    sum: str


@dataclass(frozen=True)
class Duties:
    """What must be done about a breach."""

    document: bool
    notify: bool
    inform: bool


def severity(given: SeverityInput) -> Severity:
    """Return the severity of a breach: kind of data times ease of recognition, plus the circumstances.

    Raises:
        UserError: An answer is not one of the choices.
    """
    _check(given)
    circumstances = given.confidentiality + given.integrity + given.availability + given.malicious
    score = given.dpc * given.ei + circumstances
    band = _band(score)
    words = _(
        "Slags uppgifter {kind} × lätthet att känna igen {ease} + omständigheter {extra} = {score}: {band} allvarlighet"
    ).format(
        kind=number(given.dpc),
        ease=number(given.ei),
        extra=number(circumstances),
        score=number(score),
        band=band_label(band),
    )
    return Severity(score, band, _SUGGESTED[band], words)


def duties(risk: Risk) -> Duties:
    """Return what the law asks for at a risk level.

    Source: Art. 33.5 GDPR (document, always), Art. 33.1 (notify unless a risk is unlikely), Art. 34.1 (inform at a high risk).
    """
    return Duties(document=True, notify=risk is not Risk.UNLIKELY, inform=risk is Risk.HIGH)


def label(risk: Risk) -> str:
    """Return the risk level as the user reads it."""
    return _(_RISK_LABELS[risk])


def band_label(band: Band) -> str:
    """Return the span of the score as a word."""
    return _(_BAND_LABELS[band])


def duties_label(wanted: Duties) -> str:
    """Return what to do, as the user reads it."""
    if wanted.inform:
        return _("Anmäl till tillsynsmyndigheten och informera de berörda")
    return _("Anmäl till tillsynsmyndigheten") if wanted.notify else _("Skriv bara upp incidenten")


def _band(score: float) -> Band:
    if score < 2:
        return Band.LOW
    if score < 3:
        return Band.MEDIUM
    return Band.HIGH if score < 4 else Band.VERY_HIGH


def _check(given: SeverityInput) -> None:
    answers: tuple[tuple[str, float, tuple[float, ...]], ...] = (
        (_("Slags uppgifter"), given.dpc, KINDS),
        (_("Lätthet att känna igen"), given.ei, EASE),
        (_("Konfidentialitet"), given.confidentiality, CIRCUMSTANCE),
        (_("Riktighet"), given.integrity, CIRCUMSTANCE),
        (_("Tillgänglighet"), given.availability, CIRCUMSTANCE),
        (_("Avsikt"), given.malicious, INTENT),
    )
    for name, value, choices in answers:
        if value not in choices:
            raise UserError(
                _("{question}: svaret är inte ett av valen.").format(question=name),
                stands=_("Ingen bedömning har gjorts."),
                do=_("Välj ett av {choices}.").format(choices="; ".join(number(choice) for choice in choices)),
                code=ExitCode.USAGE,
            )
