"""Words of names that are nearly the one typed.  Belongs to `search`; knows words only, never who has them."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.domain.names import fold
from app.domain.sounds import sound

MOST = 60
"""So many near words are looked at for a typed one, the nearest and commonest first."""
SAME_SOUND, INSIDE, ONE_SLIP = 0.3, 0.9, 1.3


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
        self._sounds = list(self._by_sound)
        words = list(self.counts)
        self._words, self._text = words, "\n".join(words)
        self._starts = [0, *accumulate(len(word) + 1 for word in words)]

    def near(self, word: str) -> dict[str, float]:
        """Return the words near one, each with how far it is: 0 is the same, 1 is a slip of the finger."""
        most = 1 if len(word) <= 4 else 2
        found = process.extract(sound(word), self._sounds, scorer=OSA.distance, score_cutoff=most, limit=None)
        costs: dict[str, float] = {}
        for key, distance, _place in found:
            for other in self._by_sound[key]:
                costs[other] = distance or (SAME_SOUND if other != word else 0)
        for other in self._containing(word) if len(word) >= 4 else ():
            costs[other] = min(costs.get(other, INSIDE), INSIDE)
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
                found.setdefault((*words[:place], *words[place + 1 :]), INSIDE)
        return sorted(((cost, reading) for reading, cost in found.items()), key=lambda one: one[0])[:8]

    def _containing(self, word: str) -> Iterable[str]:
        place = self._text.find(word)
        found: list[str] = []
        while place >= 0 and len(found) < MOST:
            number = bisect_right(self._starts, place) - 1
            found.append(self._words[number])
            place = self._text.find(word, self._starts[number + 1])
        return found
