"""Connections to the encrypted file.  The key never stands in a URL, a repr or a log."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event, pool
from sqlcipher3 import dbapi2 as sqlcipher

from app.domain.errors import ExitCode, UserError
from app.i18n import _

CACHE_KIB = 12 * 1024
"""Of each connection; twice as much makes no search faster, even among a million people."""
BULK_CACHE_KIB = 128 * 1024
FOLD_PAGES = 200
PRAGMAS = (
    "foreign_keys = ON",
    "secure_delete = ON",  # without it a deleted value stays readable in the file
    "temp_store = MEMORY",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    f"cache_size = -{CACHE_KIB}",
    "busy_timeout = 10000",
    "fullfsync = ON",  # macOS only; elsewhere without effect
    "checkpoint_fullfsync = ON",
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL loses acknowledged commits at a power cut
    f"wal_autocheckpoint = {FOLD_PAGES}",
    "recursive_triggers = ON",
)


def connect(path: Path, key: bytes, *, create: bool = False, driver: Any = sqlcipher) -> Any:
    """Return one keyed DB-API connection.

    Raises:
        UserError: The file is missing or damaged, or the library cannot encrypt.
    """
    if not create and not path.exists():
        raise _missing()
    uri = f"file:{quote(path.resolve().as_posix(), safe='/:')}?mode={'rwc' if create else 'rw'}"
    connection = driver.connect(uri, uri=True, timeout=10, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if (
            connection.execute("PRAGMA cipher_version").fetchone() is None
        ):  # plain SQLite takes a key and writes plain text
            raise _no_cipher()
        if create:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in PRAGMAS:
            connection.execute("PRAGMA " + pragma)
    except (sqlcipher.DatabaseError, sqlite3.DatabaseError) as error:
        connection.close()
        raise database_error(error) from None
    except BaseException:
        connection.close()
        raise
    return connection


def for_bulk(connection: Any) -> Any:
    """Return a connection made ready for very much writing: a larger cache, and a log that is folded in by whoever writes."""
    for pragma in (f"cache_size = -{BULK_CACHE_KIB}", "wal_autocheckpoint = 0"):
        connection.execute("PRAGMA " + pragma)
    return connection


def fold_by_itself(connection: Any, *, is_so: bool) -> None:
    """Settle whether a commit of this connection may fold the log into the file; an import's log is long, and it folds it itself."""
    connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {FOLD_PAGES if is_so else 0}")


def make_engine(connector: Callable[[], Any]) -> sa.Engine:
    """Return an engine over `connector`.  SQLAlchemy sends BEGIN itself, so that also DDL rolls back whole."""
    engine = sa.create_engine(
        "sqlite+pysqlite://",
        module=sqlcipher,
        creator=connector,
        poolclass=pool.QueuePool,
        pool_size=4,
        max_overflow=4,
        pool_use_lifo=True,  # those seldom needed keep no cache
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))

    return engine


def database_error(error: Exception) -> UserError:
    """Return what the user can do about a database error of the world's making.  The error's own text is not shown."""
    text = str(error).lower()
    if "full" in text or "disk i/o" in text or "unable to open" in text or "readonly" in text or "read-only" in text:
        return UserError(
            _("Disken går inte att skriva på, eller så är den full."),
            stands=_("Det du just gjorde sparades inte. Allt som var sparat finns kvar."),
            do=_("Frigör plats eller ge dig själv rätt att skriva i valvets mapp, och försök igen."),
            code=ExitCode.DISK,
        )
    if "locked" in text or "busy" in text:
        return UserError(
            _("Valvet är upptaget."),
            stands=_("Det du just gjorde sparades inte. Allt som var sparat finns kvar."),
            do=_("Vänta en stund och försök igen."),
            code=ExitCode.IN_USE,
        )
    return UserError(
        _("Valvets databas är skadad."),
        stands=_("Filen är orörd. Inget har skrivits i den."),
        do=_("Återställ den senaste säkerhetskopian till en ny mapp, och spara den skadade mappen."),
        code=ExitCode.DAMAGED,
    )


def known_error(error: sa.exc.DBAPIError | sqlcipher.DatabaseError) -> Exception:
    """Return what the user can act on; a broken constraint is our own mistake and stays as it is."""
    if isinstance(error, sa.exc.IntegrityError | sa.exc.ProgrammingError):
        return error
    cause = (error.orig or error) if isinstance(error, sa.exc.DBAPIError) else error
    text = str(cause).lower()
    words = ("full", "disk", "readonly", "locked", "busy", "malformed", "not a database", "unable to open")
    return database_error(cause) if any(word in text for word in words) else error


def _missing() -> UserError:
    return UserError(
        _("Valvets databas saknas."),
        stands=_("Nycklarna i valvet är orörda."),
        do=_("Kontrollera att hela mappen är på plats, eller återställ en säkerhetskopia."),
        code=ExitCode.DAMAGED,
    )


def _no_cipher() -> UserError:
    return UserError(
        _("Programmet kan inte kryptera: databasbiblioteket saknar SQLCipher."),
        stands=_("Inget har skrivits."),
        do=_("Installera om programmet från den officiella installationsfilen."),
        code=ExitCode.DAMAGED,
    )
