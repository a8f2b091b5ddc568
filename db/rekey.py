"""Another key for the encrypted file.  SQLCipher does it in one transaction: after a power cut the file has one key or the other."""

from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from app.domain.errors import ExitCode, UserError
from db.engine import connect, database_error


def has_key(path: Path, key: bytes) -> bool:
    """Return whether the file opens with a key.

    Raises:
        UserError: The file is missing, or the disk refused.
    """
    if not path.exists():
        connect(path, key)
    try:
        connect(path, key).close()
    except UserError as error:
        if error.code is not ExitCode.DAMAGED:
            raise
        return False
    return True


def change(path: Path, old: bytes, new: bytes) -> None:
    """Encrypt a file that nobody has open with another key, all of it on disk when this returns.

    Raises:
        UserError: The disk refused; the file has one of the two keys.
    """
    connection = connect(path, old)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlcipher.DatabaseError as error:
        raise database_error(error) from None
    finally:
        connection.close()
    connect(path, new).close()
