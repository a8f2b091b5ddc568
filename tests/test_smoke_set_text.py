"""One release of the window toolkit aborted the interpreter after some thousand texts; this one must not."""

import subprocess
import sys

COUNT = 300_000
PROGRAM = f"""
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel()
for number in range({COUNT}):
    label.setText(f"Ärende {{number}}")
print(label.text())
"""


def test_three_hundred_thousand_texts_do_not_abort_the_interpreter() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, f"Ärende {COUNT - 1}"), done.stderr
