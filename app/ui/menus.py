"""The menus.  Each action has a name, so that a test and the list of shortcuts find it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from app.i18n import _, language
from app.ui import rights
from app.ui.comfort import languages
from app.ui.first_run.welcome import LANGUAGE_NAMES
from app.ui.kit.icons import icon
from app.ui.kit.shortcuts import ShortcutAction
from app.ui.kit.theme import Scheme, theme
from app.ui.tabs import TABS

if TYPE_CHECKING:
    from app.ui.window import MainWindow

EDITS = (
    ("undo", "Ctrl+Z"),
    ("redo", "Ctrl+Y"),
    ("cut", "Ctrl+X"),
    ("copy", "Ctrl+C"),
    ("paste", "Ctrl+V"),
    ("selectAll", "Ctrl+A"),
)
_ACTS = {
    "import": "imports.run_in_batches",
    "new_request": "requests.register",
    "new_incident": "incidents.log",
}


class Menus:
    """Fills the menu bar of a window.

    Attributes:
        actions: The actions by name.
    """

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.actions: dict[str, QAction] = {}
        self._borrowed: dict[str, tuple[str, str]] = {}
        bar = window.menuBar()
        menus = [_("&Arkiv"), _("&Redigera"), _("&Visa"), _("Ären&de"), _("Ver&ktyg"), _("&Hjälp")]
        fill = (self._file, self._edit, self._view, self._case, self._tools, self._help)
        for title, build in zip(menus, fill, strict=True):
            build(bar.addMenu(title))
        for name, act in _ACTS.items():
            rights.restrict(window.context.vault, act, self.actions[name])

    def _add(
        self, menu: QMenu, name: str, text: str, act: Callable[[], object], keys: str = "", picture: str = ""
    ) -> QAction:
        action = QAction(icon(picture), text, self._window) if picture else QAction(text, self._window)
        if keys:
            action.setShortcuts([QKeySequence(one) for one in keys.split(" ")])
        action.triggered.connect(lambda _checked=False: act())
        menu.addAction(action)
        self.actions[name] = action
        return action

    def _file(self, menu: QMenu) -> None:
        window = self._window
        self._add(menu, "new_vault", _("&Nytt valv …"), window.new_vault_wanted.emit, picture="plus")
        self._add(menu, "other_vault", _("&Öppna annat valv …"), window.other_vault_wanted.emit, picture="folder-open")
        menu.addSeparator()
        self._add(menu, "import", _("&Importera …"), self._import, picture="upload")
        self._add(menu, "past_imports", _("&Tidigare importer …"), self._past_imports)
        self._add(menu, "backup", _("&Säkerhetskopior"), partial(window.show_tool, "backup"), picture="database-backup")
        menu.addSeparator()
        self._add(menu, "lock", _("&Lås valvet"), window.lock_wanted.emit, "Ctrl+L", "lock")
        self._add(menu, "quit", _("&Avsluta"), window.close, "Ctrl+Q", "log-out")

    def _import(self) -> None:
        from app.ui.importing import open_import

        open_import(self._window, self._window.context)

    def _past_imports(self) -> None:
        from app.ui.importing import open_past

        open_past(self._window, self._window.context)

    def _edit(self, menu: QMenu) -> None:
        names = {
            "undo": _("&Ångra"),
            "redo": _("&Gör om"),
            "cut": _("Klipp &ut"),
            "copy": _("&Kopiera"),
            "paste": _("Klistra &in"),
            "selectAll": _("&Markera allt"),
        }
        for name, keys in EDITS:  # the editors own these keys; here they are only shown
            self._add(menu, name, f"{names[name]}\t{keys}", partial(_edit_in_focus, name))
        menu.addSeparator()
        self._add(menu, "search", _("&Sök"), self._window.focus_search, "Ctrl+K", "search")

    def _view(self, menu: QMenu) -> None:
        window = self._window
        for number, tab in enumerate(TABS, start=1):
            self._add(
                menu, f"tab_{tab.name}", _(tab.title), partial(window.show_tab, tab.name), f"Ctrl+{number}", tab.icon
            )
        self._add(menu, "next_tab", _("&Nästa flik"), partial(window.step_tab, 1), "Ctrl+Tab")
        self._add(menu, "previous_tab", _("&Föregående flik"), partial(window.step_tab, -1), "Ctrl+Shift+Tab")
        menu.addSeparator()
        self._add(menu, "larger", _("&Större text"), partial(window.zoom, 10), "Ctrl++ Ctrl+=")
        self._add(menu, "smaller", _("&Mindre text"), partial(window.zoom, -10), "Ctrl+-")
        self._add(menu, "normal_size", _("N&ormal text"), partial(window.zoom, 0), "Ctrl+0")
        menu.addSeparator()
        looks = menu.addMenu(_("&Utseende"))
        schemes = {Scheme.SYSTEM: _("&Följ systemet"), Scheme.LIGHT: _("&Ljust"), Scheme.DARK: _("&Mörkt")}
        self._choices(looks, "scheme", {key.value: text for key, text in schemes.items()}, theme().scheme.value)
        if len(languages()) > 1:
            spoken = {code: LANGUAGE_NAMES[code] for code in languages()}
            self._choices(menu.addMenu(_("S&pråk")), "language", spoken, language())

    def _choices(self, menu: QMenu, kind: str, choices: dict[str, str], chosen: str) -> None:
        group = QActionGroup(self._window)
        act = self._window.set_scheme if kind == "scheme" else self._window.language_wanted.emit
        for code, text in choices.items():
            action = self._add(menu, f"{kind}_{code}", text, partial(act, code))
            action.setCheckable(True)
            action.setChecked(code == chosen)
            group.addAction(action)

    def _case(self, menu: QMenu) -> None:
        self._case_menu = menu
        for name, tab, text, keys in (
            ("new_request", "inbox", _("&Ny begäran …"), "Ctrl+N"),
            ("new_incident", "incidents", _("Ny &incident …"), "Ctrl+Shift+N"),
        ):
            self._borrowed[name] = (tab, keys)
            self._add(menu, name, text, partial(self._press, tab, keys), keys)
        menu.addSeparator()
        menu.aboutToShow.connect(self._list_tab_actions)

    def _tools(self, menu: QMenu) -> None:
        show = self._window.show_tool
        self._add(menu, "log", _("&Logg"), partial(show, "log"), picture="scroll-text")
        self._add(menu, "company", _("&Företagsprofil"), partial(show, "company"), picture="building-2")
        self._add(menu, "policy", _("&Policykoll"), partial(show, "policy"), picture="scale")
        self._add(menu, "backups", _("&Säkerhetskopior"), partial(show, "backup"), picture="database-backup")
        self._add(menu, "keys", _("&Nycklar och användare"), partial(show, "keys"), picture="users")
        self._add(menu, "passphrase", _("&Byt lösenfras …"), self._window.change_passphrase, picture="key-round")

    def _help(self, menu: QMenu) -> None:
        shortcuts = ShortcutAction(self._window)
        menu.addAction(shortcuts)
        self.actions["shortcuts"] = shortcuts
        self._add(menu, "about", _("&Om Ombudet"), partial(self._window.show_tool, "about"), picture="info")

    def lend(self, tab_name: str, tab: QWidget) -> None:
        """Leave a key to the tab in view when it has it itself, so that the key is not ambiguous."""
        for name, (owner, keys) in self._borrowed.items():
            is_lent = owner == tab_name and _holder(tab, keys) is not None
            self.actions[name].setShortcut(QKeySequence() if is_lent else QKeySequence(keys))

    def _press(self, tab_name: str, keys: str) -> None:
        """Show the tab and do what the key does there."""
        tab = self._window.show_tab(tab_name)
        holder = _holder(tab, keys)
        if isinstance(holder, QAction):
            holder.trigger()
        elif isinstance(holder, QAbstractButton):
            holder.click()
        elif isinstance(holder, QShortcut):
            holder.activated.emit()

    def _list_tab_actions(self) -> None:
        """Show after the fixed actions those of the tab in view."""
        for action in [one for one in self._case_menu.actions() if one.property("of_tab")]:
            self._case_menu.removeAction(action)
        shown = {keys for _tab, keys in self._borrowed.values()}
        for action in self._window.current_tab().actions():
            if action.text() and action.shortcut().toString() not in shown:
                action.setProperty("of_tab", True)
                self._case_menu.addAction(action)


def _holder(tab: QWidget, keys: str) -> QAction | QShortcut | QAbstractButton | None:
    """Return what in a tab answers to a key, or None."""
    wanted = QKeySequence(keys)
    for action in (*tab.actions(), *tab.findChildren(QAction)):
        if wanted in action.shortcuts():
            return action
    for shortcut in tab.findChildren(QShortcut):
        if shortcut.key() == wanted:
            return shortcut
    return next((one for one in tab.findChildren(QAbstractButton) if one.shortcut() == wanted), None)


def _edit_in_focus(name: str) -> None:
    slot = getattr(QApplication.focusWidget(), name, None)
    if callable(slot):
        slot()
