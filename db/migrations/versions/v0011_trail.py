"""The trail's checkpoints, the count of commits, and the clock's own offset beside the time in UTC."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    op.execute("ALTER TABLE audit_entry ADD COLUMN offset_min INTEGER")
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoint")),
    )
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_checkpoint_no_{act.lower()} BEFORE {act} ON audit_checkpoint"
            " BEGIN SELECT RAISE(ABORT, 'audit trail is append-only'); END"
        )
    op.create_table(
        "commit_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("synced", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_commit_mark_is_alone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commit_mark")),
    )
    op.execute("INSERT INTO commit_mark (id, count, synced) VALUES (1, 0, 0)")
