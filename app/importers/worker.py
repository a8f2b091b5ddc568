"""Runs the confined child process and hands on what it says.  Knows nothing about mails or tables."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, BinaryIO, Self

from app.domain.errors import Cancelled, UserError
from app.i18n import language
from app.importers.limits import MESSAGE_BYTES, Limits
from app.importers.refusals import refusal, too_much, unreadable
from app.paths import program_root

Message = dict[str, Any]

_START = (
    "import sys; root = sys.argv[1]; root in sys.path or sys.path.insert(0, root); "
    "from app.importers.child import main; sys.exit(main())"
)
_KEPT_ENVIRONMENT = ("SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")
_POLL_SECONDS = 0.05


def command() -> list[str]:
    """Return how the child is started: the frozen program itself, or Python cut off from the user's environment."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--import-worker"]
    return [sys.executable, "-I", "-X", "utf8", "-c", _START, str(program_root())]


class Worker:
    """One child process for one file.  Leaving the `with` block kills it, whatever it is doing."""

    def __init__(
        self, request: Message, payload: bytes = b"", *, limits: Limits, argv: list[str] | None = None
    ) -> None:
        self._limits = limits
        self._lines: queue.Queue[bytes] = queue.Queue(maxsize=4)
        self._is_closed = threading.Event()
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell, nothing of the file in the arguments
            argv or command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        described = {
            **request,
            "language": language(),
            "cpu_seconds": limits.cpu_seconds,
            "memory_bytes": limits.memory_bytes,
        }
        head = json.dumps(described).encode("ascii") + b"\n"
        self._threads = (
            threading.Thread(target=self._write, args=(head, payload), daemon=True),
            threading.Thread(target=self._read, daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def close(self) -> None:
        """Kill the child if it still runs, and let its pipes go."""
        self._is_closed.set()
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def messages(self, check: Callable[[], None]) -> Iterator[Message]:
        """Return the child's messages up to its `end`.

        Args:
            check: Called several times a second; what it raises ends the work.

        Raises:
            UserError: The child refused the file, died, or fell silent.
        """
        silent_since = time.monotonic()
        while True:
            check()
            try:
                line = self._lines.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                if time.monotonic() - silent_since > self._limits.silence_seconds:
                    raise too_much() from None
                continue
            message = _parsed(line)
            if message["type"] == "end":
                return
            yield message
            silent_since = time.monotonic()

    def _write(self, head: bytes, payload: bytes) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        with suppress(OSError, ValueError):  # the child may end before it has read all
            pipe.write(head)
            pipe.write(payload)
        with suppress(OSError, ValueError):
            pipe.close()

    def _read(self) -> None:
        pipe = self._process.stdout
        while pipe is not None and self._put(line := _line(pipe)) and line:
            pass

    def _put(self, line: bytes) -> bool:
        while not self._is_closed.is_set():
            with suppress(queue.Full):
                self._lines.put(line, timeout=_POLL_SECONDS)
                return True
        return False


def stopping(stop: Callable[[], bool] | None) -> Callable[[], None]:
    """Return the check for `Worker.messages` that ends the work as soon as `stop` says so."""

    def check() -> None:
        if stop is not None and stop():
            raise Cancelled

    return check


def _line(pipe: BinaryIO | Any) -> bytes:
    try:
        return bytes(pipe.readline(MESSAGE_BYTES))
    except (OSError, ValueError):
        return b""


def _parsed(line: bytes) -> Message:
    """Return the message of a line; an empty or broken line means that the child is gone."""
    try:
        message = json.loads(line)
        kind = message["type"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise too_much() from None
    if kind == "refused":
        raise refused(message)
    if kind == "failed":
        raise too_much()
    return dict(message)


def refused(message: Message) -> UserError:
    """Return the error that the child tells of."""
    make = unreadable if message.get("may_be_kept") else refusal
    return make(str(message["what"]), str(message["do"]))
