"""Commands about the secrets that open a vault, and about who has them."""

from typing import Any

from app.cli import output
from app.cli.call import Call, usage
from app.cli.output import Answer
from app.domain.roles import Role
from app.i18n import _
from app.services import keys, users
from app.services.vaults import Vault


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    one = commands.add_parser(
        "passwd", help=_("byt sin lösenfras; den nya står på andra raden av standard in. Ger vault_id, user, role")
    )
    one.set_defaults(act=_passwd)
    one = commands.add_parser(
        "rekey", help=_("byt databasens nyckel. Ger vault_id, rotated, recovery_key (null utan --new-recovery-key)")
    )
    one.add_argument("--new-recovery-key", action="store_true", help=_("gör också en ny återställningsnyckel"))
    one.set_defaults(act=_rekey)
    several = commands.add_parser("users", help=_("valvets användare")).add_subparsers(
        dest="which", required=True, metavar="WHICH"
    )
    shape = _("Ger users: [{name, role, since, owner}], unknown")
    one = several.add_parser("list", help=shape)
    one.set_defaults(act=_list)
    one = several.add_parser(
        "add",
        help=_("lägg till en användare; lösenfrasen står på andra raden av standard in. {shape}").format(shape=shape),
    )
    one.add_argument("name")
    _add_role(one)
    one.set_defaults(act=_add)
    one = several.add_parser("remove", help=_("ta bort en användare. {shape}").format(shape=shape))
    one.add_argument("name")
    one.add_argument("--rekey", action="store_true", help=_("byt databasens nyckel efteråt"))
    one.set_defaults(act=_remove)
    one = several.add_parser("role", help=_("ändra en användares roll. {shape}").format(shape=shape))
    one.add_argument("name")
    _add_role(one)
    one.set_defaults(act=_role)


def _add_role(parser: Any) -> None:
    parser.add_argument("--role", required=True, type=Role, choices=list(Role), metavar="|".join(Role))


def _passwd(call: Call) -> Answer:
    secret, new = call.secret(), call.second_secret()
    if not secret:
        raise _no_keyring()
    with call.vault() as vault:
        keys.change_passphrase(vault, new, current=secret.get("passphrase"), now=call.now())
        data = {"vault_id": vault.keys.vault_id, "user": vault.store.user, "role": vault.store.role}
    return Answer(data, _("Lösenfrasen är bytt."))


def _rekey(call: Call) -> Answer:
    with call.vault() as vault:
        _rotate(call, vault)
        new = keys.change_recovery_key(vault, now=call.now()) if call.new_recovery_key else None
        data = {"vault_id": vault.keys.vault_id, "rotated": True, "recovery_key": new}
    text = _("Databasens nyckel är bytt. Lösenfraserna och återställningsnyckeln gäller som förut.")
    if new:
        text = _("Databasens nyckel är bytt. Skriv ned den nya återställningsnyckeln: {key}").format(key=new)
    return Answer(data, text)


def _rotate(call: Call, vault: Vault) -> None:
    secret = call.secret()
    if not secret:
        raise _no_keyring()
    keys.rotate(vault, passphrase=secret.get("passphrase"), recovery=secret.get("recovery_key"), now=call.now())


def _list(call: Call) -> Answer:
    with call.vault() as vault:
        return _state(vault)


def _add(call: Call) -> Answer:
    passphrase = call.second_secret()
    with call.vault() as vault:
        users.add(vault, call.given.name, call.role, passphrase, now=call.now())
        return _state(vault)


def _remove(call: Call) -> Answer:
    with call.vault() as vault:
        users.remove(vault, call.given.name, now=call.now())
        if call.rekey:
            _rotate(call, vault)
        else:
            output.warn(
                _("Den som har en gammal kopia av valvet kan öppna den ännu. Kör rekey, så öppnas inget nytt med den.")
            )
        return _state(vault)


def _role(call: Call) -> Answer:
    with call.vault() as vault:
        users.change_role(vault, call.given.name, call.role, now=call.now())
        return _state(vault)


def _state(vault: Vault) -> Answer:
    found = users.listed(vault)
    rows = [{"name": one.name, "role": one.role, "since": one.made_at, "owner": one.is_owner} for one in found]
    text = "\n".join(f"{one.name}: {one.role.label}" for one in found)
    return Answer({"users": rows, "unknown": users.strangers(vault)}, text)


def _no_keyring() -> Exception:
    return usage(
        _("Nyckelringen räcker inte för att byta nycklar."),
        _("Skriv --passphrase-stdin eller --recovery-stdin i stället."),
    )
