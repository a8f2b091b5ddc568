"""A person's card: who it is, what must be thought of, every value with its ground and its end, and what can be done."""

import dataclasses
from collections.abc import Callable, Sequence
from operator import attrgetter

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.domain import channels, fields
from app.domain.breach import in_stockholm
from app.domain.fields import Category
from app.domain.names import sort_key
from app.domain.subjects import Protection
from app.i18n import _, ngettext
from app.services.person_lists import PersonLists
from app.services.subjects import Card, CardRow
from app.ui.kit.badges import Badge, BadgeLabel
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.chips import ChipRow
from app.ui.kit.flow import flow_widget
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import QueryTable
from app.ui.kit.theme import Tone
from app.ui.lookup.columns import card_columns
from app.ui.lookup.lists import KEYS, ListsView
from app.ui.lookup.notes import ConflictCard, SuggestionCard

ALL = "all"
SHOWN_FOR_MS = 30_000
STACK_BELOW = 1_150


class PersonCard(QWidget):
    """Shows one person.  Does nothing by itself but hide what was revealed: it tells what the user wants.

    Signals:
        reveal_wanted: Show the personal number whole.
        opened: A value, by its id.
    """

    reveal_wanted = Signal()
    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.card: Card | None = None
        self._rows: dict[int, CardRow] = {}
        self._revealed: dict[int, str] = {}
        self.hide_timer = QTimer(self, singleShot=True, interval=SHOWN_FOR_MS)
        self._build()
        self._build_actions()
        self._connect()

    def _build(self) -> None:
        self.name = PlainLabel("", "h1", wrap=True, is_selectable=True)
        self.line = PlainLabel("", "muted", wrap=True, is_selectable=True)
        self._flag_row, self._flags = flow_widget()
        self._badges: list[BadgeLabel] = []
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(12)
        self._top.addWidget(self.name, 1)
        self._add_buttons()
        self.banner = InfoCard(tone=Tone.DANGER)
        self.suggestion = SuggestionCard()
        self.merged = InfoCard()
        self.apart_button = button(_("&Ta isär …"), "split", role="link")
        self.merged.column.addWidget(self.apart_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.conflict = ConflictCard()
        self.chips = ChipRow(_("Visa kategori"), [(ALL, _("Alla"), 0)], combo_below=33 * self.fontMetrics().height())
        self.table = QueryTable(
            card_columns(), self._fetch, name=_("Personens uppgifter"), empty=_("Det finns inga uppgifter.")
        )
        self.table.setMinimumHeight(self.fontMetrics().lineSpacing() * 11)
        self.foot = PlainLabel("", "muted", wrap=True)
        self.lists = ListsView()
        self.lists.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._top)
        for part in (self._flag_row, self.line, self.banner, self.conflict, self.merged, self.suggestion, self.chips):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addWidget(self.foot)
        column.addWidget(self.lists, 1)

    def _add_buttons(self) -> None:
        self._buttons, flow = flow_widget()
        self.extract_button = button(_("&Registerutdrag"), "file-text", role="primary")
        self.carry_button = button(_("&Portabilitet"), "save")
        self.reveal_button = button(_("Visa person&nummer"), "eye")
        self.opt_out_button = button(_("Reklam&spärr …"), "megaphone-off")
        self.hold_button = button(_("&Gallringsstopp …"), "hand")
        self.lift_button = button(_("&Häv stopp …"), "hand")
        self.deceased_button = button(_("Avli&den …"), "minus")
        self.alive_button = button(_("Inte avli&den …"), "minus")
        for made in (
            self.extract_button,
            self.carry_button,
            self.reveal_button,
            self.opt_out_button,
            self.hold_button,
            self.lift_button,
            self.deceased_button,
            self.alive_button,
        ):
            flow.addWidget(made)
        self._top.addWidget(self._buttons)

    def _build_actions(self) -> None:
        self.reveal_action = QAction(_("Visa eller dölj personnummer"), self)
        self.reveal_action.setShortcut(QKeySequence("Ctrl+Shift+H"))
        self.reveal_action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.addAction(self.reveal_action)

    def _connect(self) -> None:
        self.chips.chosen.connect(self._filter)
        self.table.opened.connect(self.opened)
        self.table.sort_requested.connect(self._sort)
        self.reveal_button.clicked.connect(self._toggle)
        self.reveal_action.triggered.connect(self._toggle)
        self.hide_timer.timeout.connect(self.hide_revealed)
        self.conflict.button.clicked.connect(self._open_conflict)

    def set_card(self, card: Card) -> None:
        """Show this card; the chosen category and row stay when it is the same person."""
        is_same = self.card is not None and self.card.subject_id == card.subject_id
        if not is_same:
            self.hide_revealed()
        self.card = card
        self._rows = {row.datum_id: row for row in card.rows}
        self.name.setText(one_line(card.name, 60))
        self._show_flags(card)
        self.line.setText(summary(card))
        self._show_banner(card)
        self._show_merged(card)
        self.conflict.set_count(sum(row.has_conflict for row in card.rows))
        if not is_same:
            self.suggestion.hide()
            self.lists.set_lists(None)
        self.reveal_button.setVisible(any(row.is_masked for row in card.rows))
        self.hold_button.setVisible(not card.holds)
        self.lift_button.setVisible(bool(card.holds))
        self.deceased_button.setVisible(not card.is_deceased)
        self.alive_button.setVisible(card.is_deceased)
        self._show_chips(card.rows, keep=is_same)
        self._filter()

    def set_lists(self, lists: PersonLists) -> None:
        """Show the person's lists, and how much is in each."""
        self.lists.set_lists(lists)
        if self.card is not None:
            self._show_chips(self.card.rows, keep=True)

    def row(self, datum_id: int) -> CardRow | None:
        """Return a value as it is shown now."""
        row = self._rows.get(datum_id)
        if row is None or datum_id not in self._revealed:
            return row
        return dataclasses.replace(row, value=self._revealed[datum_id])

    def show_revealed(self, values: dict[int, str]) -> None:
        """Show masked values whole for half a minute."""
        self._revealed = values
        self.reveal_button.setText("\u2009" + _("Dölj person&nummer"))
        self.hide_timer.start()
        self.table.reload()

    @Slot()
    def hide_revealed(self) -> None:
        """Mask again what was revealed."""
        self.hide_timer.stop()
        self._revealed = {}
        self.reveal_button.setText("\u2009" + _("Visa person&nummer"))
        self.table.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons under the name when there is no room beside it."""
        super().resizeEvent(event)
        is_narrow = self.width() < STACK_BELOW * self.fontMetrics().height() / 17
        direction = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._top.setDirection(direction)

    @Slot()
    def _toggle(self) -> None:
        if self._revealed:
            self.hide_revealed()
        elif self.card is not None and any(row.is_masked for row in self.card.rows):
            self.reveal_wanted.emit()

    def _fetch(self, ids: Sequence[int]) -> dict[int, CardRow]:
        return {key: row for key in ids if (row := self.row(key)) is not None}

    def _show_flags(self, card: Card) -> None:
        for old in self._badges:
            self._flags.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._badges = [BadgeLabel(text, badge) for text, badge in flags(card)]
        for made in self._badges:
            self._flags.addWidget(made)
        self._flag_row.setVisible(bool(self._badges))

    def _show_banner(self, card: Card) -> None:
        self.banner.setVisible(card.protection is not Protection.NONE)
        self.banner.set_content(
            _("Skyddade personuppgifter: {kind}").format(kind=card.protection.label.lower()),
            _("Adressen är dold. Skicka post genom Skatteverkets postförmedling. Lämna inte ut något per telefon."),
        )

    def _show_merged(self, card: Card) -> None:
        self.merged.setVisible(bool(card.parts))
        told = ngettext("Sammanslagen av {n} post", "Sammanslagen av {n} poster", len(card.parts))
        names = "\n".join(one_line(name, 80) for _key, name in card.parts)
        self.merged.set_content(told.format(n=len(card.parts)), names)

    @Slot()
    def _open_conflict(self) -> None:
        first = next((key for key, row in self._rows.items() if row.has_conflict), None)
        if first is not None:
            self.opened.emit(first)

    def _show_chips(self, rows: Sequence[CardRow], *, keep: bool) -> None:
        counts = {category: sum(row.category == category.value for row in rows) for category in Category}
        chips = [(category.value, fields.label(category), count) for category, count in counts.items() if count]
        self.chips.set_counts([(ALL, _("Alla"), len(rows)), *chips, *self.lists.chips()])
        if not keep:
            self.chips.set_value(ALL)
            self.table.set_sort("", True)

    @Slot()
    def _filter(self) -> None:
        wanted = self.chips.value()
        is_list = wanted in KEYS
        for part, is_shown in ((self.table, not is_list), (self.foot, not is_list), (self.lists, is_list)):
            part.setVisible(is_shown)
        if is_list:
            self.lists.turn_to(wanted)
            return
        ids = [key for key, row in self._rows.items() if wanted in (ALL, row.category)]
        self.table.set_ids(ids)
        told = ngettext("{n} av {total} uppgift visas.", "{n} av {total} uppgifter visas.", len(self._rows))
        self.foot.setText(
            told.format(n=len(ids), total=len(self._rows))
            + " "
            + _("Enter öppnar uppgiften, Ctrl+C kopierar som tabell.")
        )

    @Slot(str, bool)
    def _sort(self, key: str, is_ascending: bool) -> None:
        value: Callable[[CardRow], object] = attrgetter(key)
        rows = sorted(
            self._rows.values(), key=lambda row: sort_key(str(value(row) or "")[:200]), reverse=not is_ascending
        )
        self._rows = {row.datum_id: row for row in rows}
        self._filter()


def flags(card: Card) -> list[tuple[str, Badge]]:
    """Return what must be thought of before anything is done with the person's data."""
    found = []
    if card.protection is not Protection.NONE:
        found.append((_("Skyddade uppgifter"), Badge(Tone.DANGER, "shield-alert")))
    if card.is_deceased:
        found.append((_("Avliden"), Badge(Tone.NEUTRAL, "minus")))
    if card.is_minor:
        found.append((_("Underårig"), Badge(Tone.WARN, "user")))
    if card.restricted_on is not None:
        found.append((_("Behandlingen begränsad"), Badge(Tone.HOLD, "pause")))
    kinds = dict.fromkeys(hold.kind for hold in card.holds)
    found += [(_("{kind} – gallras inte").format(kind=kind.label), Badge(Tone.DANGER, "hand")) for kind in kinds]
    found += [
        (_("Reklamspärr: {channel}").format(channel=channels.label(channel).lower()), Badge(Tone.HOLD, "megaphone-off"))
        for channel, _since in card.opt_outs
    ]
    found += [
        (
            _("Saknas i {source} sedan {day}").format(source=one_line(source, 40), day=day.isoformat()),
            Badge(Tone.NEUTRAL),
        )
        for source, day in card.gone_from
    ]
    return found


def summary(card: Card) -> str:
    """Return the line under the name: since when a customer, where, how many cases."""
    parts = []
    if card.relation_end_on is not None:
        start = card.relation_start_on.isoformat() if card.relation_start_on is not None else ""
        parts.append(_("Kund {start} – {end}").format(start=start, end=card.relation_end_on.isoformat()))
    elif card.relation_start_on is not None:
        parts.append(_("Kund sedan {start}").format(start=card.relation_start_on.isoformat()))
    if card.address:
        parts.append(one_line(card.address, 120))
    parts.append(ngettext("{n} ärende", "{n} ärenden", card.cases).format(n=card.cases))
    if card.changed_at is not None:
        parts.append(_("senast ändrad {day}").format(day=in_stockholm(card.changed_at).date().isoformat()))
    return " · ".join(parts)
