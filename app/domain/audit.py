"""The words of the audit trail and the arithmetic of its chain.  Who writes it, and where, is not known here."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum

from app.i18n import _, mark

GENESIS = bytes(32)
"""The link before the first one."""


class Action(StrEnum):
    """What was done.  Codes are stored for ever: never rename or reuse one."""

    VAULT_CREATED = "vault_created"
    VAULT_OPENED = "vault_opened"
    VAULT_LOCKED = "vault_locked"
    PROFILE_APPLIED = "profile_applied"
    IMPORTED = "imported"
    REQUEST_REGISTERED = "request_registered"
    REQUEST_ACKNOWLEDGED = "request_acknowledged"
    IDENTITY_CHECKED = "identity_checked"
    SEARCHED = "searched"
    SUBJECT_READ = "subject_read"
    HIT_CONFIRMED = "hit_confirmed"
    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    DECIDED = "decided"
    EXTRACT_MADE = "extract_made"
    LETTER_MADE = "letter_made"
    SENT = "sent"
    CLOSED = "closed"
    REOPENED = "reopened"
    INCIDENT_LOGGED = "incident_logged"
    INCIDENT_UPDATED = "incident_updated"
    INCIDENT_ASSESSED = "incident_assessed"
    INCIDENT_DECIDED = "incident_decided"
    INCIDENT_NOTIFIED = "incident_notified"
    INCIDENT_SUPPLEMENTED = "incident_supplemented"
    INCIDENT_INFORMED = "incident_informed"
    INCIDENT_CLOSED = "incident_closed"
    HOLD_SET = "hold_set"
    HOLD_LIFTED = "hold_lifted"
    RETENTION_PROPOSED = "retention_proposed"
    RETENTION_DECIDED = "retention_decided"
    ERASED = "erased"
    ERASURE_PROVEN = "erasure_proven"
    DOCUMENT_WRITTEN = "document_written"
    DOCUMENT_READ = "document_read"
    SETTING_CHANGED = "setting_changed"
    ACTIVITY_SAVED = "activity_saved"
    SOURCE_SAVED = "source_saved"
    OUTSIDE_TASK_DONE = "outside_task_done"
    OPT_OUT_SET = "opt_out_set"
    CORRECTED = "corrected"
    RESTRICTED = "restricted"
    BACKUP_MADE = "backup_made"
    BACKUPS_THINNED = "backups_thinned"
    RESTORED = "restored"
    MIGRATED = "migrated"
    VERIFIED = "verified"
    PASSPHRASE_CHANGED = "passphrase_changed"  # noqa: S105 - a code, not a secret
    ACTIVITY_REMOVED = "activity_removed"
    SOURCE_REMOVED = "source_removed"
    RECIPIENT_SAVED = "recipient_saved"
    RECIPIENT_REMOVED = "recipient_removed"
    RULE_SAVED = "rule_saved"
    RULE_REMOVED = "rule_removed"
    NOTICE_SAVED = "notice_saved"
    NOTICE_REMOVED = "notice_removed"
    REGISTER_EXPORTED = "register_exported"
    DEVIATION_APPROVED = "deviation_approved"
    DEVIATION_WITHDRAWN = "deviation_withdrawn"
    SUBJECT_SAVED = "subject_saved"
    PROTECTED_OPENED = "protected_opened"
    MAIL_ADDED = "mail_added"
    PORTABILITY_MADE = "portability_made"
    DOCUMENT_PROTECTED = "document_protected"
    SOURCE_ASKED = "source_asked"
    SOURCE_ANSWERED = "source_answered"
    MERGED = "merged"
    TAKEN_APART = "taken_apart"
    TOLD_APART = "told_apart"
    CONFLICT_SETTLED = "conflict_settled"
    IMPORT_UNDONE = "import_undone"
    OLDER_ACCEPTED = "older_accepted"
    TRIES_FAILED = "tries_failed"
    USER_ADDED = "user_added"
    USER_REMOVED = "user_removed"
    ROLE_CHANGED = "role_changed"
    RECOVERY_CHANGED = "recovery_changed"
    KEYRING_TURNED_ON = "keyring_turned_on"
    KEYRING_TURNED_OFF = "keyring_turned_off"
    KEY_ROTATED = "key_rotated"


_LABELS = {
    Action.VAULT_CREATED: mark("Valvet skapades"),
    Action.VAULT_OPENED: mark("Valvet öppnades"),
    Action.VAULT_LOCKED: mark("Valvet låstes"),
    Action.PROFILE_APPLIED: mark("Företagsprofilen lades in"),
    Action.IMPORTED: mark("Fil importerades"),
    Action.REQUEST_REGISTERED: mark("Begäran registrerades"),
    Action.REQUEST_ACKNOWLEDGED: mark("Begäran bekräftades"),
    Action.IDENTITY_CHECKED: mark("Identiteten kontrollerades"),
    Action.SEARCHED: mark("Sökning gjordes"),
    Action.SUBJECT_READ: mark("En persons uppgifter lästes"),
    Action.HIT_CONFIRMED: mark("Träff bekräftades"),
    Action.EXTENDED: mark("Fristen förlängdes"),
    Action.PAUSED: mark("Fristen pausades"),
    Action.RESUMED: mark("Fristen löper igen"),
    Action.DECIDED: mark("Beslut fattades"),
    Action.EXTRACT_MADE: mark("Registerutdrag skapades"),
    Action.LETTER_MADE: mark("Brev skapades"),
    Action.SENT: mark("Svar skickades"),
    Action.CLOSED: mark("Ärendet avslutades"),
    Action.REOPENED: mark("Ärendet öppnades igen"),
    Action.INCIDENT_LOGGED: mark("Incident skrevs upp"),
    Action.INCIDENT_UPDATED: mark("Incidenten ändrades"),
    Action.INCIDENT_ASSESSED: mark("Incidentens risk bedömdes"),
    Action.INCIDENT_DECIDED: mark("Beslut om incidenten fattades"),
    Action.INCIDENT_NOTIFIED: mark("Incidenten anmäldes"),
    Action.INCIDENT_SUPPLEMENTED: mark("Anmälan kompletterades"),
    Action.INCIDENT_INFORMED: mark("De berörda informerades"),
    Action.INCIDENT_CLOSED: mark("Incidenten avslutades"),
    Action.HOLD_SET: mark("Gallringsstopp sattes"),
    Action.HOLD_LIFTED: mark("Gallringsstopp hävdes"),
    Action.RETENTION_PROPOSED: mark("Gallringsförslag togs fram"),
    Action.RETENTION_DECIDED: mark("Gallring beslutades"),
    Action.ERASED: mark("Uppgifter raderades"),
    Action.ERASURE_PROVEN: mark("Raderingen prövades"),
    Action.DOCUMENT_WRITTEN: mark("Handling lades till"),
    Action.DOCUMENT_READ: mark("Handling öppnades"),
    Action.SETTING_CHANGED: mark("Inställning ändrades"),
    Action.ACTIVITY_SAVED: mark("Behandling sparades"),
    Action.SOURCE_SAVED: mark("Källa sparades"),
    Action.OUTSIDE_TASK_DONE: mark("Uppgift utanför programmet blev klar"),
    Action.OPT_OUT_SET: mark("Reklamspärr ändrades"),
    Action.CORRECTED: mark("Uppgift rättades"),
    Action.RESTRICTED: mark("Begränsning ändrades"),
    Action.BACKUP_MADE: mark("Säkerhetskopia gjordes"),
    Action.BACKUPS_THINNED: mark("Gamla säkerhetskopior togs bort"),
    Action.RESTORED: mark("Säkerhetskopia återställdes"),
    Action.MIGRATED: mark("Valvet fördes över till ett nyare format"),
    Action.VERIFIED: mark("Valvet kontrollerades"),
    Action.PASSPHRASE_CHANGED: mark("Lösenfrasen byttes"),
    Action.ACTIVITY_REMOVED: mark("Behandling togs bort"),
    Action.SOURCE_REMOVED: mark("Källa togs bort"),
    Action.RECIPIENT_SAVED: mark("Mottagare sparades"),
    Action.RECIPIENT_REMOVED: mark("Mottagare togs bort"),
    Action.RULE_SAVED: mark("Gallringsregel sparades"),
    Action.RULE_REMOVED: mark("Gallringsregel togs bort"),
    Action.NOTICE_SAVED: mark("Informationstext sparades"),
    Action.NOTICE_REMOVED: mark("Informationstext togs bort"),
    Action.REGISTER_EXPORTED: mark("Registret exporterades"),
    Action.DEVIATION_APPROVED: mark("Avvikelse godkändes"),
    Action.DEVIATION_WITHDRAWN: mark("Godkänd avvikelse togs tillbaka"),
    Action.SUBJECT_SAVED: mark("Person sparades"),
    Action.PROTECTED_OPENED: mark("Skyddade uppgifter öppnades"),
    Action.MAIL_ADDED: mark("Brev lades till i ärendet"),
    Action.PORTABILITY_MADE: mark("Fil för dataportabilitet skapades"),
    Action.DOCUMENT_PROTECTED: mark("Handling skyddades med lösenord"),
    Action.SOURCE_ASKED: mark("Källa utanför valvet frågades"),
    Action.SOURCE_ANSWERED: mark("Svar från källa utanför valvet"),
    Action.MERGED: mark("Personer slogs ihop"),
    Action.TAKEN_APART: mark("Hopslagna personer togs isär"),
    Action.TOLD_APART: mark("Noterades som två personer"),
    Action.CONFLICT_SETTLED: mark("Import mot rättelse avgjordes"),
    Action.IMPORT_UNDONE: mark("Import ångrades"),
    Action.OLDER_ACCEPTED: mark("Valvet öppnades fast ändringar saknas"),
    Action.TRIES_FAILED: mark("Misslyckade försök att öppna valvet"),
    Action.USER_ADDED: mark("Användare lades till"),
    Action.USER_REMOVED: mark("Användare togs bort"),
    Action.ROLE_CHANGED: mark("Användares roll ändrades"),
    Action.RECOVERY_CHANGED: mark("Ny återställningsnyckel gjordes"),
    Action.KEYRING_TURNED_ON: mark("Snabb upplåsning slogs på"),
    Action.KEYRING_TURNED_OFF: mark("Snabb upplåsning slogs av"),
    Action.KEY_ROTATED: mark("Databasens nyckel byttes"),
}


def label(action: Action) -> str:
    """Return the act as the user reads it."""
    return _(_LABELS[action])


def chain_hash(previous: bytes, record: bytes) -> bytes:
    """Return the link for `record` after the link `previous`.

    Raises:
        ValueError: `previous` is not a link, so the border between it and the record would be open.
    """
    if len(previous) != len(GENESIS):
        raise ValueError("a link is 32 bytes")
    return hashlib.sha256(previous + record).digest()


def canonical(fields: Mapping[str, object]) -> bytes:
    """Return the one way to write `fields` as bytes: equal fields give equal bytes, different ones different bytes.

    Raises:
        TypeError: A value is of a kind that has no single way to be written, such as a float.
        ValueError: A time has no zone.
    """
    plain = {name: _plain(value) for name, value in fields.items()}
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    """Return `value` in JSON's own kinds; what JSON lacks becomes an object with one telling key."""
    if value is None or isinstance(value, str | int):
        return str(value) if isinstance(value, StrEnum) else value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time in the trail needs a zone")
        return {"at": value.astimezone(UTC).isoformat(timespec="microseconds")}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    raise TypeError(type(value).__name__)
