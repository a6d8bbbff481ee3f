"""Model fields that the house needs: encrypted text with a blind index, and transaction ids."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.db.models import Func
from django.db.models.lookups import Exact, In


@lru_cache
def _derive(master: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, purpose.encode()).derive(base64.urlsafe_b64decode(master))


@lru_cache
def _cipher(master: str) -> AESGCM:
    return AESGCM(_derive(master, "field"))


def _keys() -> list[list[str]]:
    """Key ids with their master keys; the first one encrypts, all of them decrypt."""
    return [pair.split(":", 1) for pair in settings.FIELD_KEYS]


def blind(value: str, purpose: str) -> bytes:
    key = _derive(settings.BLIND_INDEX_KEY, "bi:" + purpose)
    return hmac.new(key, value.encode(), hashlib.sha256).digest()[:16]


class BlindIndexField(models.BinaryField):  # type: ignore[type-arg]
    """An HMAC of another column, so that equal values can be found without being readable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"max_length": 16, "null": True, "db_index": True, "editable": False} | kwargs
        super().__init__(*args, **kwargs)


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """AES-256-GCM text, bound to its column; declare its blind index *after* it in the model."""

    def __init__(
        self,
        *args: Any,
        index: str | None = None,
        normalize: Callable[[str], str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.index, self.normalize = index, normalize
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "editable": self.editable}

    @property
    def purpose(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def encrypt(self, text: str) -> bytes:
        key_id, master = _keys()[0]
        nonce = os.urandom(12)
        sealed = _cipher(master).encrypt(nonce, text.encode(), self.purpose.encode())
        return b"\x01" + bytes([len(key_id)]) + key_id.encode() + nonce + sealed

    def decrypt(self, sealed: bytes) -> str:
        sealed = bytes(sealed)
        n = sealed[1]
        key_id, nonce, body = sealed[2 : 2 + n].decode(), sealed[2 + n : 14 + n], sealed[14 + n :]
        return _cipher(dict(_keys())[key_id]).decrypt(nonce, body, self.purpose.encode()).decode()

    def token(self, text: str | None) -> bytes | None:
        if not text:
            return None
        return blind(self.normalize(text) if self.normalize else text, self.purpose)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = self.encrypt(value)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else self.decrypt(value)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return self.value_from_object(obj) or ""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if self.index:
            setattr(model_instance, self.index, self.token(value))
        return value


def _index_of(lookup: Any) -> Any:
    field = lookup.lhs.target
    return field.model._meta.get_field(field.index).get_col(lookup.lhs.alias)


@EncryptedTextField.register_lookup
class BlindExact(Exact):
    def get_prep_lookup(self) -> Any:
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return Exact(_index_of(self), self.lhs.target.token(self.rhs)).as_sql(compiler, connection)


@EncryptedTextField.register_lookup
class BlindIn(In):
    def get_prep_lookup(self) -> Any:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        field = self.lhs.target
        return In(_index_of(self), [field.token(v) for v in self.rhs]).as_sql(compiler, connection)


class CurrentTransaction(Func):
    function = "pg_current_xact_id"
    template = "%(function)s()"


class TransactionIdField(models.Field[int, int]):
    """The id of the transaction that wrote a row.

    Readers that must not lose a row take the window `[previous, oldest still running)` of these ids;
    a serial id or a timestamp loses the rows of transactions that overlap.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_default", CurrentTransaction())
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_index", True)
        self._is_indexed = bool(kwargs["db_index"])
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        # TRICKY: Django leaves out what is its own default, and ours is another.
        return name, path, args, {**kwargs, "db_index": self._is_indexed}

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value
