"""Ambassadors are on the list because they said so, and off it as soon as they say so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.growth import ambassadors, care, effects, sharing
from voiceloop.server.act.models import Ambassador, CareTask
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(105)]
Says = Callable[..., Response]


class TestPage:
    def test_looking_at_it_changes_nothing(self, wang: Customer, client: Client) -> None:
        page = reverse("ambassador", args=[ambassadors.token_of(wang)])
        assert client.get(page).status_code == 200
        assert not Ambassador.objects.exists()

    def test_its_button_agrees_and_takes_it_back(self, wang: Customer, client: Client) -> None:
        page = reverse("ambassador", args=[ambassadors.token_of(wang)])
        for _ in range(2):
            client.post(page, {"answer": "yes"})
        assert Ambassador.objects.get().how == "link"
        client.post(page, {"answer": "no"})
        assert Ambassador.objects.get().ended_at is not None

    def test_nobody_guesses_it(self, wang: Customer, client: Client) -> None:
        assert client.get(reverse("ambassador", args=["x" * 17])).status_code == 404


class TestList:
    def test_it_counts_the_friends(self, says: Says, wang: Customer, alice: User, bob: User) -> None:
        sharing.recommend(sharing.thank(says(10)), visitor="a")
        assert [row.n for row in ambassadors.candidates(bob)] == [1]
        ambassadors.join(wang, how="phone", by=alice)
        assert [row.n for row in effects.TABS["ambassadors"](bob)] == [1]
        assert not ambassadors.candidates(bob).exists()

    def test_another_branch_does_not_see_them(self, wang: Customer, alice: User, charlie: User) -> None:
        ambassadors.join(wang, how="phone", by=alice)
        assert not ambassadors.listed(charlie).exists()


@pytest.mark.requirement(104)
class TestOffer:
    @pytest.mark.parametrize(
        ("reasons", "offer"),
        [({"waiting"}, "priority"), ({"price", "attitude"}, "voucher"), (set(), "listen")],
    )
    def test_it_fits_what_was_missing(self, reasons: set[str], offer: str) -> None:
        assert care.proposal(reasons) == offer

    def test_it_is_made_on_the_page(
        self, says: Says, alice: User, signed_in: Callable[[User], Client]
    ) -> None:
        task = care.open_for_response(says(8))
        signed_in(alice).post(reverse("care_offer", args=[task.pk]), {"offer": "trial"})
        assert (CareTask.objects.get().offer, CareTask.objects.get().offered_at is None) == ("trial", False)

    def test_a_program_makes_it(self, says: Says, alice: User, signed_in: Callable[[User], Client]) -> None:
        task, api = care.open_for_response(says(8)), signed_in(alice)
        path = f"/api/care/{task.pk}/offer"
        assert api.put(path, {"offer": "trial"}, "application/json").json()["offer"] == "trial"
        assert api.put(path, {"offer": "the moon"}, "application/json").status_code == 422


class TestApi:
    def test_a_customer_joins_and_leaves(
        self, wang: Customer, alice: User, signed_in: Callable[[User], Client]
    ) -> None:
        api, path = signed_in(alice), f"/api/customers/{wang.pk}/ambassador"
        assert api.put(path, {"how": "phone"}, "application/json").status_code == 200
        assert [one["customer_id"] for one in api.get("/api/ambassadors").json()] == [wang.pk]
        assert api.delete(path).json()["ended_at"] is not None
        assert api.get("/api/ambassadors").json() == []

    def test_nobody_says_for_them_that_they_pressed_the_button(
        self, wang: Customer, alice: User, signed_in: Callable[[User], Client]
    ) -> None:
        path = f"/api/customers/{wang.pk}/ambassador"
        assert signed_in(alice).put(path, {"how": "link"}, "application/json").status_code == 422

    def test_who_wants_no_word_from_us_is_not_put_on_it(
        self, wang: Customer, alice: User, signed_in: Callable[[User], Client]
    ) -> None:
        Customer.objects.filter(pk=wang.pk).update(opted_out_at="2026-01-01T00:00Z")
        path = f"/api/customers/{wang.pk}/ambassador"
        assert signed_in(alice).put(path, {"how": "phone"}, "application/json").status_code == 404
