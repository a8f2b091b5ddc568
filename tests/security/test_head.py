"""The file `head`: the newest whole slot counts, a damaged one never does, and what tears one slot leaves the other."""

import os
import random
import struct
from pathlib import Path

import pytest

from app.domain.errors import ExitCode, UserError
from app.domain.freshness import Mark
from app.security import head
from app.security.head import NAME, OPEN, HeadFile, State
from tests.security.conftest import Made

MARK = Mark(7, 5, b"\x05" * 32)
NEXT = Mark(8, 6, b"\x06" * 32)


@pytest.fixture
def begun(made: Made) -> Made:
    head.create(made.folder, made.keys, State(MARK))
    return made


def raw(made: Made) -> bytes:
    return (made.folder / NAME).read_bytes()


def test_what_is_written_last_is_read(begun: Made) -> None:
    assert head.read(begun.folder, begun.keys) == State(MARK)
    file = HeadFile(begun.folder, begun.keys)
    assert file.synced == 7
    file.write(NEXT, pages=b"\x01" * 32)
    assert file.synced == 8
    assert head.read(begun.folder, begun.keys) == State(NEXT, b"\x01" * 32, 1)
    file.write(NEXT)
    assert head.read(begun.folder, begun.keys) == State(NEXT, OPEN, 2)
    file.close()
    file.close()


def test_the_last_lasting_slot_is_never_written_over(begun: Made) -> None:
    file = HeadFile(begun.folder, begun.keys)
    file.write(NEXT)
    lasting = raw(begun)[4096:4216]
    for count in range(9, 40):
        file.write(Mark(count, count, bytes(32)), is_lasting=False)
        assert file.synced == 8
        assert raw(begun)[4096:4216] == lasting
    again = HeadFile(begun.folder, begun.keys)  # the process was killed; what it wrote is put on disk first
    assert again.synced == 39
    again.write(Mark(40, 40, bytes(32)))
    assert raw(begun)[4096:4216] != lasting


def test_each_flipped_bit_gives_the_older_slot_or_none(begun: Made) -> None:
    file = HeadFile(begun.folder, begun.keys)
    file.write(NEXT)
    file.close()
    whole, chance = raw(begun), random.Random(1)  # noqa: S311
    size = 8 * 128
    for place in [*chance.sample(range(size), 150), *(4096 * 8 + bit for bit in chance.sample(range(size), 150))]:
        bent = bytearray(whole)
        bent[place // 8] ^= 1 << place % 8
        (begun.folder / NAME).write_bytes(bent)
        assert head.read(begun.folder, begun.keys) == (State(NEXT, turn=1) if place < 4096 * 8 else State(MARK))
    for bad in (b"", whole[:100], bytes(8192), os.urandom(8192), whole[4096:] + whole[:4096][:100]):
        (begun.folder / NAME).write_bytes(bad)
        state = head.read(begun.folder, begun.keys)
        assert state is None or state == State(NEXT, turn=1)


def test_a_broken_file_is_begun_again_without_its_slots(begun: Made) -> None:
    (begun.folder / NAME).write_bytes(bytes(8192))
    file = HeadFile(begun.folder, begun.keys)
    assert file.synced == 0
    file.write(NEXT)
    assert head.read(begun.folder, begun.keys) == State(NEXT, turn=0)
    file.close()


def test_another_vaults_slot_counts_for_nothing(begun: Made) -> None:
    other = type(begun.keys)("ab" * 16, begun.keys.database, begun.keys.vault_key)
    assert head.read(begun.folder, other) is None
    key = type(begun.keys)(begun.keys.vault_id, begun.keys.database, bytes(32))
    assert head.read(begun.folder, key) is None


def test_a_disk_that_refuses_is_said(begun: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    file = HeadFile(begun.folder, begun.keys)

    def full(*_given: object) -> int:
        raise OSError(28, "full")

    for name, broken in (("write", full), ("write", lambda _handle, data: len(data) - 1)):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, broken)
            with pytest.raises(UserError) as caught:
                file.write(NEXT)
            assert caught.value.code is ExitCode.DISK
    assert head.read(begun.folder, begun.keys) == State(MARK)
    (begun.folder / NAME).unlink()
    with pytest.raises(UserError):
        HeadFile(begun.folder, begun.keys)


def test_a_page_put_back_gives_another_digest(tmp_path: Path) -> None:
    path = tmp_path / "data.db"
    pages = [os.urandom(4096) for _number in range(2500)]
    path.write_bytes(b"".join(pages))
    whole = head.digest_of_pages(path)
    assert head.digest_of_pages(path) == whole
    for other in (
        [*pages[:7], os.urandom(4096), *pages[8:]],
        [*pages[:7], pages[8], pages[7], *pages[9:]],
        pages[:-1],
        [*pages, pages[-1]],
        [*pages[:-1], pages[-1] + b"x"],
    ):
        path.write_bytes(b"".join(other))
        assert head.digest_of_pages(path) != whole
    path.unlink()
    with pytest.raises(UserError):
        head.digest_of_pages(path)


def test_a_second_reader_finds_what_the_page_of_formats_says(begun: Made) -> None:
    import hmac
    from hashlib import sha256

    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = HKDF(SHA256(), 32, None, b"ombudet/1 head").derive(begun.keys.vault_key)
    slot = raw(begun)[:4096]
    magic, turn, count, seq, link, pages = struct.unpack(">8sQQQ32s32s", slot[:96])
    assert (magic, turn, count, seq, link, pages) == (b"OMBHEAD1", 0, 7, 5, MARK.link, bytes(32))
    assert slot[96:128] == hmac.new(key, begun.keys.vault_id.encode() + slot[:96], sha256).digest()
    assert slot[128:] == bytes(4096 - 128)
    assert raw(begun)[4096:] == bytes(4096)
