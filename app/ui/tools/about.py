"""What the program is, its version, and whose work it stands on."""

import importlib.metadata
import platform

from PySide6.QtCore import Slot, qVersion
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from app import __version__
from app.i18n import _
from app.paths import program_root
from app.ui.context import Context
from app.ui.kit import clipboard
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.labels import PlainLabel
from app.ui.tools.page import ToolPage

PARTS = (
    ("PySide6-Essentials", "LGPL-3.0"),
    ("SQLAlchemy", "MIT"),
    ("alembic", "MIT"),
    ("sqlcipher3", "zlib; SQLCipher BSD-3-Clause"),
    ("cryptography", "Apache-2.0 / BSD-3-Clause"),
    ("argon2-cffi", "MIT"),
    ("reportlab", "BSD-3-Clause"),
    ("pikepdf", "MPL-2.0"),
    ("pypdfium2", "BSD-3-Clause / Apache-2.0"),
    ("openpyxl", "MIT"),
    ("python-calamine", "MIT"),
    ("phonenumbers", "Apache-2.0"),
    ("segno", "BSD-3-Clause"),
    ("lucide", "ISC"),
    ("font-source-sans-pro", "OFL-1.1"),
)


def parts() -> list[str]:
    """Return the libraries that are here, with version and licence, a line each."""
    lines = []
    for name, licence in PARTS:
        try:
            lines.append(f"{name} {importlib.metadata.version(name)}: {licence}")
        except importlib.metadata.PackageNotFoundError:
            lines.append(f"{name}: {licence}")
    return lines


def system_info() -> str:
    """Return versions for an error report; nothing about the user or the vault."""
    lines = [
        f"Ombudet {__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
    ]
    return "\n".join(lines)


class AboutPage(ToolPage):
    """Version, privacy, licences."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Om Ombudet"))
        self.copy_button = button(_("&Kopiera systeminfo"), "copy")
        self.licences = QPlainTextEdit()
        self._build()
        self.copy_button.clicked.connect(self._copy)

    def _build(self) -> None:
        words = _("Programmet har ingen nätverkskod. Allt ligger i valvet på din egen disk.")
        self.column.addWidget(InfoCard(_("Ombudet {version}").format(version=__version__), words))
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addStretch()
        self.column.addLayout(row)
        self.column.addWidget(PlainLabel(_("Licenser"), "h2"))
        self.licences.setReadOnly(True)
        self.licences.setTabChangesFocus(True)
        self.licences.setAccessibleName(_("Licenser"))
        self.licences.setPlainText("\n".join([*parts(), "", _own_licence()]))
        self.licences.setMinimumHeight(320)
        self.column.addWidget(self.licences, 1)

    @Slot()
    def _copy(self) -> None:
        clipboard.copy_text(system_info())
        self.copy_button.setText(_("Kopierat"))


def _own_licence() -> str:
    try:
        return (program_root() / "LICENSE").read_text(encoding="utf-8")
    except OSError:
        return "MIT"
