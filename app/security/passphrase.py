"""How good a passphrase is, in words, and a suggestion.  A rough estimate that errs on the side of caution."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import log2

from app.i18n import _, mark

LEVELS = (mark("Mycket svag"), mark("Svag"), mark("Godtagbar"), mark("Stark"), mark("Mycket stark"))
ENOUGH = 3

_LIMITS = (28, 40, 52, 64)  # bits at which levels 1 to 4 begin
_WORD_CAP = 13.2  # bits: one word out of some 9 400
_GUESSED_BITS = 3.0

_ONSETS = "bdfghjklmnprstvz"
_VOWELS = "aeiouy"
_WORDS = 5

_COMMON_WORDS = (
    "abc admin administrator access anna användare apa batman bil blomma changeme chef dator dataskydd default demo "
    "dragon dskydd erik fika flower football foretag fotboll företag fredag friday ganja gast glass god gott guest gäst "
    "hammarby hej hejhej hejsan hello hemlig hemligt hockey hund iloveyou ingen intranet jag jonas juni juli karlek katt "
    "kalle katten killer konto kontor kärlek letmein lisa login losen losenord lösen lösenfras lösenord maj mamma martin "
    "master måndag mandag monday monkey mormor nalle ninja nyckel ombud ombudet onsdag pappa pass passphrase password "
    "princess prinsessa qwerty secret semester shadow snigel sol sommar stockholm summer sunshine superman sverige "
    "sweden test testar tisdag tjena torsdag trustno vinter välkommen valkommen vår host höst welcome winter"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopå", "asdfghjklöä", "zxcvbnm")
_DISGUISES = str.maketrans("0134578@$!", "oleastbasi")


@dataclass(frozen=True)
class Strength:
    """How long a passphrase would stand.

    Attributes:
        level: 0 (guessed at once) to 4; from `ENOUGH` on it is fit for a vault.
        words: The level and what pulls it down, as one sentence.
    """

    level: int
    words: str


@dataclass(frozen=True)
class _Piece:
    bits: float
    reason: str


def strength(text: str) -> Strength:
    """Judge a passphrase: its length, its kinds of characters, common words, repetitions and rows of the keyboard."""
    pieces: list[_Piece] = []
    seen: set[str] = set()
    for found in re.findall(r"[^\W\d_]+|\d+|[\W_]", text):
        piece = _judged(found)
        repeated = found.casefold() in seen and len(found) > 1
        pieces.append(_Piece(1.0, _("något upprepas")) if repeated else piece)
        seen.add(found.casefold())
    bits = _GUESSED_BITS if _is_common_as_a_whole(text) else sum(piece.bits for piece in pieces)
    level = sum(bits >= limit for limit in _LIMITS)
    return Strength(level, _sentence(level, pieces, text))


def suggestion(random: Callable[[int], int]) -> str:
    """Return five invented words, 65.8 bits, without å, ä and ö so that any keyboard can type them.

    Args:
        random: Returns a number below its argument, such as `secrets.randbelow`.
    """
    return " ".join("".join(_syllable(random) for _half in range(2)) for _word in range(_WORDS))


def suggestion_bits() -> float:
    """Return how many random bits a suggestion holds."""
    return _WORDS * 2 * log2(len(_ONSETS) * len(_VOWELS))


def _syllable(random: Callable[[int], int]) -> str:
    return _ONSETS[random(len(_ONSETS))] + _VOWELS[random(len(_VOWELS))]


def _judged(found: str) -> _Piece:
    folded = found.casefold()
    if len(found) > 2 and len(set(folded)) == 1:
        return _Piece(_GUESSED_BITS + 1, _("ett tecken upprepas"))
    if len(found) > 2 and any(folded in row or folded[::-1] in row for row in _ROWS):
        return _Piece(_GUESSED_BITS + 1, _("tecken följer i rad"))
    if folded in _COMMON:
        return _Piece(_GUESSED_BITS, _("ett ord är vanligt"))
    if found.isdigit():
        is_year = len(found) == 4 and found[:2] in {"19", "20"}
        return _Piece(6.0 if is_year else 3.3 * len(found), _("ett årtal är lätt att gissa") if is_year else "")
    if not found.isalpha():
        return _Piece(0.0 if found.isspace() else 4.0, "")
    return _Piece(_letters(found), "")


def _letters(found: str) -> float:
    is_word = found.islower() or found.isupper() or found.istitle()
    if is_word and not re.search(r"[^aeiouyåäö]{6}", found.casefold()):
        return min(3.3 * len(found), _WORD_CAP)
    return 4.7 * len(found)


def _is_common_as_a_whole(text: str) -> bool:
    folded = text.casefold()
    return bool({folded.translate(_DISGUISES), folded.rstrip("0123456789!?.*")} & _COMMON)


def _sentence(level: int, pieces: list[_Piece], text: str) -> str:
    reasons = list(dict.fromkeys(piece.reason for piece in pieces if piece.reason))
    if _is_common_as_a_whole(text):
        reasons = [_("ett ord är vanligt")]
    if level < ENOUGH:
        reasons.append(_("den är för kort") if len(text) < 16 else _("fler ord behövs"))
    name = _(LEVELS[level])
    if not reasons or level == len(LEVELS) - 1:
        return _("{level}.").format(level=name)
    return _("{level}: {reasons}.").format(level=name, reasons=", ".join(reasons))
