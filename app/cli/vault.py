"""Commands about the vault itself: make, try the key, back up, restore, verify."""

from pathlib import Path
from typing import Any

from app.cli import output
from app.cli.call import Call, usage
from app.cli.output import Answer
from app.domain.errors import ExitCode, UserError
from app.i18n import _, ngettext
from app.services import audit, backup, filing, founding, keys, restoring, verification


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    one = commands.add_parser("init", help=_("gör ett nytt valv i --vault"))
    one.add_argument("--profile", choices=["itrace", "empty"], default="itrace")
    one.add_argument("--name", default="", help=_("organisationens namn"))
    one.set_defaults(act=_init)
    one = commands.add_parser("unlock-check", help=_("pröva hemligheten och visa valvets format"))
    one.set_defaults(act=_unlock_check)
    one = commands.add_parser("backup", help=_("gör en säkerhetskopia och pröva att den går att öppna"))
    one.add_argument("--to", required=True, type=Path, metavar="DIR")
    one.set_defaults(act=_backup)
    one = commands.add_parser("restore", help=_("gör ett valv av en säkerhetskopia, i en ny mapp"))
    one.add_argument("backup", type=Path)
    one.add_argument("--to", required=True, type=Path, metavar="DIR")
    one.add_argument(
        "--keys-from",
        type=Path,
        metavar="DIR",
        help=_("mappen med nycklar och journal, om den inte ligger bredvid kopian"),
    )
    one.add_argument(
        "--without-keys",
        action="store_true",
        help=_(
            "återställ fast nycklar och journal saknas: handlingar går då inte att läsa, och raderat kommer tillbaka"
        ),
    )
    one.add_argument(
        "--trial", action="store_true", help=_("återställ bara på prov: läs det som blev, och ta bort det igen")
    )
    one.set_defaults(act=_restore)
    one = commands.add_parser("migrate", help=_("för valvet över till det nyaste formatet"))
    one.set_defaults(act=_migrate)
    one = commands.add_parser("verify", help=_("pröva databasen och loggens kedja"))
    one.add_argument(
        "--checkpoint",
        action="append",
        default=[],
        metavar="FILE",
        help=_("pröva också mot en kontrollpunkt: en fil, eller den korta formen från ett dokuments sidfot"),
    )
    one.add_argument(
        "--export", type=Path, metavar="FILE", help=_("skriv loggen till en fil som kan prövas utan programmet")
    )
    one.set_defaults(act=_verify)


def _init(call: Call) -> Answer:
    secret = call.secret().get("passphrase")
    if not secret:
        raise usage(
            _("Valvet behöver en lösenfras."), _("Skriv --passphrase-stdin och ge lösenfrasen på första raden.")
        )
    if weakness := keys.problem(secret):
        output.warn(_("Lösenfrasen är svag. {why}").format(why=weakness))
    facts = founding.NewVault(passphrase=secret, profile=call.profile, name=call.given.name, user=call.user)
    vault, recovery_key = founding.create(call.folder, facts, now=call.now())
    vault_id = vault.keys.vault_id
    call.close(vault)
    text = _("Valvet är klart. Skriv ned återställningsnyckeln: {key}").format(key=recovery_key)
    return Answer({"vault_id": vault_id, "recovery_key": recovery_key}, text)


def _unlock_check(call: Call) -> Answer:
    with call.vault() as vault:
        events = restoring.counts(vault.store)["audit_entry"]
        data = {
            "vault_id": vault.keys.vault_id,
            "user": vault.store.user,
            "role": vault.store.role.value,
            "format": 1,
            "changes": events,
        }
    return Answer(data, _("Hemligheten stämmer."))


def _backup(call: Call) -> Answer:
    with call.vault() as vault:
        made = backup.make(vault, call.to, now=call.now(), step=call.step)
    text = _("Säkerhetskopian är gjord och prövad: {path}").format(path=made.path)
    return Answer({"path": made.path, "verified": made.is_verified, "counts": made.counts}, text)


def _restore(call: Call) -> Answer:
    if not call.secret():
        raise usage(
            _("En säkerhetskopia öppnas inte med nyckelringen."), _("Skriv --passphrase-stdin eller --recovery-stdin.")
        )
    if call.trial:
        made = restoring.trial(call.given.backup, call.to, **call.secret(), now=call.now())
        return Answer({"path": call.given.backup, "verified": True, "counts": made}, _("Kopian går att återställa."))
    beside = None
    if call.keys_from or call.without_keys:
        beside = restoring.Beside(call.keys_from or Path(), is_given_up=call.without_keys)
    done = restoring.restore(call.given.backup, call.to, **call.secret(), beside=beside, now=call.now())
    text = _("Valvet är återställt i {folder}. Raderat på nytt: {count}.").format(
        folder=done.folder, count=done.reapplied
    )
    return Answer({"vault": done.folder, "reapplied_erasures": done.reapplied, "has_keys": done.has_keys}, text)


def _migrate(call: Call) -> Answer:
    with call.vault() as vault:
        data = {"format": vault.format, "migrated_from": vault.migrated_from}
    return Answer(data, _("Valvet har det nyaste formatet, {format}.").format(format=data["format"]))


def _verify(call: Call) -> Answer:
    with call.vault() as vault:
        held = verification.evidence(vault, call.checkpoint)
        fault = vault.store.check()
        with vault.store.read() as session:
            proof = audit.verify(session, held, step=call.step)
            unreadable = filing.unreadable(session)
            if call.export is not None:
                verification.export(session, vault, call.export)
        documents = restoring.counts(vault.store)["attachment"]
        key = vault.signer.verifier_key
    if fault:
        raise UserError(
            _("Valvets databas är skadad ({fault}).").format(fault=fault),
            stands=_("Inget har ändrats."),
            do=_("Återställ den senaste säkerhetskopian till en ny mapp."),
            code=ExitCode.DAMAGED,
        )
    if damaged := unreadable + vault.keeper.subject_keys.damaged():
        raise UserError(
            ngettext(
                "{count} nyckel i filen subjects.keys saknas eller är skadad.",
                "{count} nycklar i filen subjects.keys saknas eller är skadade.",
                damaged,
            ).format(count=damaged),
            stands=_("Inget har ändrats."),
            do=_("Lägg tillbaka filen subjects.keys från den senaste säkerhetskopian i valvets mapp, och pröva igen."),
            code=ExitCode.DAMAGED,
        )
    if proof.fault is not None:
        raise UserError(
            _("Loggen är ändrad. {what}").format(what=audit.in_words(proof)),
            stands=_("Inget har ändrats nu."),
            do=_("Jämför med en äldre säkerhetskopia, och ta reda på vem som har haft tillgång till filen."),
            code=ExitCode.TAMPERED,
        )
    checked = {
        "events": proof.events,
        "first_bad": proof.first_bad,
        "since": proof.since,
        "checkpoints": proof.checkpoints,
        "key": key,
    }
    data = {"database": "ok", "audit": checked, "head": proof.head, "keys": "ok", "documents": documents}
    return Answer(data, audit.in_words(proof))
