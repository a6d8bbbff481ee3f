"""Personal fields are unreadable in the database and still found by their value."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(196), pytest.mark.requirement(197)]


@pytest.fixture
def customer() -> Customer:
    unit = Unit.objects.create(code="s", name="店")
    return Customer.objects.create(
        unit=unit, name="王小明", phone="+86 138-0000-1234", email="Wang@Example.com"
    )


def stored(column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from collect_customer")
        return bytes(cursor.fetchone()[0])


class TestEncryptedTextField:
    def test_it_gives_back_what_was_saved(self, customer: Customer) -> None:
        assert Customer.objects.get().name == "王小明"

    def test_it_stores_nothing_readable(self, customer: Customer) -> None:
        assert "王小明".encode() not in stored("name")

    @pytest.mark.parametrize("phone", ["13800001234", "138 0000 1234", "+8613800001234"])
    def test_it_is_found_however_it_is_written(self, customer: Customer, phone: str) -> None:
        assert Customer.objects.filter(phone=phone).exists()

    def test_it_is_not_found_by_a_part(self, customer: Customer) -> None:
        assert not Customer.objects.filter(phone="1380000").exists()

    def test_it_is_found_among_several(self, customer: Customer) -> None:
        assert Customer.objects.filter(email__in=["a@b.c", "wang@example.com"]).get() == customer

    def test_it_cannot_be_moved_to_another_column(self, customer: Customer) -> None:
        with connection.cursor() as cursor:
            cursor.execute("update collect_customer set email = name")
        with pytest.raises(InvalidTag):
            Customer.objects.get()

    def test_an_old_key_still_opens_what_it_closed(self, customer: Customer, settings: object) -> None:
        old = list(settings.FIELD_KEYS)  # type: ignore[attr-defined]
        settings.FIELD_KEYS = ["k2:" + old[0].split(":")[1][::-1][1:] + "=", *old]  # type: ignore[attr-defined]
        assert Customer.objects.get().name == "王小明"
