"""The id of a filed mail, by which an answer to it is recognised; read once out of the mails that are filed already."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"

MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)
HEAD = 64 * 1024


def upgrade() -> None:
    op.add_column("attachment", sa.Column("message_id", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_attachment_message_id"), "attachment", ["message_id"], unique=False)
    connection = op.get_bind()
    mails = sa.text("SELECT id, substr(content, 1, :head) FROM attachment WHERE kind = 'mail'")
    for key, head in connection.execute(mails, {"head": HEAD}).all():
        found = MESSAGE_ID.search(re.split(rb"\r?\n\r?\n", head or b"", maxsplit=1)[0])
        if found:
            filled = sa.text("UPDATE attachment SET message_id = :message_id WHERE id = :key")
            connection.execute(filled, {"message_id": found[1].decode("ascii", "replace"), "key": key})
