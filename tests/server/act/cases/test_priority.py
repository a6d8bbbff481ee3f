"""How urgent a case is, and who says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from voiceloop.server.act.cases import cases, grading, priority, promises
from voiceloop.server.act.models import Case, Clock
from voiceloop.server.collect.models import Response, Verbatim
from voiceloop.server.core.models import User
from voiceloop.server.core.reactor import deliver
from voiceloop.server.understand import labelling
from voiceloop.server.understand.corrections import correct

pytestmark = pytest.mark.django_db
Says = Callable[..., Response]
SignIn = Callable[[User], Client]


@pytest.fixture
def gold(says: Says) -> Case:
    """Serious by its score, a gold card; nothing of its words is known yet."""
    return cases.open_for_response(says(1, text="气死我了，等了两个小时", tier="gold"))


@pytest.mark.requirement(77)
@pytest.mark.requirement(123)
class TestOf:
    @pytest.mark.parametrize(
        ("severity", "emotion", "tier", "expected"),
        [
            ("slight", "", "", Case.Priority.NORMAL),
            ("slight", "understanding", "", Case.Priority.LOW),
            ("slight", "angry", "", Case.Priority.HIGH),
            ("slight", "disappointed", "gold", Case.Priority.HIGH),
            ("serious", "", "", Case.Priority.HIGH),
            ("serious", "angry", "", Case.Priority.URGENT),
            ("serious", "disappointed", "black", Case.Priority.URGENT),
            ("catastrophic", "understanding", "black", Case.Priority.URGENT),
        ],
    )
    def test_it_adds_up_what_is_known(
        self, case: Case, severity: str, emotion: str, tier: str, expected: int
    ) -> None:
        case.severity, case.tier = severity, tier
        case.priority_reason = {"heard": {"emotion": emotion, "urgency": ""}}
        assert priority.of(case)[0] == expected

    def test_a_threat_is_urgent_by_itself(self, case: Case) -> None:
        case.severity, case.priority_reason = "slight", {"heard": {"urgency": "legal"}}
        assert priority.of(case)[0] == Case.Priority.URGENT


@pytest.mark.requirement(79)
class TestHeed:
    def test_an_angry_customer_goes_first_once_the_words_are_labelled(self, gold: Case) -> None:
        assert gold.priority == Case.Priority.HIGH
        labelling.label(list(Verbatim.objects.all()))
        deliver()
        gold.refresh_from_db()
        assert (gold.emotion, gold.priority) == ("angry", Case.Priority.URGENT)
        with override("en"):
            assert priority.sentence(gold) == "Urgent: serious failure, angry customer, gold"
        with override("zh-hans"):
            assert priority.sentence(gold) == "紧急：严重失误、客户愤怒、gold"

    def test_hearing_it_twice_says_it_once(self, gold: Case, events_about: Callable[..., list[str]]) -> None:
        labelling.label(list(Verbatim.objects.all()))
        grading.heed(gold)
        grading.heed(gold)
        assert events_about(gold).count("case.graded") == 1

    def test_a_corrected_emotion_counts(self, gold: Case, alice: User) -> None:
        words = list(Verbatim.objects.all())
        labelling.label(words)
        correct(
            words[0], by=alice, sentiment="negative", voice="problem", reasons=[], emotion="understanding"
        )
        deliver()
        gold.refresh_from_db()
        assert gold.emotion == "understanding"


class TestHear:
    def test_a_case_opened_by_hand_is_read_too(self, alice: User) -> None:
        case = cases.open(None, by=alice, summary="收银系统瘫痪，整个店无法营业")
        deliver()
        case.refresh_from_db()
        assert (case.severity, case.priority) == ("catastrophic", Case.Priority.URGENT)

    def test_a_later_calm_word_cools_it_but_a_threat_stays(self, alice: User) -> None:
        case = cases.open(None, by=alice, summary="单")
        grading.hear(case, words="气死我了，再不退款我就打12315投诉")
        grading.hear(case, words="送晚了，下雨天可以理解")
        assert (case.emotion, case.priority_reason["urgency"]) == ("understanding", "authority")


class TestGrade:
    def test_a_persons_word_stays(self, gold: Case, alice: User) -> None:
        grading.grade(gold, by=alice, severity="slight", urgency=4, reason="已电话安抚")
        labelling.label(list(Verbatim.objects.all()))
        grading.heed(gold)
        assert (gold.severity, gold.priority) == ("slight", Case.Priority.LOW)
        with override("zh-hans"):
            assert priority.sentence(gold) == f"低：由{alice}设定、已电话安抚"

    def test_without_a_priority_it_is_read_from_the_severity(self, case: Case, alice: User) -> None:
        grading.grade(case, by=alice, severity="catastrophic", reason="客人烫伤")
        assert case.priority == Case.Priority.URGENT

    @pytest.mark.requirement(123)
    def test_what_is_promised_for_it_holds_from_now_on(self, case: Case, alice: User, dora: User) -> None:
        promises.add_critical(by=dora)
        before = Clock.objects.get(case=case, kind="first_contact").promise.minutes
        grading.grade(case, by=alice, severity="catastrophic", reason="停机")
        clocks = {clock.kind: clock.promise.minutes for clock in case.clocks.all()}
        assert (before, clocks) == (120, {"first_contact": 30, "solution": 120})

    def test_the_dialog_sets_it(self, signed_in: SignIn, alice: User, case: Case) -> None:
        url = reverse("case_grade", args=[case.pk])
        said = {"severity": "serious", "urgency": "1", "reason": "老客户"}
        assert signed_in(alice).post(url, said).status_code == 302
        case.refresh_from_db()
        assert (case.severity, case.priority) == ("serious", 1)

    def test_it_wants_to_know_why(self, signed_in: SignIn, alice: User, case: Case) -> None:
        answer = signed_in(alice).post(reverse("case_grade", args=[case.pk]), {"severity": "serious"})
        assert answer.status_code == 422

    def test_it_is_unknown_to_charlie(self, signed_in: SignIn, charlie: User, case: Case) -> None:
        assert signed_in(charlie).post(reverse("case_grade", args=[case.pk])).status_code == 404


class TestList:
    def test_it_can_be_narrowed_and_sorted(self, signed_in: SignIn, alice: User, case: Case) -> None:
        other = cases.open(None, by=alice, summary="小问题")
        grading.grade(other, by=alice, severity="slight", urgency=1, reason="x")
        browser = signed_in(alice)
        urgent = browser.get(reverse("cases"), {"priority": "1"})
        assert [row.pk for row in urgent.context["page"]] == [other.pk]
        ordered = browser.get(reverse("cases"), {"sort": "urgent"})
        assert [row.pk for row in ordered.context["page"]] == [other.pk, case.pk]

    def test_resolved_at_is_what_the_resolution_says(self, resolved: Case, alice: User) -> None:
        resolved.refresh_from_db()
        assert resolved.resolved_at == resolved.resolution.at
        cases.reopen(resolved, by=alice)
        resolved.refresh_from_db()
        assert resolved.resolved_at is None
        assert Case.objects.open().get() == resolved
