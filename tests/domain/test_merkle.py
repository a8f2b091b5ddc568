"""The tree against the published answers of RFC 6962's own test tree, against a plain recursive one, and against forgeries."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
)

# the eight leaves and the roots that implementations of RFC 6962 are tried with
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def hashes(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def plain_root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


def root(leaves: list[bytes]) -> bytes:
    return Frontier().grown(leaves).root


def test_the_roots_are_the_published_ones() -> None:
    assert Frontier().root == EMPTY_ROOT == plain_root([])
    for count, wanted in enumerate(ROOTS, start=1):
        assert root([leaf_hash(leaf) for leaf in LEAVES[:count]]).hex() == wanted


@given(st.integers(0, 130), st.integers(0, 130))
def test_a_tree_may_grow_in_steps(first: int, more: int) -> None:
    leaves = hashes(first + more)
    begun = Frontier().grown(leaves[:first])
    kept = Frontier.load(begun.size, begun.dump())
    assert kept.grown(leaves[first:]).root == plain_root(leaves)


@pytest.mark.parametrize(("size", "raw"), [(1, b""), (3, bytes(32)), (2, bytes(31)), (0, bytes(32)), (1, bytes(33))])
def test_what_is_no_frontier_is_refused(size: int, raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"hash"):
        Frontier.load(size, raw)


def bent(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """Return the proof with each hash changed, left out and doubled, cut and made longer."""
    found = [(*proof, bytes(32)), (bytes(32), *proof)]
    for place, held in enumerate(proof):
        other = bytes([held[0] ^ 1]) + held[1:]
        found += [(*proof[:place], other, *proof[place + 1 :]), (*proof[:place], *proof[place + 1 :])]
        found.append((*proof[:place], held, *proof[place:]))
    return found


def test_every_leaf_is_shown_to_stand_in_its_tree_and_every_forgery_is_refused() -> None:
    probes = 0
    for size in range(1, 18):
        leaves = hashes(size)
        top = root(leaves)
        for index in range(size):
            proof = inclusion_proof(leaves, index)
            assert is_included(leaves[index], index, size, proof, top)
            for other in bent(proof):
                probes += 1
                assert not is_included(leaves[index], index, size, other, top)
            for place in {-1, size, *range(size)} - {index}:
                probes += 1
                assert not is_included(leaves[index], place, size, proof, top)
            assert not is_included(leaf_hash(b"other"), index, size, proof, top)
            assert not is_included(leaves[index], index, size, proof, bytes(32))
    assert probes > 1000


def test_every_tree_is_shown_to_be_the_beginning_of_a_larger_one_and_every_forgery_is_refused() -> None:
    probes = 0
    for new in range(1, 18):
        leaves = hashes(new)
        for old in range(1, new + 1):
            proof, roots = consistency_proof(leaves, old), (root(leaves[:old]), root(leaves))
            assert is_consistent((old, new), roots, proof)
            for other in bent(proof):
                probes += 1
                assert not is_consistent((old, new), roots, other)
            for false in ((bytes(32), roots[1]), (roots[0], bytes(32))):
                probes += 1
                assert not is_consistent((old, new), false, proof)
            rewritten = [leaf_hash(b"other"), *leaves[1:]]
            assert not is_consistent((old, new), (roots[0], root(rewritten)), consistency_proof(rewritten, old))
    assert probes > 1000


def test_a_tree_that_never_was_has_no_proof() -> None:
    leaves = hashes(5)
    for index in (-1, 5):
        with pytest.raises(IndexError):
            inclusion_proof(leaves, index)
    for old in (0, 6):
        with pytest.raises(IndexError):
            consistency_proof(leaves, old)
    for sizes in ((0, 5), (6, 5)):
        assert not is_consistent(sizes, (root(leaves), root(leaves)), ())
    assert not is_consistent((3, 5), (root(leaves[:3]), root(leaves)), ())
