"""First page: the language, where the vault is to be, or another way in."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout

from app.domain.errors import UserError
from app.i18n import _, language
from app.reference.profiles import profile
from app.ui.comfort import languages
from app.ui.kit.buttons import button
from app.ui.kit.choosing import choose_folder, documents_folder
from app.ui.kit.fields import ComboField, LineField, show_problems
from app.ui.kit.flow import flow_widget
from app.ui.kit.labels import PlainLabel
from app.ui.kit.wizard import WizardPage

SUFFIX = ".ombud"
_FORBIDDEN = set('<>:"/\\|?*')
LANGUAGE_NAMES = {"sv": "Svenska", "en": "English"}


def problems(name: str, place: str) -> dict[str, str]:
    """Return what is wrong, a sentence per field."""
    found = {}
    if not name:
        found["name"] = _("Skriv ett namn, till exempel organisationens.")
    elif _FORBIDDEN & set(name) or name.startswith(".") or not name.isprintable():
        found["name"] = _('Namnet blir en mapp och får inte innehålla < > : " / \\ | ? * eller börja med punkt.')
    if not place or not Path(place).is_dir():
        found["place"] = _("Mappen finns inte. Välj en annan.")
    return found


class WelcomePage(WizardPage):
    """Signals: existing_wanted, demo_wanted and language_wanted say that the user goes another way."""

    existing_wanted = Signal(Path)
    demo_wanted = Signal()
    language_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            _("Välkommen"),
            _("Ombudet håller reda på begäranden, register, incidenter och gallring. Allt ligger i ett krypterat valv på "
              "din egen dator. Programmet använder inget nätverk."),
        )  # fmt: skip
        self.language = ComboField(_("Språk"), [(code, LANGUAGE_NAMES[code]) for code in languages()])
        self.language.set_value(language())
        self.language.setVisible(len(languages()) > 1)
        self.name = LineField(_("Valvets namn"), _("Valvet blir en mapp som heter så, med slutet .ombud."))
        self.name.set_value(profile("itrace").controller.name)
        self.place = LineField(_("Mapp där valvet läggs"))
        self.place.set_value(str(documents_folder()))
        self.place_button = button(_("&Välj …"), "folder-open")
        self.existing_button = button(_("&Öppna befintligt valv …"), "folder-open")
        self.demo_button = button(_("&Prova med exempeldata"), "play")
        self._build()
        self.language.changed.connect(self._ask_language)
        self.place_button.clicked.connect(self._choose_place)
        self.existing_button.clicked.connect(self._choose_existing)
        self.demo_button.clicked.connect(self.demo_wanted)

    def _build(self) -> None:
        self.column.addWidget(self.language)
        self.column.addWidget(PlainLabel(_("Nytt valv"), "h2"))
        self.column.addWidget(self.name)
        self.column.addWidget(self.place)
        row = QHBoxLayout()
        row.addWidget(self.place_button)
        row.addStretch()
        self.column.addLayout(row)
        self.column.addSpacing(8)
        self.column.addWidget(PlainLabel(_("Eller"), "h2"))
        holder, flow = flow_widget()
        flow.addWidget(self.existing_button)
        flow.addWidget(self.demo_button)
        self.column.addWidget(holder)
        hint = _("Exempeldata är påhittade personer i ett eget valv, märkt EXEMPELDATA överallt.")
        self.column.addWidget(PlainLabel(hint, "muted", wrap=True))
        self.column.addStretch()

    def folder(self) -> Path:
        """Return the folder of the vault to be."""
        return Path(self.place.value()) / (self.name.value().removesuffix(SUFFIX) + SUFFIX)

    def leave(self) -> bool:
        """Say whether a vault can be made here."""
        found = problems(self.name.value(), self.place.value())
        if not found:
            from app.services import founding

            try:
                founding.check_free(self.folder())
            except UserError as error:
                found = {"name": f"{error.what} {error.do}"}
        return not show_problems({"name": self.name, "place": self.place}, found)

    @Slot()
    def _ask_language(self) -> None:
        self.language_wanted.emit(self.language.value())

    @Slot()
    def _choose_place(self) -> None:
        choose_folder(self, _("Mapp där valvet läggs"), self._set_place)

    def _set_place(self, folder: Path) -> None:
        self.place.set_value(str(folder))
        self.place.set_problem("")

    @Slot()
    def _choose_existing(self) -> None:
        choose_folder(self, _("Välj ett valv: en mapp som slutar på .ombud"), self.existing_wanted.emit)
