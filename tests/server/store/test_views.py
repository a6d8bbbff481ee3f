"""Who may erase a customer, and who may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(196)]
SignedIn = Callable[[User], Client]


@pytest.fixture
def customer(east: Unit) -> Customer:
    return Customer.objects.create(unit=east, number="C1", name="王小明", phone="13900000001")


class TestErase:
    def test_nothing_is_erased_without_the_confirmation(
        self, customer: Customer, dora: User, signed_in: SignedIn
    ) -> None:
        signed_in(dora).post(f"/customers/{customer.pk}/erasure/", {})
        assert Customer.objects.filter(pk=customer.pk).exists()

    @pytest.mark.parametrize("name", ["alice", "bob", "carol", "charlie"])
    def test_nobody_else_may(
        self, name: str, customer: Customer, signed_in: SignedIn, request: pytest.FixtureRequest
    ) -> None:
        browser = signed_in(request.getfixturevalue(name))
        answer = browser.post(f"/customers/{customer.pk}/erasure/", {"sure": "yes"})
        assert answer.status_code in (403, 404)
        assert Customer.objects.filter(pk=customer.pk).exists()

    def test_an_admin_of_another_branch_does_not_find_the_customer(
        self, customer: Customer, person: Callable[..., User], west: Unit, signed_in: SignedIn
    ) -> None:
        admin = signed_in(person("Wendy", "admin", west))
        assert admin.post(f"/customers/{customer.pk}/erasure/", {"sure": "yes"}).status_code == 404


class TestApi:
    def test_charlie_may_not(self, customer: Customer, charlie: User, signed_in: SignedIn) -> None:
        path = f"/api/customers/{customer.pk}/erasure"
        assert signed_in(charlie).post(path, {}, content_type="application/json").status_code == 403
        assert Customer.objects.exists()
