"""Who may do what: the least role of every act that writes, in one table, and the one place where it is asked.

The window disables what a role may not do; here it is refused in any case, before anything is looked at or changed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from app.domain.roles import Role, refusal

P = ParamSpec("P")
R = TypeVar("R")

_READS = (
    "drafts.save drafts.take filing.open_document import_report.report keys.change_passphrase keys.turn_on_keyring keys.turn_off_keyring "
    "lookup.open_subject lookup.searched register_export.export retention.propose same_people.side_by_side subjects.open_card subjects.reveal"
)
"""What also a reviewer may: reading, which the trail tells of, and one's own secrets and half-typed forms."""
_PREPARES = (
    "automatic.run backup.make corrections.correct corrections.settle deceased.mark_dead deceased.take_back extracts.make extracts.make_for_subject holds.set_hold "
    "import_report.trial import_undo.undo imports.run imports.run_in_batches imports.trial incidents.assess "
    "incidents.decide incidents.inform incidents.log incidents.mark_notified incidents.update ledger.answer ledger.ask "
    "ledger.record ledger.stop_waiting letters.make merging.merge merging.take_apart merging.tell_apart "
    "notifications.notify notifications.supplement output_files.write portability.make portability.make_for_subject "
    "protected_files.protect request_mail.add_mail requests.acknowledge requests.check_identity requests.close "
    "requests.decide requests.extend requests.finish_task requests.mark_sent requests.opt_out requests.pause "
    "requests.register requests.reopen requests.resume"
)
"""What a case handler may: registering, importing, preparing and answering."""
_DECIDES = (
    "automatic.forget certificates.complete closed_files.remove erasure.erase_subject holds.lift_hold incidents.close incidents.reopen keys.change_recovery_key "
    "keys.rotate organisation.change_fact policy.approve policy.withdraw register.remove_activity register.save_activity "
    "register_parts.remove_notice register_parts.remove_recipient register_parts.remove_rule register_parts.remove_source "
    "register_parts.save_notice register_parts.save_recipient register_parts.save_rule register_parts.save_source "
    "retention.decide users.add users.change_role users.remove"
)
"""What only a data protection officer may: erasing, closing incidents, keys, users, the register and its rules."""
LEAST = {
    act: role
    for role, acts in ((Role.REVIEWER, _READS), (Role.HANDLER, _PREPARES), (Role.OFFICER, _DECIDES))
    for act in acts.split()
}
"""The least role of each act, by module and name."""


def guarded(act: Callable[P, R]) -> Callable[P, R]:
    """Refuse an act to whom it is not for.  Its first argument is the session, the store or the vault."""
    needed = LEAST[f"{act.__module__.rpartition('.')[2]}.{act.__name__}"]
    first = act.__code__.co_varnames[0]

    @wraps(act)
    def asked_first(*given: P.args, **named: P.kwargs) -> R:
        check(given[0] if given else named[first], needed)
        return act(*given, **named)

    return asked_first


def check(place: Any, needed: Role) -> None:
    """Refuse when whoever is at work has too low a role.

    Args:
        place: The session, the store or the vault.
        needed: The least role.

    Raises:
        UserError: It says who may.
    """
    if not role_of(place).includes(needed):
        raise refusal(needed)


def role_of(place: Any) -> Role:
    """Return the role of whoever is at work in a session, a store or a vault."""
    if hasattr(place, "info"):
        return Role(place.info["role"])
    return Role(getattr(place, "store", place).role)


def may(place: Any, act: str) -> bool:
    """Return whether whoever is at work may do an act of `LEAST`; for the window, which disables what is refused."""
    return role_of(place).includes(LEAST[act])
