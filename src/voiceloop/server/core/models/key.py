"""Keys with which programs call the API in a person's name."""

from __future__ import annotations

import hashlib
import secrets

from django.db import models
from django.utils.timezone import now

from voiceloop.server.core.models.user import User


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKey(models.Model):
    """Only a digest is stored; the key is shown once."""

    user = models.ForeignKey("core.User", models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(cls, *, user: User, name: str) -> tuple[ApiKey, str]:
        key = "vl_" + secrets.token_urlsafe(32)
        return cls.objects.create(user=user, name=name, digest=_digest(key)), key

    @classmethod
    def find(cls, key: str) -> ApiKey | None:
        rows = cls.objects.select_related("user__unit").filter(revoked_at=None, user__is_active=True)
        return rows.filter(digest=_digest(key)).first()
