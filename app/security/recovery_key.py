"""The recovery key as people copy it from paper: eight groups of five characters, each group with its own check.

160 bits, four Crockford base32 characters a group; the fifth is a check over GF(32).  Its weights are different for
each place, so one wrong character and two swapped ones always show; a constant for each group shows groups in the
wrong order.
"""

import re
import secrets

from app.domain.errors import ExitCode, UserError
from app.i18n import _, ngettext

ENTROPY_BYTES = 20
GROUPS = 8
GROUP_LENGTH = 5

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORGIVEN = str.maketrans("OIL", "011")
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)


def make(entropy: bytes) -> str:
    """Return the key that stands for 20 random bytes, such as `6C3F7-0K2RT-…`."""
    if len(entropy) != ENTROPY_BYTES:
        raise ValueError(len(entropy))
    number = int.from_bytes(entropy)
    values = [number >> 5 * place & 31 for place in reversed(range(GROUPS * (GROUP_LENGTH - 1)))]
    groups = [values[start : start + GROUP_LENGTH - 1] for start in range(0, len(values), GROUP_LENGTH - 1)]
    checked = [[*group, _check(group, place)] for place, group in enumerate(groups, start=1)]
    return "-".join("".join(_ALPHABET[value] for value in group) for group in checked)


def draw() -> str:
    """Return a new key that opens nothing yet: for a sheet that is printed before the key counts."""
    return make(secrets.token_bytes(ENTROPY_BYTES))


def parse(text: str) -> bytes:
    """Return the 20 bytes of a typed key; spaces, hyphens, small letters, O for 0 and I or L for 1 are forgiven.

    Raises:
        UserError: The key is mistyped; the text names the groups.
    """
    typed = groups(text)
    wrong = [number for number in range(1, GROUPS + 1) if not is_group("".join(typed[number - 1 : number]), number)]
    lengths = [len(group) for group in typed]
    if sum(lengths) != GROUPS * GROUP_LENGTH and set(lengths[:-1]) <= {GROUP_LENGTH}:
        raise _mistyped(wrong[:1])  # cut into fives: the groups after it are only shifted
    if wrong:
        raise _mistyped(wrong)
    number = 0
    for character in "".join(group[:-1] for group in typed):
        number = number << 5 | _ALPHABET.index(character)
    return number.to_bytes(ENTROPY_BYTES)


def groups(text: str) -> tuple[str, ...]:
    """Return the typed groups in the key's own letters.

    The text is cut into fives wherever its spaces are.  Only when its length is wrong and its own spaces and hyphens
    make eight groups do they count, so that a missing character is blamed on the group it is missing from.
    """
    parts = tuple(_own_letters(part) for part in re.split(r"[\W_]+", text) if part)
    whole = "".join(parts)
    if len(parts) == GROUPS and len(whole) != GROUPS * GROUP_LENGTH:
        return parts
    return tuple(whole[start : start + GROUP_LENGTH] for start in range(0, len(whole), GROUP_LENGTH))


def is_group(typed: str, number: int) -> bool:
    """Tell whether one typed group is a right group number `number` (1–8), for a mark beside it while typing."""
    values = [_ALPHABET.find(character) for character in _own_letters(typed)]
    return len(values) == GROUP_LENGTH and min(values) >= 0 and _check(values[:-1], number) == values[-1]


def _own_letters(text: str) -> str:
    return text.strip().upper().translate(_FORGIVEN)


def _check(values: list[int], group: int) -> int:
    total = group
    for value in values:
        total = _times_x(total ^ value)
    return total


def _times_x(value: int) -> int:
    return value << 1 ^ (_POLYNOMIAL if value & 16 else 0)


def _mistyped(wrong: list[int]) -> UserError:
    what = _("Återställningsnyckeln har för många tecken.")
    if wrong:
        what = ngettext(
            "Grupp {numbers} i återställningsnyckeln är felskriven.",
            "Grupperna {numbers} i återställningsnyckeln är felskrivna.",
            len(wrong),
        ).format(numbers=", ".join(map(str, wrong)))
    return UserError(
        what,
        stands=_("Valvet är låst och orört."),
        do=_("Jämför med ditt utskrivna ark och skriv gruppen igen."),
        code=ExitCode.WRONG_SECRET,
    )
