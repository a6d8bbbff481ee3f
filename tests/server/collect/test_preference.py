"""Which preferences a reader sees, and in which order."""

from __future__ import annotations

import pytest

from voiceloop.server.collect.models import Customer, Preference
from voiceloop.server.core.models import Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(96)]


@pytest.fixture
def wang(east: Unit) -> Customer:
    return Customer.objects.create(unit=east, number="C-1")


class TestVisibleTo:
    def test_they_go_with_the_customer(self, wang: Customer, alice: User, charlie: User) -> None:
        one = Preference.objects.create(customer=wang, kind="likes", words="靠窗", source="said")
        assert list(Preference.objects.visible_to(alice)) == [one]
        assert not Preference.objects.visible_to(charlie).exists()


class TestMostImportantFirst:
    def test_what_must_not_be_stands_before_what_is_liked(self, wang: Customer) -> None:
        given = {"source": "said", "consent": "spoken", "customer": wang}
        for kind in ("likes", "address", "must_not"):
            Preference.objects.create(kind=kind, words=kind, **given)
        ordered = Preference.objects.most_important_first()
        assert [one.kind for one in ordered] == ["must_not", "address", "likes"]
