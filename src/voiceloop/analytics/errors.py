"""The one error that analytics raises for a question it cannot answer, in both languages."""

from __future__ import annotations


class AnalyticsError(ValueError):
    """A question that has no honest answer, said in one sentence.

    Parameters
    ----------
    en, zh : str
        The sentence in English and in Chinese. ``str(error)`` is the English one.

    Examples
    --------
    >>> AnalyticsError("No such metric: x.", "没有这个指标：x。").say("zh")
    '没有这个指标：x。'
    """

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh

    def say(self, language: str) -> str:
        """Return the sentence in ``language`` ('zh…' or anything else for English)."""
        return self.zh if language.startswith("zh") else self.en
