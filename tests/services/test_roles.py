"""Each act that writes has its least role in one table, and is refused to a lower one before anything happens."""

import ast
import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ExitCode, UserError
from app.domain.roles import Role
from app.services import guard, keys, organisation, users
from app.services.guard import LEAST
from app.services.vaults import Vault
from db.store import Store
from tests.factories import NOW
from tests.services.conftest import everything
from tests.services.test_every_act_is_audited import ACTS

SERVICES = Path(guard.__file__).parent
WRITES = {"audit.record", "session.add", "session.add_all", "session.delete", "store.write", "*.write"}
PARTS = {
    *("closed_files.over_due", "erasure.make_receipt", "erasure.new_run", "filing.make_findable", "filing.store"),
    *("import_batch.begin", "import_batch.compare_again", "import_batch.set_holds", "import_batch.take_out"),
    *("import_source.source_for", "import_settling.finish", "import_settling.withdraw", "output_versions.remember"),
    "outside.correction_tasks",
    *("outside.tasks", "register_trail.remove", "register_trail.store", "removal.remove", "request_mail.keep_original"),
    *("audit.record", "closed_files.delete", "keys.recorder"),
    *(
        "audit.head",
        "checkpoints.make",
        "checkpoints.make_daily",
        "freshness.record",
        "extracts.content",
        "extracts.mark",
    ),
    *("letters.preview", "notifications.notification", "portability.content", "register_export.content"),
}
"""What acts are made of; the act that calls them has been asked."""
OPENINGS = {
    *(
        "restoring.restore",
        "restoring.into",
        "restoring.trial",
        "erasure_again.reapply",
        "demo.day",
        "demo.make",
        "demo_cases.build",
        "demo_cases.write_letters",
        "demo_incidents.build",
    ),
    *(
        "demo_incidents.notify_first",
        "founding.create",
        "founding.finish",
        "import_settling.recover",
        "organisation.apply_profile",
    ),
    *("vaults.open_vault", "vaults.open_with_keys"),
}
"""What makes or opens a vault: whoever does it has the secret, and nobody is at work yet."""


def _called(function: ast.FunctionDef, module: str, named: dict[str, str]) -> set[str]:
    found = set()
    for call in ast.walk(function):
        if isinstance(call, ast.Call):
            name = call.func
            if isinstance(name, ast.Name):
                found.add(named.get(name.id, f"{module}.{name.id}"))
            elif isinstance(name, ast.Attribute):
                place = name.value.id if isinstance(name.value, ast.Name) else "*"
                found.add(f"{named.get(place, place).rpartition('.')[2]}.{name.attr}")
    return found


def _writing() -> set[str]:
    """Return the services' public functions that lead to a write."""
    calls: dict[str, set[str]] = {}
    for path in SERVICES.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            alias.asname or alias.name: f"{str(node.module).rpartition('.')[2]}.{alias.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("app.services.")
            for alias in node.names
        }
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                calls[f"{path.stem}.{node.name}"] = _called(node, path.stem, named)
    found: set[str] = set()
    while True:
        more = {name for name, called in calls.items() if called & (WRITES | found)} - found
        if not more:
            return {name for name in found if not name.partition(".")[2].startswith("_")}
        found |= more


def _act(name: str) -> Callable[..., Any]:
    module, _dot, function = name.partition(".")
    act: Callable[..., Any] = getattr(importlib.import_module("app.services." + module), function)
    return act


def test_every_public_service_that_writes_is_in_the_table() -> None:
    assert _writing() - PARTS - OPENINGS - set(LEAST) == set()
    assert (PARTS | OPENINGS) & set(LEAST) == set()


@pytest.mark.parametrize("name", LEAST)
def test_every_act_of_the_table_asks(name: str) -> None:
    assert hasattr(_act(name), "__wrapped__"), "not guarded"


def _lower() -> list[tuple[str, Role]]:
    return [(name, role) for name, least in LEAST.items() for role in Role if not role.includes(least)]


def _first_argument(name: str) -> str:
    first: str = inspect.unwrap(_act(name)).__code__.co_varnames[0]
    return first


def test_each_act_is_refused_to_each_lower_role_and_changes_nothing(vault: Vault) -> None:
    before = everything(vault.store), (vault.folder / "vault.json").read_bytes()
    for name, role in _lower():
        vault.store.role = role
        first = _first_argument(name)
        with vault.store.read() as session:
            place = {"session": session, "store": vault.store, "vault": vault}[first]
            with pytest.raises(UserError, match="får göra det här") as caught:
                _act(name)(place)
            assert caught.value.code is ExitCode.NOT_ALLOWED, name
            with pytest.raises(UserError, match="får göra det här"):
                _act(name)(**{first: place})
    assert (everything(vault.store), (vault.folder / "vault.json").read_bytes()) == before


@pytest.mark.parametrize("name", ACTS)
def test_a_real_act_is_refused_to_whom_it_is_not_for_and_done_by_whom_it_is(store: Store, name: str) -> None:
    prepare, run = ACTS[name]
    function = {"incidents.notify": "notifications.notify", "incidents.supplement": "notifications.supplement"}
    alias = {"retention.set_hold": "holds.set_hold", "retention.lift_hold": "holds.lift_hold"}
    least = LEAST[{**function, **alias}.get(name, name)]
    with store.write(NOW) as session:
        about = prepare(session)
    before = everything(store)
    for role in Role:
        store.role = role
        if role.includes(least):
            continue
        with pytest.raises(UserError, match="får göra det här"), store.write(NOW) as session:
            run(session, about)
    store.role = Role.OFFICER
    assert everything(store) == before
    store.role = least
    if name != "retention.set_hold":  # its helper writes what an officer has
        with store.write(NOW) as session:
            run(session, about)


def test_what_the_window_asks_is_what_the_service_answers(vault: Vault) -> None:
    for role in Role:
        vault.store.role = role
        assert guard.may(vault, "users.add") is (role is Role.OFFICER)
        assert guard.may(vault.store, "requests.register") is (role is not Role.REVIEWER)
        with vault.store.read() as session:
            assert guard.may(session, "lookup.open_subject")


def test_a_refusal_inside_a_transaction_rolls_all_of_it_back(store: Store) -> None:
    store.role = Role.HANDLER
    before = everything(store)
    with pytest.raises(UserError, match="Bara ett dataskyddsombud"), store.write(NOW) as session:
        organisation.change_fact(session, organisation.OFFICER, {"name": "Ove Berg"})
    assert everything(store) == before


def test_a_session_without_a_role_is_a_programming_error() -> None:
    class Place:
        info: dict[str, str] = {}  # noqa: RUF012

    with pytest.raises(KeyError):
        guard.check(Place(), Role.REVIEWER)


def test_an_act_that_is_not_in_the_table_cannot_be_guarded() -> None:
    def unknown(session: object) -> None:
        """Do something nobody decided on."""

    with pytest.raises(KeyError):
        guard.guarded(unknown)


def test_the_table_names_only_what_there_is() -> None:
    assert {"users.add", "keys.rotate"} <= set(LEAST)
    assert users.add.__name__ == "add"
    assert keys.rotate.__doc__
