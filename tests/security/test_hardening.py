"""What the process forbids itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.security.hardening import harden

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are asked for through Linux")

ROOT = Path(__file__).parents[2]

# Reports the core limit, whether memory can be dumped, and the mode of a new file; hardened only when told to.
REPORT = """
import ctypes, os, resource, sys
from app.security.hardening import harden
if sys.argv[2] == "harden":
    harden()
open(sys.argv[1], "x").close()
print(resource.getrlimit(resource.RLIMIT_CORE) == (0, 0), ctypes.CDLL(None).prctl(3), oct(os.stat(sys.argv[1]).st_mode & 0o777))
"""


@pytest.mark.parametrize(("how", "expected"), [("harden", "True 0 0o600"), ("leave", " 1 0o644")])
def test_a_hardened_process_dumps_nothing_and_its_files_are_private(tmp_path: Path, how: str, expected: str) -> None:
    command = [sys.executable, "-c", REPORT, str(tmp_path / "file"), how]
    said = subprocess.run(command, check=True, capture_output=True, text=True, umask=0o022, cwd=ROOT).stdout
    assert said.strip().endswith(expected)


def test_hardening_twice_is_as_good_as_once() -> None:
    import ctypes
    import resource

    mask, core, dumpable = os.umask(0o022), resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3)
    try:
        harden()
        harden()
        assert os.umask(0o077) == 0o077
    finally:
        os.umask(mask)
        ctypes.CDLL(None).prctl(4, dumpable, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (0, core[1] if resource.getrlimit(resource.RLIMIT_CORE)[1] else 0))
