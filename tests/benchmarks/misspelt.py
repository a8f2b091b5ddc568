"""Names as people mistype and mishear them."""

import random
from collections.abc import Callable

from app.domain.names import fold

LETTERS = "abcdefghijklmnoprstuvyåäö"


def misspelt(name: str, kind: str, chance: random.Random) -> str | None:
    """Return a name with one kind of mistake in it, None when this name cannot have it."""
    made = MISTAKES[kind](name, chance)
    return made if made and made != name else None


def _short(name: str) -> tuple[str, str]:
    """Return the name people use: the first forename and the whole surname."""
    forename, _space, rest = name.partition(" ")
    return forename, rest.split(" ")[-1]


def _edited(word: str, chance: random.Random) -> str:
    place, letter = chance.randrange(1, len(word)), chance.choice(LETTERS)
    return chance.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[:place - 1] + word[place] + word[place - 1] + word[place + 1 :] if place > 1 else word[:place] + letter + word[place:],
        )
    )  # fmt: skip


def _one_edit(name: str, chance: random.Random) -> str | None:
    words = name.split(" ")
    place = chance.randrange(len(words))
    if len(words[place]) < 4:
        return None
    words[place] = _edited(words[place], chance)
    return " ".join(words)


def _edit_each(name: str, chance: random.Random) -> str | None:
    parts = _short(name)
    return " ".join(_edited(part, chance) for part in parts) if min(map(len, parts)) >= 4 else None


def _swapped(name: str, _chance: random.Random) -> str:
    words = name.split(" ")
    return " ".join([words[-1], *words[:-1]])


def _bare(name: str, _chance: random.Random) -> str:
    return fold(name)


def _double(name: str, chance: random.Random) -> str | None:
    """A double forename with a space for the hyphen, with a hyphen for the space, or as one word."""
    words = name.split(" ")
    if "-" in words[0]:
        return " ".join([words[0].replace("-", chance.choice((" ", ""))).capitalize(), *words[1:]])
    return "-".join(words[:2]) + " " + " ".join(words[2:]) if len(words) > 2 else None


def _married(name: str, chance: random.Random) -> str | None:
    """One surname of two, or the two the other way round, or one more than the register knows."""
    forename, last = _short(name)
    if "-" not in last:
        return f"{forename} {last}-{chance.choice(('Berg', 'Lind', 'Holm', 'Ek'))}" if chance.random() < 0.3 else None
    own, other = last.split("-", 1)
    return chance.choice(
        (f"{name.removesuffix(last)}{own}", f"{name.removesuffix(last)}{other}", f"{forename} {other}-{own}")
    )


def _changed(*pairs: tuple[str, str]) -> Callable[[str, random.Random], str | None]:
    def change(name: str, chance: random.Random) -> str | None:
        both = [pair for one in pairs for pair in (one, one[::-1])]
        chance.shuffle(both)
        for old, new in both:
            if old in name.casefold():
                place = name.casefold().index(old)
                return name[:place] + new + name[place + len(old) :]
        return None

    return change


MISTAKES: dict[str, Callable[[str, random.Random], str | None]] = {
    "one edit": _one_edit,
    "one edit in each word": _edit_each,
    "swapped": _swapped,
    "without å ä ö": _bare,
    "double forename": _double,
    "double or married surname": _married,
    "c/k": _changed(("c", "k")),
    "w/v": _changed(("w", "v")),
    "z/s": _changed(("z", "s")),
    "ph/f": _changed(("ph", "f")),
    "th/t": _changed(("th", "t")),
    "-son/-sson": _changed(("sson", "son")),
}
