"""The promise that profiles are not sold.  Source: the policy's promise R67."""

_SALE = ("sälj", "såld", "sell", "sale", "sold")
_PROFILE = "profil"


def sounds_like_selling(purpose: str) -> bool:
    """Return whether a purpose in the office's own words is about selling profiles."""
    words = purpose.casefold()
    return _PROFILE in words and any(stem in words for stem in _SALE)
