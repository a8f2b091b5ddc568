"""One finding of the policy check, whole: what, where it stands, why it matters, what to do, and the buttons for it."""

from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from app.domain import findings
from app.domain.breach import in_stockholm
from app.domain.findings import Place, State, Weight
from app.domain.wording import clock
from app.i18n import _
from app.services.policy import Shown
from app.ui.kit.badges import Badge, BadgeLabel
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.flow import flow_widget
from app.ui.kit.foreign import many_lines
from app.ui.kit.labels import PlainLabel
from app.ui.kit.scroll import ScrollColumn
from app.ui.kit.theme import Tone

LIMIT = 4_000
BADGES = {
    Weight.LAW: Badge(Tone.DANGER, "scale"),
    Weight.PROMISE: Badge(Tone.WARN, "triangle-alert"),
    Weight.NOTE: Badge(Tone.INFO, "circle-question-mark"),
}


def ways() -> dict[Place, str]:
    """Return what the button to each place says."""
    return {
        Place.ACTIVITY: _("&Öppna behandlingen"),
        Place.RECIPIENT: _("&Öppna mottagaren"),
        Place.SOURCE: _("&Öppna källan"),
        Place.RULE: _("&Öppna gallringsregeln"),
        Place.NOTICE: _("&Öppna informationstexten"),
        Place.REGISTER: _("&Öppna behandlingarna"),
        Place.COMPANY: _("&Öppna företagsprofilen"),
        Place.BACKUP: _("&Öppna säkerhetskopiorna"),
        Place.INBOX: _("&Öppna begäranden"),
        Place.INCIDENTS: _("&Öppna incidenterna"),
        Place.RETENTION: _("&Öppna gallringen"),
    }


class FindingPane(QWidget):
    """Shows one finding; what its buttons do is told by whoever has it."""

    def __init__(self) -> None:
        super().__init__()
        self.list_button = button(_("Till listan"), "arrow-left", role="link")
        self.title = PlainLabel("", "h1", wrap=True, is_selectable=True)
        self.badge = BadgeLabel("", Badge(Tone.INFO))
        self.what = PlainLabel("", wrap=True, is_selectable=True)
        self.why, self.suggestion, self.handled = (PlainLabel("", wrap=True, is_selectable=True) for _part in range(3))
        self.facts: dict[str, PlainLabel] = {}
        self.approved = InfoCard(tone=Tone.OK)
        self.mend_button = button("", "arrow-right", role="primary")
        self.approve_button = button(_("&Godkänn avvikelse …"), "check")
        self.withdraw_button = button(_("Ta t&illbaka …"), "undo-2")
        self._build()
        self.show_finding(None)

    def _build(self) -> None:
        holder, flow = flow_widget()
        for made in (self.mend_button, self.approve_button, self.withdraw_button):
            flow.addWidget(made)
        facts = QFormLayout()
        facts.setHorizontalSpacing(16)
        facts.setVerticalSpacing(6)
        for name, text in (("section", _("Avsnitt i policyn")), ("requirements", _("Krav")), ("article", _("Lagrum"))):
            self.facts[name] = PlainLabel("", wrap=True, is_selectable=True)
            facts.addRow(PlainLabel(text, "strong"), self.facts[name])
        self.area = ScrollColumn()
        for part in (self.title, self.badge, self.what):
            self.area.add(part)
        self.area.column.addLayout(facts)
        self._headings: dict[PlainLabel, PlainLabel] = {}
        texts = ((self.why, _("Varför")), (self.suggestion, _("Förslag")), (self.handled, _("Så gör programmet")))
        for label, heading in texts:
            self._headings[label] = PlainLabel(heading, "h2")
            self.area.add(self._headings[label])
            self.area.add(label)
        self.area.add(self.approved)
        self.area.column.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list_button)
        column.addWidget(self.area, 1)
        column.addWidget(holder)

    def show_finding(self, one: Shown | None) -> None:
        """Show a finding, or that none is chosen."""
        self.area.setVisible(one is not None)
        for made in (self.mend_button, self.approve_button, self.withdraw_button):
            made.setVisible(False)
        if one is None:
            return
        self.title.setText(one.title)
        self.badge.set_badge(findings.label(one.weight), BADGES[one.weight])
        for label, text in ((self.what, one.what), (self.why, one.why), (self.suggestion, one.suggestion)):
            label.setText(text)
            label.setVisible(bool(text))
        self.handled.setText(one.handled)
        for part in (self.handled, self._headings[self.handled]):
            part.setVisible(bool(one.handled))
        self.facts["section"].setText(one.section or _("Står inte i policyn"))
        self.facts["requirements"].setText(", ".join(one.requirements) or "–")
        self.facts["article"].setText(one.article or "–")
        self._show_approval(one)
        self._offer(one)

    def _show_approval(self, one: Shown) -> None:
        self.approved.setVisible(one.state is State.APPROVED and one.approved_at is not None)
        if one.approved_at is not None:
            when = clock(in_stockholm(one.approved_at))
            title = _("Godkänd av {name}, {when}").format(name=one.approved_by, when=when)
            self.approved.set_content(title, many_lines(one.reason, LIMIT))

    def _offer(self, one: Shown) -> None:
        text = ways()[one.place]
        self.mend_button.setText("\u2009" + text)
        self.mend_button.setAccessibleName(text.replace("&", ""))
        self.mend_button.setVisible(True)
        self.approve_button.setVisible(one.state is State.OPEN)
        self.withdraw_button.setVisible(one.state is State.APPROVED)
