"""Imports as batches: written out of sight, published whole, compared with what the source said last, and taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

COLUMNS = (
    "ALTER TABLE subject ADD COLUMN batch_id INTEGER",
    "ALTER TABLE identifier ADD COLUMN batch_id INTEGER",
    "ALTER TABLE datum ADD COLUMN gone_batch_id INTEGER CONSTRAINT fk_datum_gone_batch_id REFERENCES import_batch (id)",
    "ALTER TABLE import_batch ADD COLUMN state VARCHAR(40) DEFAULT 'done' NOT NULL",
    "ALTER TABLE import_batch ADD COLUMN makes_source BOOLEAN DEFAULT 0 NOT NULL",
    *(
        f"ALTER TABLE import_batch ADD COLUMN {name} INTEGER DEFAULT '0' NOT NULL"
        for name in ("duplicates", "skipped", "gone", "begun_seq")
    ),
    "ALTER TABLE import_batch ADD COLUMN fingerprint VARCHAR DEFAULT '' NOT NULL",
    "ALTER TABLE import_batch ADD COLUMN options JSON DEFAULT '{}' NOT NULL",
    "ALTER TABLE import_batch ADD COLUMN undone_at DATETIME",
    "ALTER TABLE import_batch ADD COLUMN undone_by VARCHAR CONSTRAINT ck_import_batch_undone_by_somebody CHECK ((undone_at IS NULL) = (undone_by IS NULL))",
)

HISTORY = (
    "ALTER TABLE value_change ADD COLUMN old_since_on DATE",
    "ALTER TABLE value_change ADD COLUMN old_fy_end_on DATE",
    "DROP TRIGGER datum_history",
    """CREATE TRIGGER datum_history AFTER UPDATE OF value ON datum
       WHEN new.value IS NOT old.value AND new.batch_id IS NOT old.batch_id BEGIN
         INSERT INTO value_change (datum_id, old_value, old_line, old_batch_id, batch_id, old_since_on, old_fy_end_on)
         VALUES (old.id, old.value, old.line, old.batch_id, new.batch_id, old.since_on, old.fy_end_on); END""",
    # an import says itself how the people it makes are found
    "DROP TRIGGER subject_search_ai",
    """CREATE TRIGGER subject_search_ai AFTER INSERT ON subject WHEN new.batch_id IS NULL BEGIN
       INSERT OR IGNORE INTO search_stale (subject_id) VALUES (new.id); END""",
)


def upgrade() -> None:
    for statement in COLUMNS:
        op.execute(statement)
    op.create_index(op.f("ix_import_batch_fingerprint"), "import_batch", ["fingerprint"], unique=False)
    op.create_index(
        op.f("ix_import_batch_state"),
        "import_batch",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state NOT IN ('done', 'undone')"),
    )
    op.create_index(
        op.f("ix_datum_gone_batch_id"),
        "datum",
        ["gone_batch_id"],
        unique=False,
        sqlite_where=sa.text("gone_batch_id IS NOT NULL"),
    )
    for statement in HISTORY:
        op.execute(statement)
    op.create_index(op.f("ix_value_change_batch_id"), "value_change", ["batch_id"], unique=False)
    _create_record_change()
    _create_source_absence()
    _create_import_row()
    op.create_table(
        "search_later",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "subject_id", name=op.f("pk_search_later")),
        sqlite_with_rowid=False,
    )
    # which people a source knows; what it last said about them is compared value by value the first time
    op.execute(
        "INSERT INTO import_row (subject_id, source_id, digest)"
        " SELECT DISTINCT subject_id, source_id, 0 FROM datum WHERE batch_id IS NOT NULL"
    )


def _create_record_change() -> None:
    op.create_table(
        "record_change",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("start_before_on", sa.Date(), nullable=True),
        sa.Column("end_before_on", sa.Date(), nullable=True),
        sa.Column("protection_before", sa.String(length=40), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("protection", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_record_change_batch_id")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_record_change_subject_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "subject_id", name=op.f("pk_record_change")),
    )
    op.create_index(op.f("ix_record_change_subject_id"), "record_change", ["subject_id"], unique=False)


def _create_source_absence() -> None:
    op.create_table(
        "source_absence",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("returned_batch_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("choice <> 'keep'", name=op.f("ck_source_absence_is_a_decision")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_source_absence_batch_id")),
        sa.ForeignKeyConstraint(
            ["returned_batch_id"], ["import_batch.id"], name=op.f("fk_source_absence_returned_batch_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_absence_source_id")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_source_absence_subject_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_absence")),
    )
    op.create_index(op.f("ix_source_absence_batch_id"), "source_absence", ["batch_id"], unique=False)
    op.create_index(
        op.f("ix_source_absence_source_id"),
        "source_absence",
        ["source_id"],
        unique=False,
        sqlite_where=sa.text("returned_batch_id IS NULL"),
    )
    op.create_index(
        op.f("ix_source_absence_subject_id_source_id"), "source_absence", ["subject_id", "source_id"], unique=False
    )


def _create_import_row() -> None:
    op.create_table(
        "import_row",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_import_row_source_id")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_import_row_subject_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subject_id", "source_id", "digest", name=op.f("pk_import_row")),
        sqlite_with_rowid=False,
    )
