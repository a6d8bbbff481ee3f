"""What the API answers when it cannot do what was asked."""

from __future__ import annotations

from ninja import Schema


class Problem(Schema):
    """One sentence in the reader's language."""

    detail: str
