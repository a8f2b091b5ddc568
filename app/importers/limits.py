"""How much a file from outside may cost.  Figures and the locks that hold them; no parsing."""

import sys
from contextlib import suppress
from dataclasses import dataclass

MIB = 1024 * 1024

MAIL_BYTES = 50 * MIB
MAIL_HEADER_BLOCK = 256 * 1024
MAIL_HEADER = 8 * 1024
MAIL_DEPTH = 20
MAIL_PARTS = 500
MAIL_ATTACHMENTS = 200
MAIL_TEXT = 1_000_000
MAILBOX_MAILS = 100_000
FOLDER_FILES = 10_000
FOLDER_DEPTH = 20

TABLE_BYTES = 200 * MIB
TABLE_ROWS = 1_048_576  # as many as a sheet can have
TABLE_COLUMNS = 200
CELL_TEXT = 100_000
CSV_FIELD = 1_000_000
ROW_TEXT = 2_000_000
HEADER_SEARCH = 20
NUMBER_ROWS = 2_000
JSON_ELEMENT = 8_000_000
JSON_DEPTH = 5

ZIP_ENTRIES = 2_000
ZIP_UNPACKED = 200 * MIB
ZIP_RATIO = 100
ZIP_RATIO_FROM = 10 * MIB

CHUNK_ROWS = 2_000
CHUNK_TEXT = 4_000_000
MESSAGE_BYTES = 64 * MIB


@dataclass(frozen=True)
class Limits:
    """What one child process may use."""

    cpu_seconds: int
    memory_bytes: int

    @property
    def silence_seconds(self) -> float:
        """How long the parent waits for the next message; this alone guards where the system knows no CPU limit."""
        return self.cpu_seconds * 2.0 + 30.0


MEMORY = 512 * MIB
MAIL_LIMITS = Limits(cpu_seconds=30, memory_bytes=MEMORY)


def table_limits(size: int, *, is_packed: bool) -> Limits:
    """Return the limits for a table file of `size` bytes; a packed one unpacks to about ten times as much.

    A sheet is held in memory whole while it is read; a hundred thousand rows of thirty columns fit.
    """
    seconds_per_mib = 60 if is_packed else 10
    return Limits(cpu_seconds=min(900, max(30, size * seconds_per_mib // MIB)), memory_bytes=MEMORY)


def mailbox_limits(size: int) -> Limits:
    """Return the limits for finding where the mails of a mailbox of `size` bytes begin; it is read in a stream."""
    return Limits(cpu_seconds=max(30, size // (5 * MIB)), memory_bytes=MEMORY)


def confine(limits: Limits) -> None:
    """Bind this process to the limits for good: CPU, memory, open files, no written files, no core dump.

    Windows has no such call; there the parent's clock is the limit.
    """
    if sys.platform == "win32":
        return
    import resource

    wanted = (
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, value in wanted:
        with suppress(ValueError, OSError):  # a system that does not know a limit, or has a lower one already
            resource.setrlimit(kind, (value, value))
