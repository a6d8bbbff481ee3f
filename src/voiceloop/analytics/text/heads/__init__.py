"""Learned heads: one classifier for each reason, which takes over from its words where it proved better."""

from __future__ import annotations

from voiceloop.analytics.text.heads.fitting import HeadsFit, fit_heads
from voiceloop.analytics.text.heads.model import Head, LearnedHeads

__all__ = ["Head", "HeadsFit", "LearnedHeads", "fit_heads"]
