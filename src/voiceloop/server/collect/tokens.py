"""Short signed tokens: who holds the link may answer for this invitation, or leave for this customer."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare

ANSWER, LEAVE = "voiceloop.answer", "voiceloop.leave"
# 16 characters of base64 are 96 bits: nobody guesses that through a rate limit.
LENGTH = 16


def make(pk: int, *, purpose: str) -> str:
    return _signature(pk, purpose, settings.SECRET_KEY) + signing.b62_encode(pk)


def read(token: str, *, purpose: str) -> int | None:
    """The id that was signed for this purpose, or None."""
    given, number = token[:LENGTH], token[LENGTH:]
    if not number.isalnum() or not number.isascii() or len(number) > 11:
        return None
    pk = signing.b62_decode(number)
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    genuine = any(constant_time_compare(given, _signature(pk, purpose, key)) for key in keys)
    return pk if genuine and pk < 2**63 and signing.b62_encode(pk) == number else None


def _signature(pk: int, purpose: str, key: str | bytes) -> str:
    return signing.base64_hmac(purpose, str(pk), key, algorithm="sha256")[:LENGTH]
