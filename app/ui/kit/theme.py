"""Colours, type and the one style sheet: light, dark, or whatever the system wants.  Widgets ask `tokens()` when they paint."""

from enum import StrEnum
from functools import cache
from typing import NamedTuple

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from app.paths import resource

STYLE = "Fusion"
BASE_POINTS = 10.0
ZOOM_LIMITS = (80, 200)


class Scheme(StrEnum):
    """What the user chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Tone(StrEnum):
    """What a badge, card or message means; always shown with an icon or words too."""

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    DANGER = "danger"
    HOLD = "hold"
    NEUTRAL = "neutral"


class Ink(NamedTuple):
    """A text colour on the background it was made for."""

    text: str
    back: str


class Tokens(NamedTuple):
    """The colours of one scheme."""

    window: str
    surface: str
    alt: str
    text: str
    muted: str
    accent: str
    on_accent: str
    selection: str
    on_selection: str
    border: str
    hairline: str
    ok: Ink
    info: Ink
    warn: Ink
    danger: Ink
    hold: Ink
    neutral: Ink

    def ink(self, tone: Tone) -> Ink:
        """Return the text and background colour of a tone."""
        ink: Ink = getattr(self, tone.value)
        return ink


LIGHT = Tokens(
    window="#F4F5F7",
    surface="#FFFFFF",
    alt="#F8F9FB",
    text="#1A1F29",
    muted="#555F70",
    accent="#0B5CAD",
    on_accent="#FFFFFF",
    selection="#D5E6F8",
    on_selection="#10161F",
    border="#788394",
    hairline="#D3D8E0",
    ok=Ink("#17693A", "#E2F3E8"),
    info=Ink("#0B5CAD", "#E3EFFA"),
    warn=Ink("#7A4E00", "#FFF1D1"),
    danger=Ink("#A8231B", "#FBE6E4"),
    hold=Ink("#5F3796", "#F0E9FA"),
    neutral=Ink("#4E5868", "#E9ECF1"),
)
DARK = Tokens(
    window="#1B1E24",
    surface="#21252D",
    alt="#262B34",
    text="#E9EBF0",
    muted="#B6BDCA",
    accent="#7DB7F2",
    on_accent="#0B1B2B",
    selection="#2C4A6B",
    on_selection="#F4F7FB",
    border="#808B9C",
    hairline="#3A414D",
    ok=Ink("#86D9A2", "#1D3927"),
    info=Ink("#8FC3F7", "#1A334D"),
    warn=Ink("#F3C56B", "#3E310F"),
    danger=Ink("#FFA39B", "#4A1F1C"),
    hold=Ink("#CDB0F5", "#35264A"),
    neutral=Ink("#C2C9D5", "#323945"),
)


class Theme(QObject):
    """What is in force now.

    Signals:
        changed: Colours or text size are new; widgets that keep pictures make them again.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.scheme, self.zoom, self.tokens = Scheme.SYSTEM, 100, LIGHT
        self.has_high_contrast = False
        self._app: QApplication | None = None
        self._system_font = QFont()

    def start(self, app: QApplication, scheme: Scheme, *, has_style: bool) -> None:
        """Dress `app` and follow the system from now on."""
        if self._app is not app:
            self._app = app
            if not has_style:
                app.setStyle(STYLE)
            QDir.setSearchPaths("ombudet", [str(resource("icons"))])
            self._system_font = _system_font(app)
            self._hints = app.styleHints()
            self._contrast = self._hints.accessibility()  # held on to: the binding loses it with its parent's wrapper
            self._hints.colorSchemeChanged.connect(self._follow_system)
            self._contrast.contrastPreferenceChanged.connect(self._follow_system)
        self.scheme = scheme
        self._hints.setColorScheme(_WANTED[scheme])
        self.refresh()

    def set_zoom(self, percent: int) -> None:
        """Make all text `percent` of its base size, within 80 to 200."""
        self.zoom = max(ZOOM_LIMITS[0], min(ZOOM_LIMITS[1], percent))
        self.refresh()

    def refresh(self) -> None:
        """Put palette, font and style sheet in force again."""
        if self._app is not None:
            self.dress(has_high_contrast=self._contrast.contrastPreference() == Qt.ContrastPreference.HighContrast)

    def dress(self, *, has_high_contrast: bool) -> None:
        """Put colours and text size on the application; in high contrast the system's own colours and no style sheet."""
        app = self._app
        if app is None:
            return
        self.has_high_contrast = has_high_contrast
        points = self.points()
        font = QFont(self._system_font)
        font.setPointSizeF(points)
        app.setFont(font)
        if has_high_contrast:
            app.setPalette(app.style().standardPalette())
            app.setStyleSheet("")
            self.tokens = system_tokens(app.palette())
        else:
            is_dark = self._hints.colorScheme() == Qt.ColorScheme.Dark
            if self.scheme is not Scheme.SYSTEM:
                is_dark = self.scheme is Scheme.DARK
            self.tokens = DARK if is_dark else LIGHT
            app.setPalette(palette(self.tokens))
            app.setStyleSheet(style_sheet(self.tokens, points))
        self.changed.emit()

    def points(self) -> float:
        """Return the size of body text in points."""
        return max(BASE_POINTS, self._system_font.pointSizeF()) * self.zoom / 100

    def _follow_system(self) -> None:
        self.refresh()


_WANTED = {
    Scheme.SYSTEM: Qt.ColorScheme.Unknown,
    Scheme.LIGHT: Qt.ColorScheme.Light,
    Scheme.DARK: Qt.ColorScheme.Dark,
}


@cache
def theme() -> Theme:
    """Return the program's one theme."""
    return Theme()


def tokens() -> Tokens:
    """Return the colours in force now."""
    return theme().tokens


def apply(app: QApplication, scheme: Scheme = Scheme.SYSTEM, *, has_style: bool = False) -> Theme:
    """Dress the application; call again to change scheme.

    Args:
        app: The application.
        scheme: Light, dark or the system's.
        has_style: It was made with `STYLE`; to set it afterwards takes the binding longer than the rest of the dressing.
    """
    theme().start(app, scheme, has_style=has_style)
    return theme()


def set_text_zoom(percent: int) -> int:
    """Set the text size in percent and return what it became."""
    theme().set_zoom(percent)
    return theme().zoom


def palette(of: Tokens) -> QPalette:
    """Return a full palette, the disabled group too."""
    made, role = QPalette(), QPalette.ColorRole
    colours = {
        role.Window: of.window, role.WindowText: of.text, role.Base: of.surface, role.AlternateBase: of.alt,
        role.Text: of.text, role.Button: of.surface, role.ButtonText: of.text, role.BrightText: of.danger.text,
        role.Highlight: of.selection, role.HighlightedText: of.on_selection, role.Link: of.accent,
        role.LinkVisited: of.hold.text, role.ToolTipBase: of.surface, role.ToolTipText: of.text,
        role.PlaceholderText: of.muted, role.Accent: of.accent, role.Light: of.surface, role.Midlight: of.alt,
        role.Mid: of.border, role.Dark: of.border, role.Shadow: of.hairline,
    }  # fmt: skip
    for name, colour in colours.items():
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(of.border))
    return made


def system_tokens(of: QPalette) -> Tokens:
    """Return tokens that use nothing but the system's own colours, for high contrast."""

    def colour(role: QPalette.ColorRole) -> str:
        return of.color(QPalette.ColorGroup.Active, role).name()

    role = QPalette.ColorRole
    text, base, window = colour(role.Text), colour(role.Base), colour(role.Window)
    ink = Ink(text, base)
    return Tokens(
        window=window, surface=base, alt=base, text=text, muted=text,
        accent=colour(role.Highlight), on_accent=colour(role.HighlightedText),
        selection=colour(role.Highlight), on_selection=colour(role.HighlightedText),
        border=text, hairline=text, ok=ink, info=ink, warn=ink, danger=ink, hold=ink, neutral=ink,
    )  # fmt: skip


def style_sheet(of: Tokens, points: float) -> str:
    """Return the style sheet with `@names` replaced by colours and sizes."""
    values: dict[str, str] = {
        "display": f"{points * 2:.1f}pt",
        "h1": f"{points * 1.4:.1f}pt",
        "h2": f"{points:.1f}pt",
        "small": f"{points * 0.9:.1f}pt",
    }
    size = max(1.0, points / BASE_POINTS)
    for name, pixels in (("head", 33), ("tall", 30), ("tall_focus", 28), ("chip", 26), ("chip_focus", 24)):
        values[f"size_{name}"] = f"{round(pixels * size)}px"
    for name in ("check", "arrow"):
        values[name] = f"ombudet:{name}-{'dark' if of is DARK else 'light'}.svg"
    for name, value in of._asdict().items():
        if isinstance(value, Ink):
            values[f"{name}_text"], values[f"{name}_back"] = value
        else:
            values[name] = value
    sheet = resource("style.qss").read_text(encoding="utf-8")
    for name in sorted(values, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", values[name])
    return sheet


def _system_font(app: QApplication) -> QFont:
    font = app.font()
    if not QFontDatabase.families():
        font = own_font()
    return font


def own_font() -> QFont:
    """Register the font the documents use, on a machine that has no font at all."""
    import importlib.resources

    families: list[str] = []
    for weight in ("Regular", "Semibold", "Bold"):
        data = (
            importlib.resources.files("font_source_sans_pro") / "files" / f"SourceSansPro-{weight}.ttf"
        ).read_bytes()
        families += QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFontFromData(data))
    return QFont(families[0])
