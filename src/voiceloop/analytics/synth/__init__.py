"""A seeded company with planted truth, so that tests can ask whether the product finds it."""

from __future__ import annotations

from voiceloop.analytics.synth.answers import answers_batches
from voiceloop.analytics.synth.company import Company, company, scale

__all__ = ["Company", "answers_batches", "company", "scale"]
