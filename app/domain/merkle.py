"""The tree of hashes over the trail's rows, as RFC 6962 makes it: one root stands for all of them, in their order.

Whoever kept an old root can see that the rows it stood for are all still there, unchanged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(record: bytes) -> bytes:
    """Return the hash of one row's bytes.  Source: RFC 6962 section 2.1."""
    return sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two neighbours.  Source: RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """What is needed of a tree to let it grow: the roots of its whole subtrees, the largest first.

    Attributes:
        size: How many leaves the tree has.
        peaks: One hash for each bit that is set in `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.peaks) != self.size.bit_count() or any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError("a frontier has one hash for each bit of its size")

    def grown(self, leaves: Iterable[bytes]) -> "Frontier":
        """Return the frontier with more leaves at its end."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            push(peaks, size, leaf)
            size += 1
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """Return the tree's root."""
        return root_of(self.peaks)

    def dump(self) -> bytes:
        """Return the peaks after each other."""
        return b"".join(self.peaks)

    @classmethod
    def load(cls, size: int, raw: bytes) -> "Frontier":
        """Return the frontier that was dumped.

        Raises:
            ValueError: The bytes do not belong to a tree of that size.
        """
        if len(raw) % HASH_BYTES:
            raise ValueError("a hash was cut off")
        return cls(size, tuple(raw[start : start + HASH_BYTES] for start in range(0, len(raw), HASH_BYTES)))


def push(peaks: list[bytes], size: int, leaf: bytes) -> None:
    """Add one leaf to the peaks of a tree of `size` leaves."""
    while size & 1:
        leaf = node_hash(peaks.pop(), leaf)
        size >>= 1
    peaks.append(leaf)


def root_of(peaks: Sequence[bytes]) -> bytes:
    """Return the root over a tree's peaks."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the hashes that lead from the leaf at `index` to the root.  Source: RFC 6962 section 2.1.1.

    Raises:
        IndexError: There is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), _root(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), _root(leaves[:split]))


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether a leaf stands at `index` in the tree of `size` with that root.  Source: RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(leaves: Sequence[bytes], old: int) -> tuple[bytes, ...]:
    """Return the hashes that show a tree to be the beginning of a larger one.  Source: RFC 6962 section 2.1.2.

    Raises:
        IndexError: The larger tree never had that size.
    """
    if not 0 < old <= len(leaves):
        raise IndexError(old)
    return _subproof(leaves, old, is_whole=True)


def is_consistent(sizes: tuple[int, int], roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    """Return whether the first tree is the beginning of the second one.  Source: RFC 9162 section 2.1.4.2."""
    old, new = sizes
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and roots[0] == roots[1]
    steps = [roots[0], *proof] if old & (old - 1) == 0 else list(proof)
    return bool(steps) and _climbed(old - 1, new - 1, steps) == roots


def _climbed(place: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Return the two roots that the hashes lead to, None when there are too few or too many of them."""
    while place & 1:
        place, last = place >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            was, now = node_hash(step, was), node_hash(step, now)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = node_hash(now, step)
        place, last = place >> 1, last >> 1
    return (was, now) if last == 0 else None


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _root(leaves: Sequence[bytes]) -> bytes:
    return Frontier().grown(leaves).root


def _subproof(leaves: Sequence[bytes], old: int, *, is_whole: bool) -> tuple[bytes, ...]:
    if old == len(leaves):
        return () if is_whole else (_root(leaves),)
    split = _split(len(leaves))
    if old <= split:
        return (*_subproof(leaves[:split], old, is_whole=is_whole), _root(leaves[split:]))
    return (*_subproof(leaves[split:], old - split, is_whole=False), _root(leaves[:split]))
