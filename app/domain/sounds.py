"""How a Swedish name sounds, roughly: two spellings of one name should have one key."""

import re

_SIGNS = (
    ("ph", "f"), ("th", "t"), ("ch", "k"), ("ck", "k"), ("dt", "t"), ("gh", "g"), ("qv", "kv"), ("qu", "kv"), ("x", "ks"),
    ("hj", "j"), ("lj", "j"), ("gj", "j"),
)  # fmt: skip
_LETTERS = str.maketrans("cqwzy", "kkvsi")
_TWICE = re.compile(r"(.)\1+")


def sound(word: str) -> str:
    """Return the key of a folded word: c is k, w is v, z is s, ph is f, th is t, and double letters are one."""
    for sign, same in _SIGNS:
        if sign in word:
            word = word.replace(sign, same)
    return _TWICE.sub(r"\1", word.translate(_LETTERS))
