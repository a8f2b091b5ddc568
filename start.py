#!/usr/bin/env python3
"""Set up and start Ombudet.

    python3 start.py              set up, open the window
    python3 start.py demo         set up, open the example vault; without a screen: work its day into the folder out/
    python3 start.py test [...]   set up, run the tests
    python3 start.py setup        set up, start nothing
    python3 start.py COMMAND ...  set up, run the command line ("--help" lists the commands)

Standard library only, and written so that an old Python can read it far enough to say what is missing.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Mapping, NamedTuple, Sequence  # noqa: UP035 - Python 3.8 reads this line

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "ombudet-setup.txt"
RUN_LOCK, TEST_LOCK = "requirements-run.lock", "requirements.lock"
OLDEST, NEWEST = (3, 11), (3, 14)

LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
WAYLAND_LIBRARIES = {"libwayland-cursor.so.0": "libwayland-cursor0"}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


class SetupError(Exception):
    """Something the reader has to do first; the lines say what, in Swedish and in English."""


class Start(NamedTuple):
    """What to install and what to run when that is done; `module` is empty when nothing is to be run."""

    lock: str
    module: str
    arguments: tuple[str, ...]
    environment: dict[str, str]


def plan(arguments: Sequence[str], environment: Mapping[str, str], *, platform: str) -> Start:
    """Return what the command line asks for.

    Raises:
        SetupError: A window is asked for where there is no screen.
    """
    word, rest = (arguments[0], tuple(arguments[1:])) if arguments else ("", ())
    screen = has_screen(environment, platform=platform)
    if word == "test":
        quiet = {"QT_QPA_PLATFORM": environment.get("QT_QPA_PLATFORM", "offscreen")}
        return Start(TEST_LOCK, "pytest", rest, quiet)
    if word == "setup":
        return Start(TEST_LOCK if "--test" in rest else RUN_LOCK, "", (), {})
    if word == "demo" and not screen and not any(part.split("=")[0] == "--out" for part in rest):
        rest = (*rest, "--out", "out")
    if not word and not screen and "QT_QPA_PLATFORM" not in environment:
        raise SetupError(
            "Här finns ingen skärm att visa fönstret på. Kör demo, eller ett kommando (--help).",
            "No screen here to show the window on. Run: python3 start.py demo",
        )
    return Start(RUN_LOCK, "app", ((word, *rest) if word else ()), {})


def has_screen(environment: Mapping[str, str], *, platform: str) -> bool:
    """Return whether a window can be shown."""
    if not platform.startswith("linux"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def missing_packages(
    environment: Mapping[str, str], *, loads: Callable[[str], bool], fonts: bool, can_make_venv: bool
) -> list[str]:
    """Return the Debian packages this Linux machine lacks."""
    wanted = dict(LIBRARIES)
    if has_screen(environment, platform="linux"):
        wanted.update(SCREEN_LIBRARIES)
    if environment.get("WAYLAND_DISPLAY"):
        wanted.update(WAYLAND_LIBRARIES)
    packages = [package for library, package in wanted.items() if not loads(library)]
    if not fonts:
        packages.append("fonts-dejavu-core")
    if not can_make_venv:
        packages.append(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    return packages


def install_packages(packages: Sequence[str], *, is_root: bool, can_ask: bool) -> None:
    """Install Debian packages as root, or after asking; otherwise say the exact line.

    Raises:
        SetupError: They could not be installed from here.
    """
    line = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if shutil.which("apt-get") is None:
        raise SetupError(
            "Datorn saknar systembibliotek. På Debian och Ubuntu heter paketen: " + " ".join(packages),
            "System libraries are missing; the names above are those of Debian and Ubuntu.",
        )
    prefix: list[str] = [] if is_root else ["sudo"]
    if not is_root:
        say(
            "Datorn saknar systembibliotek (system libraries are missing). Kör:",
            "  sudo apt-get update && sudo " + line,
        )
        if not can_ask or shutil.which("sudo") is None or not says_yes("Köra raden nu? (Run it now?) [j/N] "):
            raise SetupError("Kör raden och starta sedan om start.py.", "Run that line, then start.py again.")
    say("Installerar systembibliotek: " + " ".join(packages))
    run_quietly([*prefix, "apt-get", "update", "-q"], "apt-get update", must_succeed=False)
    run_quietly([*prefix, *line.split()], line)


def check_system(environment: Mapping[str, str]) -> None:
    """See to it that the system libraries are there.

    Raises:
        SetupError: Some are missing and the reader has to install them.
    """
    if not sys.platform.startswith("linux"):
        return
    packages = missing_packages(
        environment,
        loads=library_loads,
        fonts=any(True for folder in FONT_FOLDERS for _ in Path(folder).expanduser().rglob("*.[to]tf")),
        can_make_venv=venv_works() or uv() is not None or importlib.util.find_spec("ensurepip") is not None,
    )
    if packages:
        install_packages(packages, is_root=os.geteuid() == 0, can_ask=sys.stdin is not None and sys.stdin.isatty())


def library_loads(name: str) -> bool:
    """Return whether the dynamic linker finds a library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def venv_python() -> Path:
    """Return the interpreter of the program's own environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def venv_version() -> tuple[int, ...]:
    """Return the Python version of the environment, such as `(3, 11)`; empty when there is none."""
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    for name, _, value in (line.partition("=") for line in lines):
        if name.strip() in ("version", "version_info"):
            return tuple(int(part) for part in value.strip().split(".")[:2])
    return ()


def venv_works() -> bool:
    """Return whether the environment is there, made by a Python that is still installed and new enough."""
    return venv_python().exists() and OLDEST <= venv_version() <= NEWEST


def uv() -> str | None:
    """Return the path of a uv that answers; a stand-in for another Python version does not."""
    path = shutil.which("uv")
    if path is None or subprocess.run([path, "--version"], capture_output=True, check=False).returncode:
        return None
    return path


def digest(lock: str) -> str:
    """Return what the stamp remembers of one lock: its name and content, the Python and the folder it is for."""
    version = ".".join(map(str, venv_version()))
    return f"{lock} {hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()} {version} {ROOT}"


def is_ready(lock: str) -> bool:
    """Return whether exactly this lock is installed already."""
    return venv_works() and STAMP.exists() and digest(lock) in STAMP.read_text(encoding="utf-8").splitlines()


def set_up(lock: str) -> None:
    """Make the environment and install the lock into it, checked by hash.

    Raises:
        SetupError: A step failed; its output has been shown.
    """
    began = time.monotonic()
    say("Förbereder Ombudet, det tar någon minut första gången (setting up) …")
    installer = uv()
    if not venv_works():
        shutil.rmtree(VENV, ignore_errors=True)
        make = [installer, "venv", "-q", "--python", sys.executable] if installer else [sys.executable, "-m", "venv"]
        run_quietly([*make, str(VENV)], "venv")
    STAMP.unlink(missing_ok=True)
    python = str(venv_python())
    checked = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / lock)]
    if installer:
        command = [installer, "pip", "install", "-q", "--compile-bytecode", "--python", python, *checked]
    else:
        run_quietly([python, "-m", "ensurepip"], "ensurepip")
        command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *checked]
    run_quietly(command, "pip install")
    folders = [str(ROOT / folder) for folder in ("app", "db")]
    run_quietly([python, "-m", "compileall", "-q", *folders], "compileall", must_succeed=False)
    contained = [RUN_LOCK, TEST_LOCK] if lock == TEST_LOCK else [RUN_LOCK]  # the lock of the tests holds the other one
    packages = next(VENV.glob("lib/python3.*/site-packages"), VENV / "Lib/site-packages")
    (packages / "ombudet.pth").write_text(f"{ROOT}\n", encoding="utf-8")  # "-m app" works from any folder
    STAMP.write_text("\n".join(map(digest, contained)) + "\n", encoding="utf-8")
    say(f"Klart på {time.monotonic() - began:.0f} s (ready).")


def run_quietly(command: Sequence[str], name: str, *, must_succeed: bool = True) -> None:
    """Run one step of the set-up; its output is shown only if it fails.

    Raises:
        SetupError: The step failed.
    """
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # without bytecode every start is a second slower
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode and must_succeed:
        say(done.stdout.decode(errors="replace").rstrip())
        raise SetupError(
            f"Steget ”{name}” misslyckades, se raderna ovan. Inget är förstört: kör start.py igen.",
            "The step failed, see above. Nothing is broken: run start.py again.",
        )


def newer_python() -> str | None:
    """Return a Python on this machine that is new enough."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        path = shutil.which(f"python3.{minor}")
        if path and not subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode:
            return path
    return None


def check_python(version: tuple[int, ...]) -> None:
    """Stop, or go on with another Python of the machine, when this one does not fit.

    Raises:
        SetupError: There is none that fits.
    """
    if OLDEST <= version[:2] <= NEWEST:
        return
    other = newer_python()
    if other is not None:
        sys.exit(run([other, *sys.argv], {}))
    raise SetupError(
        f"Ombudet behöver Python 3.{OLDEST[1]} till 3.{NEWEST[1]}. Här är Python {version[0]}.{version[1]}.",
        f"Ombudet needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}.",
    )


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Become the command; where a process cannot be replaced, wait for it and return its exit code."""
    whole = dict(os.environ, **environment)
    if os.name != "nt":
        os.execve(command[0], list(command), whole)
    return subprocess.run(command, env=whole, check=False).returncode


def says_yes(question: str) -> bool:
    """Return whether the reader answers yes."""
    return input(question).strip().lower() in ("j", "ja", "y", "yes")


def say(*lines: str) -> None:
    """Tell the reader something; standard output belongs to the program."""
    for line in lines:
        sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main(arguments: Sequence[str]) -> int:
    """Set up what is missing, then start what was asked for."""
    if arguments and arguments[0] in ("-h", "--help"):
        say(__doc__ or "")
        if not is_ready(RUN_LOCK):
            return 0
    try:
        check_python(sys.version_info[:2])
        start = plan(arguments, os.environ, platform=sys.platform)
        check_system(os.environ)
        if not is_ready(start.lock):
            set_up(start.lock)
    except SetupError as error:
        say(*error.args)
        return 1
    except KeyboardInterrupt:
        return 130
    if not start.module:
        return 0
    if start.module == "pytest":
        os.chdir(ROOT)
    return run([str(venv_python()), "-P", "-m", start.module, *start.arguments], start.environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
