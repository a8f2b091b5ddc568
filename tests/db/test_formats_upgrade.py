"""Mails that were filed before their ids were kept get them from their own headers."""

from importlib import import_module
from pathlib import Path

import sqlalchemy as sa

from db import upgrade
from db.engine import connect
from db.migrations.versions import v0006_formats
from db.store import FILE, Store

KEY = bytes(range(32))
ROW = """INSERT INTO attachment (id, uid, kind, name, media_type, version, size, digest, stored_at, stored_by, content)
    VALUES (?, ?, ?, 'n', 't', 1, 1, 'd', '2026-01-01', 'u', ?)"""
HELD = [
    (1, "mail", b"From: a@b.se\r\nMESSAGE-ID: <1@b.se>\r\n\r\nMessage-ID: <text@b.se>", "<1@b.se>"),
    (2, "mail", b"From: a@b.se\nSubject: x\n\nMessage-ID: <text@b.se>", ""),
    (3, "letter", b"Message-ID: <2@b.se>\n\n", ""),
    (4, "mail", b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 20, ""),
    (5, "mail", b"", ""),
]


def test_ids_come_from_the_headers_of_mails_alone_and_no_byte_is_lost(tmp_path: Path) -> None:
    connect(tmp_path / FILE, KEY, create=True).close()
    before = upgrade.VERSIONS[: upgrade.VERSIONS.index("v0006_formats")]
    store = Store(tmp_path / FILE, KEY, user="Eva Lund")
    with store._writer.begin() as connection:
        for name in before:
            upgrade._run(connection, import_module("db.migrations.versions." + name))
        for key, kind, content, _expected in HELD:
            connection.exec_driver_sql(ROW, (key, f"u{key}", kind, content))
    with store._writer.begin() as connection:
        upgrade._run(connection, v0006_formats)
        rows = connection.execute(sa.text("SELECT id, content, message_id FROM attachment ORDER BY id")).all()
    store.close()
    assert [tuple(row) for row in rows] == [(key, content, expected) for key, _kind, content, expected in HELD]
