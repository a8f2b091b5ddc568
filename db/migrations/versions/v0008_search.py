"""The search index of people takes every spelling and the address; requests and letters are found by their text."""

import sqlalchemy as sa
from alembic import op

from db import search_index

revision = "0008"
down_revision = "0007"

OLD = ("DROP TRIGGER subject_ai", "DROP TRIGGER subject_ad", "DROP TRIGGER subject_au", "DROP TABLE subject_fts")
STALE = "INSERT OR IGNORE INTO search_stale (subject_id) VALUES"
# An import says itself whom its rows are about (its rows have a batch): a trigger for each of millions of rows is slow.
MARKS = (
    f"CREATE TRIGGER subject_search_ai AFTER INSERT ON subject BEGIN {STALE} (new.id); END",
    f"CREATE TRIGGER subject_search_au AFTER UPDATE OF display_name, protection ON subject BEGIN {STALE} (new.id); END",
    f"CREATE TRIGGER datum_search_ai AFTER INSERT ON datum WHEN new.batch_id IS NULL BEGIN {STALE} (new.subject_id); END",
    f"""CREATE TRIGGER datum_search_au AFTER UPDATE OF subject_id, source_id, field, value ON datum
        BEGIN {STALE} (old.subject_id), (new.subject_id); END""",
    f"CREATE TRIGGER datum_search_ad AFTER DELETE ON datum BEGIN {STALE} (old.subject_id); END",
    f"CREATE TRIGGER merge_search_ai AFTER INSERT ON merge BEGIN {STALE} (new.whole_id), (new.part_id); END",
    f"CREATE TRIGGER merge_search_ad AFTER DELETE ON merge BEGIN {STALE} (old.whole_id), (old.part_id); END",
)


def upgrade() -> None:
    for statement in OLD:
        op.execute(statement)
    _tables()
    op.execute(
        """CREATE VIRTUAL TABLE subject_fts USING fts5(words, places, content='search_person', content_rowid='subject_id',
           detail=none, tokenize="unicode61 remove_diacritics 0", prefix='1 2 3 4 5')"""
    )
    op.execute("CREATE VIRTUAL TABLE subject_vocabulary USING fts5vocab(subject_fts, 'row')")
    # without it the index keeps erased names until it is next merged
    op.execute("INSERT INTO subject_fts(subject_fts, rank) VALUES ('secure-delete', 1)")
    op.execute(
        """CREATE TRIGGER search_person_ad AFTER DELETE ON search_person BEGIN
           INSERT INTO subject_fts(subject_fts, rowid, words, places)
           VALUES ('delete', old.subject_id, old.words, old.places); END"""
    )
    for statement in MARKS:
        op.execute(statement)
    _texts("request_fts", "request", "id", "message")
    _texts("document_fts", "search_text", "attachment_id", "text")
    connection = op.get_bind()
    connection.exec_driver_sql("INSERT INTO request_fts(request_fts) VALUES ('rebuild')")
    connection.exec_driver_sql("INSERT INTO search_stale SELECT id FROM subject")
    search_index.refresh(connection)


def _tables() -> None:
    op.create_table(
        "search_person",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("places", sa.String(), nullable=False),
        sa.Column("sources", sa.String(), nullable=False),
        sa.Column("is_protected", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_search_person_subject_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_search_person")),
    )
    op.create_table(
        "search_stale",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_search_stale")),
    )
    op.create_table(
        "search_text",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_search_text_attachment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_search_text")),
    )


def _texts(index: str, table: str, key: str, column: str) -> None:
    """Index a column of running text, kept up by triggers: such rows come one at a time."""
    op.execute(
        f"""CREATE VIRTUAL TABLE {index} USING fts5({column}, content='{table}', content_rowid='{key}', detail=none,
            tokenize="unicode61 remove_diacritics 2", prefix='3 4')"""
    )
    op.execute(f"INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)")  # noqa: S608 - our own names
    gone = f"INSERT INTO {index}({index}, rowid, {column}) VALUES ('delete', old.{key}, old.{column});"  # noqa: S608
    come = f"INSERT INTO {index}(rowid, {column}) VALUES (new.{key}, new.{column});"  # noqa: S608
    op.execute(f"CREATE TRIGGER {index}_ai AFTER INSERT ON {table} BEGIN {come} END")
    op.execute(f"CREATE TRIGGER {index}_ad AFTER DELETE ON {table} BEGIN {gone} END")
    op.execute(f"CREATE TRIGGER {index}_au AFTER UPDATE OF {column} ON {table} BEGIN {gone} {come} END")
