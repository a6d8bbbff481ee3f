"""Rights follow the tree: a person sees their unit and all below it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from voiceloop.server.collect.models import Programme, Response
from voiceloop.server.core import rights
from voiceloop.server.core.models import Unit, User


class TestVisibleTo:
    def test_it_shows_what_is_below(self, dora: User, east: Unit) -> None:
        response = Response.objects.create(unit=east, idempotency_key="a")
        assert response in Response.objects.visible_to(dora)

    def test_it_hides_another_branch(self, charlie: User, east: Unit) -> None:
        Response.objects.create(unit=east, idempotency_key="a")
        assert not Response.objects.visible_to(charlie).exists()

    def test_it_hides_what_is_above(self, alice: User, root: Unit) -> None:
        Response.objects.create(unit=root, idempotency_key="a")
        assert not Response.objects.visible_to(alice).exists()

    def test_what_the_company_shares_is_seen_below(self, alice: User, root: Unit) -> None:
        programme = Programme.objects.create(code="p", name="p", unit=root)
        assert programme in Programme.objects.visible_to(alice)

    def test_a_stranger_sees_nothing(self, root: Unit) -> None:
        Response.objects.create(unit=root, idempotency_key="a")
        assert not Response.objects.visible_to(AnonymousUser()).exists()

    def test_the_branch_moves_with_its_parent(self, root: Unit, east: Unit, west: Unit) -> None:
        shop = Unit.objects.create(code="shop", name="shop", parent=east)
        east.parent = west
        east.save()
        shop.refresh_from_db()
        assert shop.path == f"{root.pk}/{west.pk}/{east.pk}/{shop.pk}/"


class TestRequires:
    def test_it_refuses_who_lacks_the_right(self, alice: User) -> None:
        view = rights.requires("people.edit")(lambda request: HttpResponse())
        request = HttpRequest()
        request.user = alice
        with pytest.raises(PermissionDenied):
            view(request)

    def test_a_right_that_does_not_exist_is_a_mistake_at_once(self) -> None:
        with pytest.raises(ValueError, match="unknown right"):
            rights.requires("fly")

    def test_who_was_deactivated_may_nothing(self, dora: User) -> None:
        dora.is_active = False
        assert not dora.may("people.edit")
