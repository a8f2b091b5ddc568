import os
import sys
from pathlib import Path

import pytest

from app.domain.errors import Cancelled, UserError
from app.importers.limits import MIB, Limits
from app.importers.worker import Worker, command

SMALL = Limits(cpu_seconds=1, memory_bytes=512 * MIB)


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-c", code]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.abort()",
        "import sys; sys.exit(3)",
        "print('not json', flush=True)",
        "print('[1]', flush=True)",
        'print(\'{"no": "type"}\', flush=True)',
        'print(\'{"type": "failed", "class": "ValueError"}\', flush=True)',
        "print('[' * 100000, flush=True)",
    ],
)
def test_a_child_that_dies_or_babbles_is_told_as_an_unreadable_file(code: str) -> None:
    with Worker({"type": "x"}, limits=SMALL, argv=python(code)) as worker, pytest.raises(UserError) as told:
        list(worker.messages(lambda: None))
    assert told.value.code == 7
    assert "inte att läsa" in told.value.what


def test_a_child_that_burns_its_time_is_ended_by_the_system() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r}); "
        "from app.importers.limits import confine, Limits; confine(Limits(1, 2**29))\nwhile True: pass"
    )
    with Worker({"type": "x"}, limits=SMALL, argv=python(code)) as worker, pytest.raises(UserError):
        list(worker.messages(lambda: None))


def test_without_its_limits_the_same_child_goes_on_until_it_is_killed() -> None:
    calls = iter(range(60))

    def give_up() -> None:
        if next(calls, None) is None:
            raise Cancelled

    with Worker({"type": "x"}, limits=SMALL, argv=python("while True: pass")) as worker:
        pid = worker.pid
        with pytest.raises(Cancelled):
            list(worker.messages(give_up))
    assert not is_running(pid)


def test_the_limits_stop_a_child_that_wants_too_much_memory_and_one_that_writes() -> None:
    root = str(Path(__file__).resolve().parents[2])
    code = (
        f"import sys; sys.path.insert(0, {root!r}); from app.importers.limits import confine, Limits\n"
        "if '--free' not in sys.argv: confine(Limits(5, 300 * 2**20))\n"
        "try: block = bytearray(400 * 2**20)\n"
        'except MemoryError: print(\'{"type": "refused", "what": "memory", "do": "x"}\', flush=True)\n'
        'else: print(\'{"type": "end"}\', flush=True)'
    )
    with Worker({"type": "x"}, limits=SMALL, argv=python(code)) as worker, pytest.raises(UserError, match="memory"):
        list(worker.messages(lambda: None))
    with Worker({"type": "x"}, limits=SMALL, argv=[*python(code), "--free"]) as worker:
        assert list(worker.messages(lambda: None)) == []


def test_a_silent_child_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "silence_seconds", property(lambda self: 0.2))
    with Worker({"type": "x"}, limits=SMALL, argv=python("import sys; sys.stdin.read()\nwhile True: pass")) as worker:
        with pytest.raises(UserError):
            list(worker.messages(lambda: None))
        pid = worker.pid
    assert not is_running(pid)


def test_the_child_sees_neither_the_users_environment_nor_the_users_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMBUDET_SECRET", "x")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    code = (
        "import os, sys, json; seen = 'OMBUDET_SECRET' in os.environ or '/nowhere' in sys.path or '' in sys.path; "
        "print(json.dumps({'type': 'seen', 'value': seen})); print(json.dumps({'type': 'end'}))"
    )
    with Worker({"type": "x"}, limits=SMALL, argv=python(code)) as worker:
        assert list(worker.messages(lambda: None)) == [{"type": "seen", "value": False}]


def test_the_child_is_python_cut_off_or_the_frozen_program_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert command()[1] == "-I"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command() == [sys.executable, "--import-worker"]


def test_the_child_loads_neither_window_nor_database() -> None:
    code = command()[-2].replace(
        "sys.exit(main())",
        "import app.importers.mail_parsing, app.importers.table_rows, json; "
        "bad = sorted({'PySide6', 'sqlalchemy', 'reportlab', 'python_calamine', 'openpyxl'} & set(sys.modules)); "
        "print(json.dumps({'type': 'bad', 'value': bad})); print(json.dumps({'type': 'end'}))",
    )
    with Worker({"type": "x"}, limits=SMALL, argv=[*command()[:-2], code, command()[-1]]) as worker:
        assert list(worker.messages(lambda: None)) == [{"type": "bad", "value": []}]
