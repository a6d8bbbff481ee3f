"""Jobs of which one that waits is enough."""

from __future__ import annotations

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from voiceloop.server.core.models import Unit
from voiceloop.server.core.queueing import queue_once

pytestmark = pytest.mark.django_db


class TestQueueOnce:
    def test_a_second_one_is_not_queued_and_says_so(self) -> None:
        assert [queue_once("core.test"), queue_once("core.test")] == [True, False]
        assert ProcrastinateJob.objects.filter(task_name="core.test").count() == 1

    def test_each_thing_has_one_of_its_own(self) -> None:
        made = [queue_once("core.test", once=f"robot:{n}", queue="mail", robot=n) for n in (1, 2)]
        assert made == [True, True]
        jobs = ProcrastinateJob.objects.filter(task_name="core.test").order_by("id")
        assert [job.args for job in jobs] == [{"robot": 1}, {"robot": 2}]

    def test_what_was_done_before_stays_done(self) -> None:
        queue_once("core.test")
        with transaction.atomic():
            Unit.objects.create(code="u", name="店", kind="store")
            queue_once("core.test")
        assert Unit.objects.filter(code="u").exists()
