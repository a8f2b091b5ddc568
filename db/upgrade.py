"""Formats of the database: a straight line of migrations, each whole or not at all."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from app.domain.errors import ExitCode, UserError
from app.i18n import _
from db.engine import connect, database_error

VERSIONS = (
    "v0001_first_tables",
    "v0004_register",
    "v0006_formats",
    "v0007_people",
    "v0008_search",
    "v0009_batches",
    "v0011_trail",
    "v0012_sealing",
)


def current(connection: sa.Connection) -> str | None:
    """Return the database's format, None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def newest() -> str:
    """Return the format this program writes."""
    return VERSIONS[-1][1:5]


def is_known(found: str) -> bool:
    """Return whether this program knows a format."""
    return found in {name[1:5] for name in VERSIONS}


def format_of(path: Path, key: bytes) -> str | None:
    """Return the format of a database that nobody has open, None for an empty one.

    Raises:
        UserError: The file is missing or damaged, or the disk refused.
    """
    connection = connect(path, key)
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row is not None else None
    except sqlcipher.DatabaseError as error:
        raise database_error(error) from None
    finally:
        connection.close()


def bring_up_to_date(engine: sa.Engine) -> None:
    """Run the migrations that are missing, all in one transaction.

    Raises:
        UserError: The database is of a newer format; it is left untouched.
    """
    with engine.connect() as connection:
        found = current(connection)
    if found == newest():
        return
    known = [None, *(name[1:5] for name in VERSIONS)]
    if found not in known:
        raise newer()
    with engine.begin() as connection:
        for name in VERSIONS[known.index(found) :]:
            _run(connection, import_module("db.migrations.versions." + name))


def newer() -> UserError:
    """Return the error for a database of a format that this program does not know."""
    return UserError(
        _("Valvet är gjort av en nyare version av Ombudet."),
        stands=_("Valvet är orört."),
        do=_("Installera den senaste versionen av programmet och öppna valvet med den."),
        code=ExitCode.NEWER_VERSION,
    )


def _run(connection: sa.Connection, migration: ModuleType) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection)
    with Operations.context(context):
        migration.upgrade()
    context._ensure_version_table()
    connection.exec_driver_sql("DELETE FROM alembic_version")
    connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (migration.revision,))
