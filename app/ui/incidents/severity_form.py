"""The six questions behind the severity figure, answered at a glance, with the sum below."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain import severity
from app.domain.severity import Risk, Severity, SeverityInput
from app.domain.wording import number
from app.i18n import _, language
from app.reference.severity import SeverityQuestion, questions
from app.ui.kit.cards import Card, InfoCard
from app.ui.kit.choice_fields import ChoiceField
from app.ui.kit.fold import Fold
from app.ui.kit.labels import PlainLabel, set_tooltip
from app.ui.kit.theme import Tone

TONES = {Risk.UNLIKELY: Tone.OK, Risk.RISK: Tone.WARN, Risk.HIGH: Tone.DANGER}


class SeverityForm(QWidget):
    """Radio rows and the live result.

    Signals:
        answered: All questions have an answer, and the user changed one.
        edited: The user changed an answer, also when others are missing.
    """

    answered = Signal()
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._asked = {question.code: question for question in questions()}
        self.fields = {code: _field(question) for code, question in self._asked.items()}
        self.card, self.result = Card(), InfoCard(tone=Tone.NEUTRAL)
        self.result.title.setAccessibleName(_("Resultat"))
        self.card.column.setContentsMargins(20, 14, 20, 14)
        self.card.column.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for field in self.fields.values():
            self.card.add(field)
            field.changed.connect(self._answer)
        self.fold = Fold(_("Vad betyder svaren?"))
        self.fold.add(PlainLabel("\n\n".join(map(_explained, questions())), "muted", wrap=True))
        self.card.add(self.fold)
        column.addWidget(self.card)
        column.addWidget(self.result)
        self._show()

    def values(self) -> dict[str, float]:
        """Return the answers there are, by the question's code."""
        return {code: float(value) for code, field in self.fields.items() if (value := field.value()) is not None}

    def put(self, stored: dict[str, Any]) -> None:
        """Show stored answers."""
        for code, field in self.fields.items():
            value = stored.get(code)
            field.set_value(None if value is None else _key(float(value)))
        self._show()

    def given(self) -> SeverityInput | None:
        """Return the answers, or None until all six are there."""
        values = self.values()
        return SeverityInput(**values) if len(values) == len(self.fields) else None

    def severity(self) -> Severity | None:
        """Return what the answers add up to, or None until all six are there."""
        given = self.given()
        return severity.severity(given) if given is not None else None

    def _answer(self) -> None:
        self._show()
        self.edited.emit()
        if self.given() is not None:
            self.answered.emit()

    def _show(self) -> None:
        given, found = self.given(), self.severity()
        if given is None or found is None:
            left = len(self.fields) - len(self.values())
            self.result.set_content(_("Ingen risk räknad än"), _("Svara på {n} frågor till.").format(n=left))
            self.result.set_tone(Tone.NEUTRAL)
            return
        self.result.set_content(
            headline(given, found),
            _("Förslag: {duties}. Du bestämmer i steg 6; skriv varför om du väljer något annat.").format(
                duties=lower_first(severity.duties_label(severity.duties(found.risk)))
            ),
            _("Enisas modell"),
        )
        self.result.set_tone(TONES[found.risk])


def headline(given: SeverityInput, found: Severity) -> str:
    """Return the result with its sum: "Hög risk 3,25 = 3 × 1 + 0,25"."""
    circumstances = given.confidentiality + given.integrity + given.availability + given.malicious
    return _("{risk} {score} = {kind} × {ease} + {extra}").format(
        risk=severity.label(found.risk),
        score=number(found.score),
        kind=number(given.dpc),
        ease=number(given.ei),
        extra=number(circumstances),
    )


def lower_first(text: str) -> str:
    """Return a sentence's words to be put inside another one."""
    return text[:1].lower() + text[1:]


def _field(question: SeverityQuestion) -> ChoiceField:
    is_english = language() == "en"
    choices = [(_key(choice.value), choice.title_en if is_english else choice.title) for choice in question.choices]
    field = ChoiceField(question.title_en if is_english else question.title, choices)
    for choice in question.choices:
        set_tooltip(field.buttons[_key(choice.value)], choice.help_en if is_english else choice.help)
    return field


def _explained(question: SeverityQuestion) -> str:
    """Return a question with what each answer means."""
    is_english = language() == "en"
    lines = [question.title_en if is_english else question.title]
    for choice in question.choices:
        title, text = (choice.title_en, choice.help_en) if is_english else (choice.title, choice.help)
        lines.append(f"•  {title}: {lower_first(text)}")
    return "\n".join(lines)


def _key(value: float) -> str:
    return f"{value:g}"
