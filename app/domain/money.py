"""Amounts of money as they are stored, `1249.50`, and as people read them."""

import re
from decimal import Decimal

from app.i18n import _, language

_SPACES = re.compile("[ \u00a0\u202f]")
_AMOUNT = re.compile(r"([-+]?[0-9]+(?:[.,][0-9]+)?)(?:kr)?")


def amount(text: str) -> Decimal | None:
    """Return an amount with decimal point or comma as a number; None when it is something else, such as `cirka 5`."""
    found = _AMOUNT.fullmatch(_SPACES.sub("", text))
    return Decimal(found[1].replace(",", ".")) if found else None


def shown(text: str) -> str:
    """Return an amount in the words of the language in use, `1 249,50 kr`; what is no amount as it is.

    No decimal is lost: there are two, or as many as were stored.
    """
    found = amount(text)
    if found is None:
        return text
    decimals = -int(found.as_tuple().exponent)
    number = f"{found:,.{max(2, decimals)}f}"
    if language() == "sv":
        number = number.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",").replace("-", "\N{MINUS SIGN}")
    return _("{sum} kr").format(sum=number)
