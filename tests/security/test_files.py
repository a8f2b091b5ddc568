"""Whole-file writing under kills and disk errors, and the sentences for the errors."""

import errno
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ExitCode, UserError
from app.security import files, vault_file
from app.security.kdf import MINIMUM
from tests.security.broken import STEPS, break_at
from tests.security.conftest import NOW, PASSPHRASE, Made

ROOT = Path(__file__).parents[2]

# Changes the passphrase, and is killed at one step of it.
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from app.security import vault_file
from app.security.kdf import MINIMUM
from tests.security.broken import break_at

folder, step = Path(sys.argv[1]), sys.argv[2]
keys = vault_file.unlock(folder, passphrase=sys.argv[3])
break_at(step, lambda: os.kill(os.getpid(), signal.SIGKILL))
vault_file.change_passphrase(folder, keys, "ny fras", now=datetime.now(UTC), cost=MINIMUM)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_while_changing_the_passphrase_leaves_exactly_one_that_works(made: Made, step: str) -> None:
    command = [sys.executable, "-c", KILLED, str(made.folder), step, PASSPHRASE]
    ended = subprocess.run(command, check=False, cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    works = [phrase for phrase in (PASSPHRASE, "ny fras") if _opens(made, phrase)]
    assert works == (["ny fras"] if step == "folder" else [PASSPHRASE])
    left = files.sweep(made.folder)
    assert left == (0 if step in {"touch", "folder"} else 1)
    assert [entry.name for entry in made.folder.iterdir()] == ["vault.json"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EDQUOT])
@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_refuses_leaves_a_whole_file_and_says_why(
    made: Made, step: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made.file.read_bytes()

    def refuse() -> None:
        raise OSError(number, os.strerror(number), str(made.folder))

    with monkeypatch.context() as broken:
        break_at(step, refuse, broken.setattr)
        with pytest.raises(UserError) as caught:
            files.write_atomic(made.file, b"nytt")
    assert caught.value.code is ExitCode.DISK
    assert made.file.read_bytes() == (b"nytt" if step == "folder" else before)
    assert [entry.name for entry in made.folder.iterdir()] == ["vault.json"]


def test_a_file_that_really_may_not_grow_is_refused_whole(made: Made) -> None:
    resource = pytest.importorskip("resource")
    before, limit = made.file.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))
    try:
        with pytest.raises(UserError, match="EFBIG"):
            files.write_atomic(made.file, bytes(100_000))
        with pytest.raises(UserError, match="EFBIG"):
            files.check_writable(made.folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert made.file.read_bytes() == before
    assert len(list(made.folder.iterdir())) == 1


@pytest.mark.parametrize("number", [*files._SENTENCES, errno.EBUSY, 99_999, None])
def test_every_disk_error_says_what_happened_what_stands_and_what_to_do(number: int | None) -> None:
    error = OSError("something") if number is None else OSError(number, "text of the system", "/home/namn/valv")
    found = files.disk_error(error)
    assert found.code is ExitCode.DISK
    for text in (found.what, found.stands, found.do):
        assert text.endswith(".")
        assert "namn" not in text
        assert "text of the system" not in text


def test_the_causes_are_told_apart() -> None:
    causes = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO, errno.ENOENT, errno.EBUSY)
    assert len({files.disk_error(OSError(cause, "")).what for cause in causes}) == len(causes)
    assert "EBUSY" in files.disk_error(OSError(errno.EBUSY, "")).what


def test_a_file_is_made_and_replaced_and_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    files.write_atomic(path, b"ett")
    files.write_atomic(path, b"")
    files.write_atomic(path, b"tre")
    assert files.read_limited(path, 100) == b"tre"
    assert files.read_limited(path, 1) == b"tr"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_a_check_that_fails_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    files.write_atomic(path, b"ett")

    def check(new: Path) -> None:
        assert new.read_bytes() == b"nytt"
        raise UserError("nej", stands="", do="")

    with pytest.raises(UserError, match="nej"):
        files.write_atomic(path, b"nytt", check=check)
    assert path.read_bytes() == b"ett"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_reading_what_is_not_there_is_a_disk_error(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        files.read_limited(tmp_path / "saknas", 10)
    assert caught.value.code is ExitCode.DISK


def test_a_writable_folder_is_left_as_it_was(tmp_path: Path) -> None:
    files.check_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_or_not_ours_is_not_writable(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="finns inte"):
        files.check_writable(tmp_path / "saknas")
    if Path("/proc/self").exists():
        with pytest.raises(UserError) as caught:
            files.check_writable(Path("/proc/self"))
        assert caught.value.code is ExitCode.DISK


def test_sweeping_takes_half_written_files_and_nothing_else(tmp_path: Path) -> None:
    for name in (".vault.json.0123456789abcdef.new", "vault.json", "data.db", "x.new"):
        (tmp_path / name).touch()
    assert files.sweep(tmp_path) == 1
    assert {entry.name for entry in tmp_path.iterdir()} == {"vault.json", "data.db", "x.new"}


def test_what_cannot_be_swept_is_told(tmp_path: Path) -> None:
    (tmp_path / ".a.0.new").mkdir()
    with pytest.raises(UserError) as caught:
        files.sweep(tmp_path)
    assert caught.value.code is ExitCode.DISK


def test_where_folders_cannot_be_opened_they_are_not_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_DIRECTORY", raising=False)
    monkeypatch.delattr(os, "fsync")
    files.sync_folder(tmp_path)


def test_the_trial_leaves_nothing_when_a_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: Any, **_named: Any) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="full"):
        files.check_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert tempfile.gettempdir() != str(tmp_path)


def _opens(made: Made, passphrase: str) -> bool:
    try:
        return vault_file.unlock(made.folder, passphrase=passphrase) == made.keys
    except UserError as error:
        if error.code is not ExitCode.WRONG_SECRET:
            raise
        return False


def test_the_killed_process_would_have_changed_the_passphrase(made: Made) -> None:
    """The negative control: without the break the same change goes through."""
    vault_file.change_passphrase(made.folder, made.keys, "ny fras", now=NOW, cost=MINIMUM)
    assert not _opens(made, PASSPHRASE)


def test_a_folder_is_made_with_those_above_it_and_a_file_in_its_place_is_said(tmp_path: Path) -> None:
    files.make_folder(tmp_path / "ut" / "utdrag")
    files.make_folder(tmp_path / "ut" / "utdrag")
    assert (tmp_path / "ut" / "utdrag").is_dir()
    (tmp_path / "fil").write_bytes(b"")
    with pytest.raises(UserError) as caught:
        files.make_folder(tmp_path / "fil" / "under")
    assert caught.value.code is ExitCode.DISK
