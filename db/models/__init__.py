"""All tables.  Import models from here, so that the metadata is always complete."""

from db.models.audit import AuditEntry
from db.models.filing import Attachment
from db.models.importing import FormerDatum, ImportBatch, ImportRow, RecordChange, SourceAbsence
from db.models.incident import Incident
from db.models.register import (
    Activity,
    Deviation,
    Notice,
    OutsideSystem,
    Recipient,
    RetentionRule,
    Setting,
    Source,
)
from db.models.request import Lookup, LookupSource, Pause, Request, RequestRight, Task
from db.models.retention import RetentionRun
from db.models.subject import Datum, Hold, Identifier, OptOut, Subject

__all__ = [
    "Activity",
    "Attachment",
    "AuditEntry",
    "Datum",
    "Deviation",
    "FormerDatum",
    "Hold",
    "Identifier",
    "ImportBatch",
    "ImportRow",
    "Incident",
    "Lookup",
    "LookupSource",
    "Notice",
    "OptOut",
    "OutsideSystem",
    "Pause",
    "Recipient",
    "RecordChange",
    "Request",
    "RequestRight",
    "RetentionRule",
    "RetentionRun",
    "Setting",
    "Source",
    "SourceAbsence",
    "Subject",
    "Task",
]
