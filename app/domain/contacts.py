"""Telephone numbers, e-mail addresses and postcodes in the one form they are compared in."""

import re
import unicodedata

import phonenumbers

_POSTCODE = re.compile(r"(?:SE?-)?([1-9]\d{2}) ?(\d{2})", re.IGNORECASE)
_SPACING = re.compile(r"[ \-\u00a0]")
_MOBILE = re.compile(r"(?:\+46|0046|0)(7[02369]\d{7})")
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f]{1,64}")
_IN_ASCII = r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
_DOMAIN = re.compile(_IN_ASCII)
_LOWER = re.compile(r"[a-z0-9._+-]{1,64}@" + _IN_ASCII)


def phone(text: str) -> str | None:
    """Return a telephone number in E.164 form, Swedish unless it says otherwise; None when it is not one."""
    cleaned = text.strip().replace("(0)", "")
    if mobile := _MOBILE.fullmatch(
        _SPACING.sub("", cleaned)
    ):  # most numbers by far; the library takes many times longer
        return "+46" + mobile[1]
    digits = re.sub(r"\D", "", cleaned)
    if digits.startswith("46") and len(digits) >= 10 and not cleaned.startswith("+"):
        cleaned = "+" + digits
    try:
        number = phonenumbers.parse(cleaned, "SE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_shown(e164: str) -> str:
    """Return a stored number as people write it: `070-174 06 05`, or with its country code when it is foreign."""
    number = phonenumbers.parse(e164)
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if number.country_code == 46 else form.INTERNATIONAL)


def email(text: str) -> str | None:
    """Return an e-mail address in the form it is compared in; None when it is not one.

    Store the address as it was entered: this form has no capitals and an ASCII domain.
    """
    if _LOWER.fullmatch(text):  # most by far
        return text
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    try:
        ascii_domain = (domain if domain.isascii() else domain.encode("idna").decode("ascii")).lower()
    except UnicodeError:
        return None
    is_address = bool(at) and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)
    return f"{local.casefold()}@{ascii_domain}" if is_address else None


def postcode(text: str) -> str | None:
    """Return a Swedish postcode as `752 31`; None when it is not one."""
    match = _POSTCODE.fullmatch(text.strip())
    return f"{match[1]} {match[2]}" if match else None
