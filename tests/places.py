"""Places where writing fails for real: a small disk that is full, a disk and a folder that may only be read."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MIB = 1024 * 1024
BALLAST = "ballast"
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2
_CAPABILITY_VERSION = 0x20080522


@contextmanager
def small_disk(at: Path, mib: int) -> Iterator[Path]:
    """Mount a disk of so many MiB; skip the test where that is not allowed."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    at.mkdir(parents=True)
    size = f"size={mib}m,mode=0700"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", at], check=False, capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", at], check=True)


def fill(disk: Path, *, free: int = 0) -> None:
    """Fill a disk up to its last byte, but for `free` bytes."""
    space = os.statvfs(disk)
    with (disk / BALLAST).open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, space.f_bavail * space.f_bsize - free)


def empty(disk: Path) -> None:
    """Take away what `fill` wrote."""
    (disk / BALLAST).unlink()


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """Make a mounted disk read-only for a while."""
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


@contextmanager
def locked(folder: Path, mode: int = 0o555) -> Iterator[None]:
    """Let nobody write in a folder for a while, not even root: the right to ignore permissions is laid down meanwhile."""
    before = folder.stat().st_mode
    folder.chmod(mode)
    try:
        with _without_override():
            yield
    finally:
        folder.chmod(before)


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


@contextmanager
def _without_override() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("root cannot lay down its right here")
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(_CAPABILITY_VERSION, 0), (_Sets * 2)()
    assert libc.capget(ctypes.byref(header), sets) == 0
    before = sets[0].effective
    sets[0].effective = before & ~(1 << _DAC_OVERRIDE | 1 << _DAC_READ_SEARCH)
    assert libc.capset(ctypes.byref(header), sets) == 0
    try:
        yield
    finally:
        sets[0].effective = before
        assert libc.capset(ctypes.byref(header), sets) == 0


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder with its bytes, and every folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }
