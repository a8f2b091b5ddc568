"""`start.py`: what it decides to install and to run.  The set-up itself is tried on a fresh machine."""

import ast
import sys
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

import start

SCREEN = {"DISPLAY": ":0"}
EVERY_LIBRARY = {**start.LIBRARIES, **start.SCREEN_LIBRARIES, **start.WAYLAND_LIBRARIES}


def missing(
    environment: dict[str, str], *, lacks: AbstractSet[str] = frozenset(), fonts: bool = True, venv: bool = True
) -> list[str]:
    return start.missing_packages(environment, loads=lambda name: name not in lacks, fonts=fonts, can_make_venv=venv)


def test_without_a_word_the_window_opens() -> None:
    assert start.plan([], SCREEN, platform="linux") == start.Start(start.RUN_LOCK, "app", (), {})


def test_without_a_screen_the_window_is_refused_with_the_way_on() -> None:
    with pytest.raises(start.SetupError, match="demo"):
        start.plan([], {}, platform="linux")


def test_the_demo_opens_a_window_where_there_is_a_screen() -> None:
    assert start.plan(["demo"], SCREEN, platform="linux").arguments == ("demo",)
    assert start.plan(["demo"], {}, platform="win32").arguments == ("demo",)


@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ""}, {"QT_QPA_PLATFORM": "offscreen"}])
def test_the_demo_writes_its_documents_where_there_is_no_screen(environment: dict[str, str]) -> None:
    assert start.plan(["demo"], environment, platform="linux").arguments == ("demo", "--out", "out")


@pytest.mark.parametrize("given", [["--out", "there"], ["--out=there"]])
def test_a_folder_given_for_the_demo_is_kept(given: list[str]) -> None:
    assert start.plan(["demo", *given], {}, platform="linux").arguments == ("demo", *given)


def test_the_tests_need_no_screen_and_get_the_larger_lock() -> None:
    tests = start.plan(["test", "-k", "deadline"], {}, platform="linux")
    assert tests == start.Start(start.TEST_LOCK, "pytest", ("-k", "deadline"), {"QT_QPA_PLATFORM": "offscreen"})


def test_every_other_word_goes_to_the_command_line() -> None:
    arguments = ["--vault", "kund.ombud", "verify", "--json"]
    assert start.plan(arguments, {}, platform="linux").arguments == tuple(arguments)


def test_setup_starts_nothing() -> None:
    assert start.plan(["setup"], {}, platform="linux").module == ""
    assert start.plan(["setup", "--test"], {}, platform="linux").lock == start.TEST_LOCK


def test_a_complete_machine_lacks_nothing() -> None:
    assert missing({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}) == []


def test_a_bare_machine_without_a_screen_gets_no_window_libraries() -> None:
    packages = missing({}, lacks=set(EVERY_LIBRARY), fonts=False, venv=False)
    expected = [*start.LIBRARIES.values(), "fonts-dejavu-core", f"python3.{sys.version_info.minor}-venv"]
    assert packages == expected


@pytest.mark.parametrize("library", sorted({**start.LIBRARIES, **start.SCREEN_LIBRARIES}))
def test_each_missing_library_is_named_by_its_package(library: str) -> None:
    assert missing(SCREEN, lacks={library}) == [EVERY_LIBRARY[library]]


def test_a_library_that_does_not_exist_does_not_load() -> None:
    assert not start.library_loads("libdoesnotexist.so.9")


def test_an_ordinary_user_is_told_the_exact_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(start.SetupError):
        start.install_packages(["libgl1", "libegl1"], is_root=False, can_ask=False)
    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libgl1 libegl1"
    assert line in capsys.readouterr().err


def test_a_machine_without_apt_is_told_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(start.SetupError, match="libgl1"):
        start.install_packages(["libgl1"], is_root=True, can_ask=False)


def test_an_old_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "newer_python", lambda: None)
    with pytest.raises(start.SetupError, match=r"3\.11 till 3\.14. Här är Python 3\.9"):
        start.check_python((3, 9))


def test_an_old_python_can_read_the_file() -> None:
    ast.parse(Path(start.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_another_lock_or_folder_means_a_new_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").touch()
    (tmp_path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.1\n", encoding="utf-8")
    (tmp_path / "a.lock").write_text("one==1", encoding="utf-8")
    for name, value in {"ROOT": tmp_path, "VENV": tmp_path, "STAMP": tmp_path / "stamp"}.items():
        monkeypatch.setattr(start, name, value)
    assert not start.is_ready("a.lock")
    start.STAMP.write_text(start.digest("a.lock") + "\n", encoding="utf-8")
    assert start.is_ready("a.lock")
    (tmp_path / "a.lock").write_text("one==2", encoding="utf-8")
    assert not start.is_ready("a.lock")


@pytest.mark.parametrize("text", ["", "version = 3.10.4\n", "version_info = 3.15.0.final.0\n"])
def test_an_environment_of_the_wrong_python_is_made_anew(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyvenv.cfg").write_text(text, encoding="utf-8")
    monkeypatch.setattr(start, "VENV", tmp_path)
    assert not start.venv_works()


def test_a_failed_step_shows_its_output_and_says_that_nothing_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(start.SetupError, match="Inget är förstört"):
        start.run_quietly([sys.executable, "-c", "print('no room'); raise SystemExit(3)"], "step")
    assert "no room" in capsys.readouterr().err
