"""The rules of the house as functions over a tree of files: each returns its violations, one line each, empty when all is well."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
CODE_FOLDERS = ("app", "db", "resources")
ENTRY_FILES = ("app/__main__.py", "app/main.py", "app/cli/__init__.py")  # the places that may ask the machine
PROCESS_STARTERS = ("app/importers/worker.py",)  # what a child process inherits has to be read somewhere
SKIPPED = {"__pycache__", "build", "dist", "fixtures", "out", "htmlcov"}
TEXT_SUFFIXES = {
    ".py",
    ".md",
    ".toml",
    ".json",
    ".txt",
    ".lock",
    ".csv",
    ".spec",
    ".qss",
    ".po",
    ".pot",
    ".sh",
    ".svg",
    "",
}

VAGUE_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "handler", "handlers", "misc"}
NETWORK = [
    "asyncio",
    "aiohttp",
    "ftplib",
    "grpc",
    "http",
    "httpx",
    "imaplib",
    "nntplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "telnetlib",
    "urllib",
    "urllib3",
    "webbrowser",
    "websockets",
    "xmlrpc",
    "PySide6.QtNetwork",
    "PySide6.QtWebSockets",
    "PySide6.QtWebEngineCore",
    "PySide6.QtWebEngineWidgets",
]
NETWORK_ALLOWED = ("urllib.parse",)  # reads text, opens nothing
UNSAFE_READERS = ["pickle", "shelve", "marshal", "dill"]
CLOCKS = [
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "QDate.currentDate",
    "QTime.currentTime",
    "QDateTime.currentDateTime",
    "QDateTime.currentDateTimeUtc",
]
SURROUNDINGS = [
    "os.environ",
    "os.getenv",
    "os.putenv",
    "locale.getlocale",
    "locale.setlocale",
    "locale.getdefaultlocale",
    "QLocale.system",
]

Tree = Iterator[tuple[str, ast.Module]]


def python_files(root: Path, folders: tuple[str, ...] = CODE_FOLDERS) -> list[Path]:
    """Return the Python files of some folders, sorted."""
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py") if not SKIPPED & set(path.parts))


def written_python_files(root: Path) -> list[Path]:
    """Return every Python file somebody wrote; a migration is generated, and stays as it was applied."""
    return [path for path in all_python_files(root) if path.parent != root / "db" / "migrations" / "versions"]


def all_python_files(root: Path) -> list[Path]:
    """Return every Python file of ours, the tests and the set-up as well."""
    return sorted([*python_files(root, (*CODE_FOLDERS, "tests", ".ci")), *root.glob("*.py")])


def text_files(root: Path) -> list[Path]:
    """Return every text file of ours: what would be committed."""
    found = (path for path in root.rglob("*") if path.is_file() and path.suffix in TEXT_SUFFIXES)
    return sorted(path for path in found if not _is_skipped(path.relative_to(root)))


def _is_skipped(path: Path) -> bool:
    folders = path.parts[:-1]
    return any(
        part in SKIPPED or part.endswith((".egg-info", ".ombud")) or (part[0] == "." and part != ".ci")
        for part in folders
    ) or path.name.startswith(".coverage")


def parsed(root: Path, files: list[Path] | None = None) -> Tree:
    """Yield the code's files with their syntax trees."""
    for path in python_files(root) if files is None else files:
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def long_files(root: Path) -> list[str]:
    """No file is longer than a reader's patience."""
    counts = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in written_python_files(root))
    return [f"{path.relative_to(root).as_posix()}: {count} lines" for path, count in counts if count > MAX_FILE_LINES]


def long_functions(root: Path) -> list[str]:
    """No function is longer than a screen."""
    found = []
    for name, tree in parsed(root, written_python_files(root)):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    found.append(f"{name}:{node.lineno} {node.name}: {length} lines")
    return found


def vague_names(root: Path) -> list[str]:
    """A file's name says what it is about."""
    paths = [
        path
        for folder in (*CODE_FOLDERS, "tests")
        for path in (root / folder).rglob("*")
        if not SKIPPED & set(path.parts)
    ]
    return [
        path.relative_to(root).as_posix() for path in sorted(paths) if VAGUE_NAMES & set(path.stem.lower().split("_"))
    ]


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "__import__",
            "import_module",
            "importlib.import_module",
        ):
            yield from ((node.lineno, str(value.value)) for value in node.args[:1] if isinstance(value, ast.Constant))


def _within(module: str, packages: tuple[str, ...] | list[str]) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def network_imports(root: Path) -> list[str]:
    """The program has no network code at all."""
    return [
        f"{name}:{line} {module}"
        for name, tree in parsed(root)
        for line, module in _imports(tree)
        if _within(module, NETWORK) and not _within(module, NETWORK_ALLOWED)
    ]


def unsafe_readers(root: Path) -> list[str]:
    """Nothing is read back by a format that can run code."""
    imports = ((name, line, module) for name, tree in parsed(root) for line, module in _imports(tree))
    return [f"{name}:{line} {module}" for name, line, module in imports if _within(module, UNSAFE_READERS)]


def printing(root: Path) -> list[str]:
    """Only the command line prints."""
    return [
        f"{name}:{node.lineno} print"
        for name, tree in parsed(root)
        if not name.startswith("app/cli/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def _mentions(root: Path, dotted: list[str], *, allowed: tuple[str, ...] = ENTRY_FILES) -> list[str]:
    """Return where these are used outside the allowed files, by attribute (`datetime.now`) or imported by name (`from os import environ`)."""
    found = []
    for name, tree in parsed(root):
        if name in allowed:
            continue
        uses = ((node.lineno, ast.unparse(node)) for node in ast.walk(tree) if isinstance(node, ast.Attribute))
        found += [f"{name}:{line} {use}" for line, use in uses if ".".join(use.split(".")[-2:]) in dotted]
        found += [f"{name}:{line} {module}" for line, module in _imports(tree) if module in dotted]
    return found


def clock_readers(root: Path) -> list[str]:
    """Nothing deep inside reads the clock: `now` and `today` come as arguments."""
    return _mentions(root, CLOCKS)


def surroundings_readers(root: Path) -> list[str]:
    """Nothing deep inside reads environment variables or the machine's locale."""
    return _mentions(root, SURROUNDINGS, allowed=(*ENTRY_FILES, *PROCESS_STARTERS))


def composed_translations(root: Path) -> list[str]:
    """A text for translation is a whole sentence; values are put in after it has been translated."""
    return [
        f"{name}:{node.lineno} {ast.unparse(node)[:60]}"
        for name, tree in parsed(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("_", "ngettext", "mark")
        for text in node.args[: 2 if ast.unparse(node.func).endswith("ngettext") else 1]
        if isinstance(text, ast.JoinedStr | ast.BinOp)
        or (isinstance(text, ast.Call) and ast.unparse(text.func).endswith(".format"))
    ]


def hidden_translations(root: Path) -> list[str]:
    """A text for translation stands outside f-strings: the collector of texts does not look into them."""
    return [
        f"{name}:{call.lineno} {ast.unparse(call)[:60]}"
        for name, tree in parsed(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("_", "ngettext", "mark")
        if call.args and isinstance(call.args[0], ast.Constant)
    ]


def nameless_todos(root: Path) -> list[str]:
    """A note about work to be done names its issue."""
    pattern = re.compile(r"#.*\b(TO" + r"DO|FIX" + r"ME)\b(?!.*#\d+)")
    return _lines(root, all_python_files(root), pattern)


def registry_hosts(root: Path) -> list[str]:
    """No file says where packages are fetched from; that is the machine's own setting."""
    hosts = [
        "pypi|org",
        "pythonhosted|org",
        "npmjs|org",
        "npmjs|com",
        "debian|org",
        "ubuntu|com",
        "golang|org",
        "pkg|dev",
    ]
    words = [re.escape(host.replace("|", ".")) for host in hosts]
    options = [
        "--(?:extra-)?index" + "-url",
        "--find" + "-links",
        "PIP_INDEX" + "_URL",
        "UV_INDEX" + "_URL",
        "UV_DEFAULT" + "_INDEX",
    ]
    return _lines(root, text_files(root), re.compile("|".join([rf"\b[\w.-]*{word}\b" for word in words] + options)))


def machine_paths(root: Path) -> list[str]:
    """No file names a folder of somebody's machine."""
    folders = "work|tmp|root|home(?!/namn/)|Users"  # /home/namn/ is nobody's
    return _lines(root, text_files(root), re.compile(rf"(?<![\w.~/}}])/(?:{folders})/\w|\b[A-Z]:\\Users\\"))


def _lines(root: Path, files: list[Path], pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in files:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if match := pattern.search(line):
                found.append(f"{path.relative_to(root).as_posix()}:{number} {match.group()}")
    return found
