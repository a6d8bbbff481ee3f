"""Pages of long lists."""

from __future__ import annotations

import pytest

from voiceloop.server.act.cases import cases, pages
from voiceloop.server.act.cases.pages import KeyPages
from voiceloop.server.act.models import Case
from voiceloop.server.core.models import User

pytestmark = pytest.mark.django_db


class TestKeyPages:
    def test_rows_stand_in_the_order_of_the_list(self, alice: User) -> None:
        made = [cases.open(None, by=alice, summary=str(n)) for n in range(5)]
        found = KeyPages(Case.objects.order_by("-pk"), 2)
        assert [case.pk for case in found.page(2)] == [made[2].pk, made[1].pk]
        assert (found.count, found.num_pages, found.has_more) == (5, 3, False)

    def test_it_counts_no_further_than_pages_are_turned(
        self, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages, "COUNTED", 3)
        for n in range(5):
            cases.open(None, by=alice, summary=str(n))
        found = KeyPages(Case.objects.order_by("pk"), 2)
        assert (found.count, found.num_pages, found.has_more) == (3, 2, True)
        assert len(found.page(2)) == 1
