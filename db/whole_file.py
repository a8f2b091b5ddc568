"""What is done with a database file as a whole: copied, checked, written anew."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from db.engine import connect, database_error

SEALS = "cipher_integrity_check"
"""Every page, used or free, is as it was written: a sealed sum of each is compared."""
CHECKS = (SEALS, "integrity_check", "foreign_key_check")


def copy(engine: sa.Engine, target: Path, key: bytes, step: Callable[[int, int], None] | None) -> None:
    """Write a consistent snapshot into a new file encrypted with `key`.

    Raises:
        UserError: The target cannot be written.
        Cancelled: `step` said so.
    """
    try:
        with engine.connect() as source:
            source.exec_driver_sql(
                "SELECT count(*) FROM sqlite_master"
            )  # holds a snapshot: else a busy writer restarts the copy
            made = connect(target, key, create=True)
            try:
                source.connection.driver_connection.backup(  # type: ignore[union-attr]
                    made, pages=2048, progress=(lambda _s, left, total: step(total - left, total)) if step else None
                )
            finally:
                made.close()
    except sqlcipher.DatabaseError as error:
        raise database_error(error) from None


def fault(engine: sa.Engine, *, is_thorough: bool = True) -> str:
    """Return "" when the file is sound, else the first thing found wrong (without contents).

    Args:
        engine: The database.
        is_thorough: Also that tables, indexes and references agree, which takes several times as long as the pages' seals.
    """
    with engine.connect() as connection:
        for pragma in CHECKS if is_thorough else (SEALS,):
            row = connection.exec_driver_sql("PRAGMA " + pragma).first()
            if row is not None and row[0] != "ok":
                return f"{pragma}: {row[0]}"
    return ""


def write_anew(engine: sa.Engine) -> None:
    """Write the whole file anew, so that nothing is left in pages that are free.

    Raises:
        UserError: The disk refused.
    """
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.connection.driver_connection.execute("VACUUM")  # type: ignore[union-attr]
    except sqlcipher.DatabaseError as error:
        raise database_error(error) from None
