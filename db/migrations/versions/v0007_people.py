"""The ledger of asked sources, people joined from several records, and values corrected by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

LEDGER = """CREATE TABLE lookup_source (
    lookup_id INTEGER NOT NULL,
    source_id INTEGER,
    outside_id INTEGER,
    name VARCHAR DEFAULT '' NOT NULL,
    answer VARCHAR(40) NOT NULL,
    found INTEGER NOT NULL,
    why VARCHAR DEFAULT '' NOT NULL,
    owner VARCHAR DEFAULT '' NOT NULL,
    asked_on DATE,
    due_on DATE,
    answered_on DATE,
    answered_by VARCHAR DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    CONSTRAINT pk_lookup_source PRIMARY KEY (id),
    CONSTRAINT ck_lookup_source_found_something CHECK ((answer = 'found') = (found > 0)),
    CONSTRAINT ck_lookup_source_failed_has_reason CHECK (answer <> 'failed' OR why <> ''),
    CONSTRAINT ck_lookup_source_asked_of_somebody CHECK (answer <> 'asked' OR (owner <> '' AND due_on IS NOT NULL)),
    CONSTRAINT fk_lookup_source_lookup_id FOREIGN KEY(lookup_id) REFERENCES lookup (id) ON DELETE CASCADE,
    CONSTRAINT fk_lookup_source_source_id FOREIGN KEY(source_id) REFERENCES source (id),
    CONSTRAINT fk_lookup_source_outside_id FOREIGN KEY(outside_id) REFERENCES outside_system (id) ON DELETE SET NULL
)"""
RESTATE = """UPDATE subject SET
  relation_start_on = (SELECT min(p.relation_start_on) FROM merge m JOIN subject p ON p.id = m.part_id
    WHERE m.whole_id = subject.id),
  relation_end_on = CASE WHEN EXISTS (SELECT 1 FROM merge m JOIN subject p ON p.id = m.part_id
      WHERE m.whole_id = subject.id AND p.relation_start_on IS NOT NULL AND p.relation_end_on IS NULL) THEN NULL
    ELSE (SELECT max(p.relation_end_on) FROM merge m JOIN subject p ON p.id = m.part_id
      WHERE m.whole_id = subject.id) END,
  is_deceased = is_deceased OR EXISTS (SELECT 1 FROM merge m JOIN subject p ON p.id = m.part_id
    WHERE m.whole_id = subject.id AND p.is_deceased),
  restricted_on = coalesce(restricted_on, (SELECT min(p.restricted_on) FROM merge m JOIN subject p ON p.id = m.part_id
    WHERE m.whole_id = subject.id)),
  protection = (SELECT level FROM (SELECT subject.protection AS level
      UNION ALL SELECT p.protection FROM merge m JOIN subject p ON p.id = m.part_id WHERE m.whole_id = subject.id)
    ORDER BY CASE level WHEN 'assumed' THEN 0 WHEN 'protected_registration' THEN 1 WHEN 'confidential' THEN 2 ELSE 3 END
    LIMIT 1)
WHERE id = {whole} AND EXISTS (SELECT 1 FROM merge WHERE whole_id = subject.id)"""
"""A merged person is as protected, as dead and as long a customer as the records it is made of."""
CHANGED = """AFTER UPDATE OF protection, is_deceased, restricted_on, relation_start_on, relation_end_on ON subject
    WHEN EXISTS (SELECT 1 FROM merge WHERE part_id = new.id)"""
WHOLES = {
    f"subject_whole {CHANGED}": "(SELECT whole_id FROM merge WHERE part_id = new.id)",
    "merge_joined AFTER INSERT ON merge": "new.whole_id",
    "merge_parted AFTER DELETE ON merge": "old.whole_id",
}
TRIGGERS = (
    *(f"CREATE TRIGGER {event} BEGIN {RESTATE.format(whole=whole)}; END" for event, whole in WHOLES.items()),
    # what an import, or anybody, notes on a part holds for the whole
    """CREATE TRIGGER hold_of_whole AFTER INSERT ON hold
       WHEN EXISTS (SELECT 1 FROM merge WHERE part_id = new.subject_id) BEGIN
         UPDATE hold SET subject_id = (SELECT whole_id FROM merge WHERE part_id = new.subject_id)
         WHERE id = new.id; END""",
    # an import never undoes a correction in silence: what it says is put aside
    """CREATE TRIGGER datum_correction_stands BEFORE UPDATE OF value ON datum
       WHEN new.value IS NOT old.value AND new.batch_id IS NOT old.batch_id
         AND EXISTS (SELECT 1 FROM correction WHERE datum_id = old.id AND is_standing) BEGIN
         INSERT INTO conflict (datum_id, batch_id, line, value)
         VALUES (old.id, new.batch_id, new.line, new.value)
         ON CONFLICT (datum_id, value) DO UPDATE SET batch_id = excluded.batch_id, line = excluded.line;
         SELECT RAISE(IGNORE); END""",
    """CREATE TRIGGER datum_corrected_value BEFORE INSERT ON datum
       WHEN new.batch_id IS NOT NULL AND EXISTS (SELECT 1 FROM correction WHERE subject_id = new.subject_id
         AND field = new.field AND source_id = new.source_id AND old_value = new.value AND is_standing) BEGIN
         INSERT INTO conflict (datum_id, batch_id, line, value)
         SELECT datum_id, new.batch_id, new.line, new.value FROM correction WHERE subject_id = new.subject_id
           AND field = new.field AND source_id = new.source_id AND old_value = new.value AND is_standing LIMIT 1
         ON CONFLICT (datum_id, value) DO UPDATE SET batch_id = excluded.batch_id, line = excluded.line;
         SELECT RAISE(IGNORE); END""",
    """CREATE TRIGGER datum_history AFTER UPDATE OF value ON datum
       WHEN new.value IS NOT old.value AND new.batch_id IS NOT old.batch_id BEGIN
         INSERT INTO value_change (datum_id, old_value, old_line, old_batch_id, batch_id)
         VALUES (old.id, old.value, old.line, old.batch_id, new.batch_id); END""",
)


def upgrade() -> None:
    _ledger()
    _people()
    _corrections()
    for trigger in TRIGGERS:
        op.execute(trigger)


def _ledger() -> None:
    """Make the tables of recorded searches anew; the lines wait without a tie, for dropping a table empties what hangs on it."""
    op.execute("CREATE TEMP TABLE kept_line AS SELECT * FROM lookup_source")
    op.execute("CREATE TEMP TABLE kept_lookup AS SELECT * FROM lookup")
    op.execute("DROP TABLE lookup_source")
    op.execute("DROP TABLE lookup")
    op.create_table(
        "lookup",
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_lookup_request_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_lookup_subject_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookup")),
    )
    op.create_index(op.f("ix_lookup_request_id"), "lookup", ["request_id"], unique=False)
    op.create_index(op.f("ix_lookup_subject_id"), "lookup", ["subject_id"], unique=False)
    op.execute(LEDGER)
    op.create_index(op.f("ix_lookup_source_lookup_id"), "lookup_source", ["lookup_id"], unique=False)
    op.create_index(op.f("ix_lookup_source_answer"), "lookup_source", ["answer"], unique=False)
    op.execute("""INSERT INTO lookup (id, request_id, subject_id, made_at, made_by, terms)
        SELECT k.id, k.request_id, r.subject_id, k.made_at, k.made_by, k.terms
        FROM kept_lookup k JOIN request r ON r.id = k.request_id""")
    op.execute("""INSERT INTO lookup_source (id, lookup_id, source_id, name, answer, found)
        SELECT k.id, k.lookup_id, k.source_id, s.name, CASE WHEN k.found > 0 THEN 'found' ELSE 'nothing' END, k.found
        FROM kept_line k JOIN source s ON s.id = k.source_id""")
    op.execute("DROP TABLE kept_line")
    op.execute("DROP TABLE kept_lookup")


def _people() -> None:
    op.create_table(
        "merge",
        sa.Column("whole_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(), nullable=False),
        sa.Column("merged_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("whole_id <> part_id", name=op.f("ck_merge_not_itself")),
        sa.ForeignKeyConstraint(["whole_id"], ["subject.id"], name=op.f("fk_merge_whole_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["part_id"], ["subject.id"], name=op.f("fk_merge_part_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
        sa.UniqueConstraint("part_id", name=op.f("uq_merge_part_id")),
    )
    op.create_index(op.f("ix_merge_whole_id"), "merge", ["whole_id"], unique=False)
    op.create_table(
        "not_same",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_not_same_in_order")),
        sa.ForeignKeyConstraint(["one_id"], ["subject.id"], name=op.f("fk_not_same_one_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["subject.id"], name=op.f("fk_not_same_other_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_same")),
    )
    op.create_index(op.f("ix_not_same_one_id_other_id"), "not_same", ["one_id", "other_id"], unique=True)
    op.create_index(op.f("ix_not_same_other_id"), "not_same", ["other_id"], unique=False)


def _corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("datum_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("old_value", sa.String(), nullable=False),
        sa.Column("new_value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(), nullable=False),
        sa.Column("corrected_by", sa.String(), nullable=False),
        sa.Column("is_standing", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_correction_has_reason")),
        sa.CheckConstraint("old_value <> new_value", name=op.f("ck_correction_changes")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_correction_subject_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["datum_id"], ["datum.id"], name=op.f("fk_correction_datum_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_correction_source_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_correction_request_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("number", name=op.f("uq_correction_number")),
    )
    op.create_index(op.f("ix_correction_subject_id_field"), "correction", ["subject_id", "field"], unique=False)
    op.create_index(op.f("ix_correction_datum_id"), "correction", ["datum_id"], unique=False)
    op.create_table(
        "value_change",
        sa.Column("datum_id", sa.Integer(), nullable=False),
        sa.Column("old_value", sa.String(), nullable=False),
        sa.Column("old_line", sa.Integer(), nullable=True),
        sa.Column("old_batch_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["datum_id"], ["datum.id"], name=op.f("fk_value_change_datum_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["old_batch_id"], ["import_batch.id"], name=op.f("fk_value_change_old_batch_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_value_change_batch_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_change")),
    )
    op.create_index(op.f("ix_value_change_datum_id"), "value_change", ["datum_id"], unique=False)
    op.create_table(
        "conflict",
        sa.Column("datum_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name=op.f("ck_conflict_settled_by_somebody")),
        sa.ForeignKeyConstraint(["datum_id"], ["datum.id"], name=op.f("fk_conflict_datum_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_conflict_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    op.create_index(op.f("ix_conflict_datum_id_value"), "conflict", ["datum_id", "value"], unique=True)
    op.create_index(op.f("ix_conflict_batch_id"), "conflict", ["batch_id"], unique=False)
    _tasks()


def _tasks() -> None:
    op.execute("CREATE TEMP TABLE kept_task AS SELECT * FROM task")
    op.execute("DROP TABLE task")
    op.create_table(
        "task",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_task_request_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["retention_run.id"], name=op.f("fk_task_run_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_task_correction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    for name in ("request_id", "run_id", "correction_id"):
        op.create_index(op.f(f"ix_task_{name}"), "task", [name], unique=False)
    op.execute("""INSERT INTO task (id, kind, title, request_id, run_id, created_at, done_on, done_by)
        SELECT id, kind, title, request_id, run_id, created_at, done_on, done_by FROM kept_task""")
    op.execute("DROP TABLE kept_task")
