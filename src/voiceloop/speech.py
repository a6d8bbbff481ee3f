"""What the command line says, in the reader's language, before any Django is loaded."""

from __future__ import annotations

import os


class Trouble(Exception):
    """A condition that the reader can do something about: one clear sentence instead of a traceback."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(chinese, english)
        self.chinese, self.english = chinese, english

    def __str__(self) -> str:
        return pick(self.chinese, self.english)


def language() -> str:
    """`zh-hans` or `en`: VOICELOOP_LANG (what --lang sets), else the terminal's own."""
    names = ("VOICELOOP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), "en")
    return "zh-hans" if chosen.lower().startswith("zh") else "en"


def pick(chinese: str, english: str) -> str:
    return chinese if language() == "zh-hans" else english
