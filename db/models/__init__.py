"""All tables.  Import models from here, so that the metadata is always complete."""

from db.models.audit import AuditCheckpoint, AuditEntry, CommitMark
from db.models.filing import Attachment
from db.models.importing import ImportBatch, ImportRow, RecordChange, SearchLater, SourceAbsence
from db.models.incident import Incident
from db.models.people import Conflict, Correction, Merge, NotSame, ValueChange
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
from db.models.retention import ErasedKey, RetentionRun
from db.models.search import SearchPerson, SearchStale, SearchText
from db.models.subject import Datum, Hold, Identifier, OptOut, Subject

__all__ = [
    "Activity",
    "Attachment",
    "AuditCheckpoint",
    "AuditEntry",
    "CommitMark",
    "Conflict",
    "Correction",
    "Datum",
    "Deviation",
    "ErasedKey",
    "Hold",
    "Identifier",
    "ImportBatch",
    "ImportRow",
    "Incident",
    "Lookup",
    "LookupSource",
    "Merge",
    "NotSame",
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
    "SearchLater",
    "SearchPerson",
    "SearchStale",
    "SearchText",
    "Setting",
    "Source",
    "SourceAbsence",
    "Subject",
    "Task",
    "ValueChange",
]
