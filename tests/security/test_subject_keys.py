"""The keys of persons and documents: there before they are used, gone when they are destroyed, and never silently another's."""

import os
from pathlib import Path

import pytest

from app.domain.errors import ExitCode, UserError
from app.security import subject_keys
from app.security.subject_keys import SubjectKeys
from tests.security.test_journal import flipped

VAULT, KEY = "0f" * 16, bytes(range(32))
ANNA, BO, CARIN = "aa" * 16, "bb" * 16, "cc" * 16


@pytest.fixture
def keys(tmp_path: Path) -> SubjectKeys:
    made = SubjectKeys.create(tmp_path, VAULT, KEY)
    for owner in (ANNA, BO, CARIN):
        made.ensure(owner)
    made.flush()
    return made


def again(folder: Path) -> SubjectKeys:
    return SubjectKeys.load(folder, VAULT, KEY)


def test_a_key_is_the_same_after_reading_the_file(keys: SubjectKeys, tmp_path: Path) -> None:
    read = again(tmp_path)

    assert [read.key(owner) for owner in (ANNA, BO, CARIN)] == [keys.key(owner) for owner in (ANNA, BO, CARIN)]
    assert len({read.key(owner) for owner in (ANNA, BO, CARIN)}) == 3
    assert sorted(read.owners()) == [ANNA, BO, CARIN]
    assert read.ensure(ANNA) == keys.key(ANNA)


def test_a_key_that_was_not_put_on_disk_is_not_there(keys: SubjectKeys, tmp_path: Path) -> None:
    keys.ensure("dd" * 16)

    assert again(tmp_path).key("dd" * 16) is None
    keys.flush()
    assert again(tmp_path).key("dd" * 16) == keys.key("dd" * 16)


def test_a_destroyed_key_is_nowhere_in_the_file_and_the_others_stay(keys: SubjectKeys, tmp_path: Path) -> None:
    others = keys.key(ANNA), keys.key(CARIN)

    assert keys.destroy([BO, "ee" * 16]) == 1
    assert keys.key(BO) is None
    assert bytes.fromhex(BO) not in (tmp_path / subject_keys.NAME).read_bytes()
    read = again(tmp_path)
    assert read.key(BO) is None
    assert (read.key(ANNA), read.key(CARIN)) == others
    assert keys.destroy([BO]) == 0


def test_after_a_destruction_more_keys_can_be_made(keys: SubjectKeys, tmp_path: Path) -> None:
    keys.destroy([ANNA])
    new = keys.ensure(ANNA)
    keys.flush()

    assert again(tmp_path).key(ANNA) == new


def test_a_torn_end_is_written_over(keys: SubjectKeys, tmp_path: Path) -> None:
    path = tmp_path / subject_keys.NAME
    with path.open("ab") as file:
        file.write(b"\x55" * 40)  # the power went in the middle of a record
    read = again(tmp_path)
    read.ensure("dd" * 16)
    read.flush()

    last = again(tmp_path)
    assert last.damaged() == 0
    assert last.key("dd" * 16) == read.key("dd" * 16)
    assert last.key(CARIN) == keys.key(CARIN)


def test_every_flipped_bit_is_noticed(keys: SubjectKeys, tmp_path: Path) -> None:
    path = tmp_path / subject_keys.NAME
    whole = path.read_bytes()

    def seen() -> object:
        try:
            return again(tmp_path).damaged()
        except UserError as error:
            return error.code

    found = {flipped(path, whole, turn * 7 % (len(whole) * 8), seen) for turn in range(300)}
    assert found == {ExitCode.DAMAGED, 1}
    path.write_bytes(whole)
    assert again(tmp_path).damaged() == 0


def test_a_damaged_record_gives_no_key_and_no_new_one_takes_its_place(keys: SubjectKeys, tmp_path: Path) -> None:
    path = tmp_path / subject_keys.NAME
    torn = bytearray(path.read_bytes())
    torn[-1] ^= 1
    path.write_bytes(torn)
    read = again(tmp_path)

    assert read.key(CARIN) is None
    assert read.key(ANNA) == keys.key(ANNA)
    with pytest.raises(UserError, match="skadad") as caught:
        read.ensure(CARIN)
    assert caught.value.code is ExitCode.DAMAGED


@pytest.mark.parametrize("other", [("0e" * 16, KEY), (VAULT, bytes(32))])
def test_another_vaults_file_is_refused(keys: SubjectKeys, tmp_path: Path, other: tuple[str, bytes]) -> None:
    with pytest.raises(UserError, match="annat valv"):
        SubjectKeys.load(tmp_path, *other)


def test_a_missing_file_is_told_and_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="saknas"):
        again(tmp_path)
    assert not (tmp_path / subject_keys.NAME).exists()


def test_when_the_disk_refuses_no_key_counts_as_written(
    keys: SubjectKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    keys.ensure("dd" * 16)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(UserError) as caught:
            keys.flush()
    assert caught.value.code is ExitCode.DISK
    assert keys.key("dd" * 16) is None
    new = keys.ensure("dd" * 16)
    keys.flush()
    assert again(tmp_path).key("dd" * 16) == new
    assert again(tmp_path).damaged() == 0
