"""Every occasion to ask, with what came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from voiceloop.analytics import Lake, contacts

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)


def invitation(number, *, status="sent", reason=None, seconds=None, minutes=5, customer=1):
    return {
        "invitation_id": number,
        "day": AT.date(),
        "at": AT + timedelta(minutes=minutes),
        "agent": "A01",
        "touchpoint": "hotline",
        "customer_key": customer,
        "status": status,
        "reason": reason,
        "sent_at": AT,
        "answered_at": AT + timedelta(seconds=seconds) if seconds else None,
    }


def talk(number, solved, *, minutes=0, customer=1):
    at = AT + timedelta(minutes=minutes)
    return {
        "conversation_id": number,
        "day": AT.date(),
        "at": at,
        "agent": "A01",
        "customer_key": customer,
        "solved": solved,
    }


@pytest.fixture
def seen(tmp_path):
    def run(invitations, talks=()):
        lake = Lake(tmp_path)
        lake.append("invitations", invitations)
        if talks:
            lake.append("conversations", list(talks))
        return contacts.contacts(lake, "agent")

    return run


class TestContacts:
    def test_it_takes_the_last_conversation_before_the_invitation(self, seen):
        (one,) = seen(
            [invitation(1)], [talk(1, 0, minutes=-60), talk(2, 1, minutes=2), talk(3, 0, minutes=9)]
        )
        assert one.is_bad is False

    def test_it_does_not_take_one_of_another_customer_or_of_last_week(self, seen):
        (one,) = seen([invitation(1)], [talk(1, 0, customer=2), talk(2, 0, minutes=-9000)])
        assert one.is_bad is None

    def test_it_tells_a_rule_from_a_person(self, seen):
        found = seen(
            [
                invitation(1, status="suppressed", reason="opted_out"),
                invitation(2, status="suppressed", reason="by_agent"),
            ]
        )
        assert {(one.is_asked, one.is_spared) for one in found} == {(False, True), (False, False)}

    def test_it_passes_over_what_is_still_waiting(self, seen):
        assert seen([invitation(1, status="queued"), invitation(2, status="failed")]) == []

    def test_it_knows_an_answer_on_the_spot(self, seen):
        found = seen([invitation(1, seconds=30), invitation(2, seconds=900), invitation(3)], [talk(1, 1)])
        assert [one.is_quick for one in found] == [True, False, None]

    def test_it_counts_where_they_lie_what_is_too_much_to_read(self, seen, monkeypatch):
        monkeypatch.setattr(contacts, "MOST_JOINED", 3)
        (one,) = seen([invitation(i) for i in range(5)], [talk(1, 0)])
        assert (one.n, one.is_bad) == (5, None)
