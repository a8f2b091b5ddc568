"""Words of names that are nearly the one typed.  Belongs to `search`; knows words only, never who has them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import log1p

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.domain.names import fold
from app.domain.sounds import sound

MOST = 60
"""So many near words are looked at for a typed one, the nearest and commonest first."""
MOST_INSIDE = 20
SAME_SOUND, SLIP, NEAR_SOUND, INSIDE, ONE_SLIP, ONE_WORD_LESS, TWO_SLIPS = 0.3, 1.0, 1.1, 1.2, 1.3, 1.4, 2.0
RARE_WORD = 0.4
"""How much more it takes to believe that a rare word was typed for nothing."""
KEPT = 500
SHORT = 4
"""Words so short have little to begin or end with; there are few of them."""


class Vocabulary:
    """All words of all names, with how many people have each.

    Args:
        counts: The words and how many have them, with å ä ö and without.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = {word: count for word, count in counts.items() if word.isascii() or fold(word) == word}
        self._by_sound: dict[str, list[str]] = {}
        for word in self.counts:
            self._by_sound.setdefault(sound(word), []).append(word)
        words = list(self.counts)
        self._words, self._text = words, "\n".join(words)
        self._starts = [0, *accumulate(len(word) + 1 for word in words)]
        self._spelt, self._sounding = _Ends(words), _Ends(self._by_sound)
        self._kept: dict[str, dict[str, float]] = {}
        self._commonest = log1p(max(self.counts.values(), default=1))

    def near(self, word: str) -> dict[str, float]:
        """Return the words near one, each with how far it is: 0 is the same, 1 is a slip of the finger."""
        known = self._kept.get(word)
        if known is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            known = self._kept[word] = self._near(word)
        return known

    def _near(self, word: str) -> dict[str, float]:
        costs = dict.fromkeys(self._inside(word), INSIDE) if len(word) >= 4 else {}
        heard = sound(word)
        for key in self._sounding.one_slip_from(heard):
            costs.update(dict.fromkeys(self._by_sound[key], NEAR_SOUND))
        costs.update(dict.fromkeys(self._spelt.one_slip_from(word), SLIP))
        costs.update(dict.fromkeys(self._by_sound.get(heard, ()), SAME_SOUND))
        if word in self.counts:
            costs[word] = 0
        if not costs and len(word) >= 7:
            found = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=2, limit=None)
            costs = dict.fromkeys((other for other, _distance, _place in found), TWO_SLIPS)
        nearest = sorted(costs, key=lambda other: (costs[other], -self.counts[other]))[:MOST]
        return {other: costs[other] for other in nearest}

    def readings(self, words: Sequence[str]) -> list[tuple[float, tuple[str, ...]]]:
        """Return the ways to read a name, with their cost: as it stands, two words as one, one word as two, one too many."""
        found = {tuple(words): 0.0}
        for place in range(len(words) - 1):
            joined = words[place] + words[place + 1]
            if joined in self.counts:
                found.setdefault((*words[:place], joined, *words[place + 2 :]), SAME_SOUND)
        for place, word in enumerate(words):
            for cut in range(3, len(word) - 2):
                if word[:cut] in self.counts and word[cut:] in self.counts and word not in self.counts:
                    found.setdefault((*words[:place], word[:cut], word[cut:], *words[place + 1 :]), SAME_SOUND)
        if len(words) > 2:
            for place in range(len(words)):
                less = (*words[:place], *words[place + 1 :])
                found.setdefault(less, ONE_WORD_LESS + RARE_WORD * self._rarity(words[place]))
        return sorted(((cost, reading) for reading, cost in found.items()), key=lambda one: one[0])[:8]

    def _rarity(self, word: str) -> float:
        """Return how rare a word is, from 0 for the commonest to 1 for one that nobody has."""
        return 1 - log1p(self.counts.get(word, 0)) / self._commonest

    def _inside(self, word: str) -> Iterable[str]:
        """Return words that have the word in them."""
        place = self._text.find(word)
        found: list[str] = []
        while place >= 0 and len(found) < MOST_INSIDE:
            number = bisect_right(self._starts, place) - 1
            found.append(self._words[number])
            place = self._text.find(word, self._starts[number + 1])
        return found


class _Ends:
    """Words by how they begin and end: one slip leaves either the first or the last half of a word as it was."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forwards = sorted(words)
        self._short = [word for word in self._forwards if len(word) <= SHORT + 1]
        self._backwards = sorted(word[::-1] for word in self._forwards)

    def one_slip_from(self, word: str) -> list[str]:
        """Return the words that differ by one letter more, less or other, or by two that changed places; the word itself too."""
        found = process.extract(word, self._candidates(word), scorer=OSA.distance, score_cutoff=1, limit=None)
        return [other for other, _distance, _place in found]

    def _candidates(self, word: str) -> Sequence[str]:
        if len(word) <= SHORT:
            return self._short
        half = (len(word) - 1) // 2
        among = set(_starting(self._forwards, word[:half]))
        among.update(other[::-1] for other in _starting(self._backwards, word[: -half - 1 : -1]))
        return [other for other in among if -2 < len(other) - len(word) < 2]


def _starting(words: Sequence[str], start: str) -> Sequence[str]:
    return words[bisect_left(words, start) : bisect_left(words, start + "\U0010ffff")]
