"""The rules of the house hold for every file; and each rule finds a file that breaks it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import house
from tests.test_lock_file import wanted

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "app" / "ARCHITECTURE.md"
Rule = Callable[[Path], list[str]]

LONG_BODY = "    x = 1\n" * 51
BROKEN: list[tuple[Rule, str, str]] = [
    (house.long_files, "app/domain/deadlines.py", "x = 1\n" * 401),
    (house.long_files, "tests/test_x.py", "x = 1\n" * 401),
    (house.long_functions, "db/store.py", "def act():\n" + LONG_BODY),
    (
        house.long_functions,
        "app/ui/tab.py",
        "class Tab:\n    async def act(self):\n" + LONG_BODY.replace("    ", "        "),
    ),
    (house.vague_names, "app/ui/utils.py", ""),
    (house.vague_names, "app/ui/helpers/__init__.py", ""),
    (house.vague_names, "db/vault_manager.py", ""),
    (house.vague_names, "app/error_handlers.py", ""),
    (house.network_imports, "app/services/mail.py", "import socket\n"),
    (house.network_imports, "app/services/mail.py", "from urllib.request import urlopen\n"),
    (house.network_imports, "app/services/mail.py", "import http.client\n"),
    (house.network_imports, "db/store.py", "def f():\n    import requests\n"),
    (house.network_imports, "app/ui/window.py", "from PySide6.QtNetwork import QNetworkAccessManager\n"),
    (house.network_imports, "app/ui/window.py", "from PySide6 import QtNetwork\n"),
    (house.network_imports, "app/ui/window.py", "import importlib\nimportlib.import_module('smtplib')\n"),
    (house.unsafe_readers, "app/importers/table.py", "import pickle\n"),
    (house.printing, "app/services/audit.py", "print('x')\n"),
    (house.clock_readers, "app/services/audit.py", "from datetime import UTC, datetime\nnow = datetime.now(UTC)\n"),
    (house.clock_readers, "app/domain/deadlines.py", "import datetime\nx = datetime.date.today()\n"),
    (house.clock_readers, "db/store.py", "from time import time\n"),
    (house.clock_readers, "app/ui/inbox/tab.py", "today = QDate.currentDate()\n"),
    (house.surroundings_readers, "app/security/files.py", "import os\nx = os.environ['HOME']\n"),
    (house.surroundings_readers, "app/security/files.py", "from os import getenv\n"),
    (house.surroundings_readers, "app/ui/kit/fields.py", "x = QLocale.system()\n"),
    (house.composed_translations, "app/ui/inbox/tab.py", "_(f'Frist {day}')\n"),
    (house.composed_translations, "app/ui/inbox/tab.py", "_('Frist ' + day)\n"),
    (house.composed_translations, "app/ui/inbox/tab.py", "_('Frist {}'.format(day))\n"),
    (house.composed_translations, "app/ui/inbox/tab.py", "ngettext('en', f'{n}', n)\n"),
    (house.hidden_translations, "app/ui/inbox/tab.py", "x = f\"{number}: {_('Frist')}\"\n"),
    (house.nameless_todos, "app/main.py", "x = 1  # TO" + "DO later\n"),
    (house.registry_hosts, "README.md", "See https://" + ".".join(("files", "pythonhosted", "org")) + "/x\n"),
    (house.registry_hosts, ".ci/run", "pip install --index" + "-url x\n"),
    (house.machine_paths, "README.md", "See /" + "work/notes\n"),
    (house.machine_paths, "resources/a.json", '{"path": "/' + 'home/anna/vault"}\n'),
]
ALLOWED: list[tuple[Rule, str, str]] = [
    (house.long_files, "app/domain/deadlines.py", "x = 1\n" * 400),
    (house.long_functions, "db/store.py", "def act():\n" + "    x = 1\n" * 49),
    (house.vague_names, "app/ui/managing.py", ""),
    (house.network_imports, "app/ui/window.py", "from urllib.parse import quote\nfrom app.http_words import x\n"),
    (house.printing, "app/cli/output.py", "print('x')\n"),
    (house.clock_readers, "app/main.py", "from datetime import UTC, datetime\nnow = datetime.now(UTC)\n"),
    (house.clock_readers, "app/services/jobs.py", "import time\nx = time.monotonic()\n"),
    (house.surroundings_readers, "app/main.py", "import os\nx = os.environ\n"),
    (house.composed_translations, "app/ui/inbox/tab.py", "_('Frist {day}').format(day=day)\n_(LABEL)\n"),
    (house.hidden_translations, "app/ui/inbox/tab.py", 'x = f"{number} {_(LABELS[number])}"\n'),
    (house.nameless_todos, "app/main.py", "x = 1  # TO" + "DO #12 later\n"),
    (house.machine_paths, "start.py", "FONTS = '/usr/share/fonts'\nx = 'in/work/y'\n"),
    (house.machine_paths, ".venv/x.py", "x = '/" + "work/y'\n"),
]
RULES = sorted({rule for rule, _name, _text in BROKEN}, key=lambda rule: rule.__name__)


def tree(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_holds(rule: Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN)
def test_the_rule_finds_what_breaks_it(rule: Rule, name: str, text: str, tmp_path: Path) -> None:
    assert rule(tree(tmp_path, name, text)) != []


@pytest.mark.parametrize(("rule", "name", "text"), ALLOWED)
def test_the_rule_leaves_the_rest_alone(rule: Rule, name: str, text: str, tmp_path: Path) -> None:
    assert rule(tree(tmp_path, name, text)) == []


def test_the_rules_look_at_the_whole_program() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in house.all_python_files(ROOT)}
    assert {"app", "db", "tests", "start.py"} <= names
    assert {"README.md", "requirements.lock", "pyproject.toml"} <= {path.name for path in house.text_files(ROOT)}


def test_every_package_of_tests_can_be_imported_under_its_own_name() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [folder.name for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_the_guide_fits_in_one_reading() -> None:
    assert len(GUIDE.read_text(encoding="utf-8").splitlines()) <= 150


def test_the_guide_gives_a_reason_for_every_dependency() -> None:
    rows = GUIDE.read_text(encoding="utf-8").lower().replace("_", "-")
    assert sorted(name for name in wanted(extra="dev") if f"`{name}`" not in rows) == []


def test_the_guide_names_every_package_of_the_program() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    packages = [path.parent.name for path in (ROOT / "app").glob("*/__init__.py")]
    assert [name for name in packages if f"{name}/" not in guide] == []
