"""History is labelled anew by a job: with progress, to its end, and over nothing that a person said."""

from __future__ import annotations

import pytest

from tests.server.feedback import respond
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.understand import corrections, labelling, relabelling
from voiceloop.server.understand.job_models import State
from voiceloop.server.understand.models import Annotation, Relabelling
from voiceloop.server.understand.reasons import verbs

Rows = set[tuple[int, int, str, str]]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relabelling, "BATCH", 2)


def rows() -> Rows:
    return set(Annotation.objects.values_list("pk", "verbatim_id", "kind", "label"))


def started(by: User, *, everything: bool = False) -> Relabelling:
    return relabelling.start(by=by, why="asked", everything=everything)


@pytest.mark.requirement(72)
class TestRun:
    def test_it_labels_everything_there_is(self, east: Unit, dora: User) -> None:
        for words in ("很好", "太慢了", "😀"):
            respond(east, 7, words=words)
        job = relabelling.run(started(dora, everything=True))
        assert (job.state, job.n_done, job.n_total, job.n_changed) == (State.DONE, 3, 3, 3)
        assert not Verbatim.objects.filter(labelled_by="").exists()
        assert Annotation.objects.filter(kind="sentiment").count() == 3

    def test_it_writes_nothing_where_nothing_changed(self, said: list[Verbatim], dora: User) -> None:
        before = rows()
        job = relabelling.run(started(dora))
        assert (job.n_done, job.n_changed) == (5, 0)
        assert rows() == before

    def test_a_new_word_touches_only_the_comments_that_say_it(self, said: list[Verbatim], dora: User) -> None:
        before = rows()
        verbs.add(by=dora, zh="停车", en="Parking", keywords=["停车位", "找车位"])
        job = relabelling.run(Relabelling.objects.get())
        assert job.n_changed == 1
        new = rows() - before
        assert {(verbatim, label) for _, verbatim, kind, label in new if kind == "reason"} == {
            (said[3].pk, "parking")
        }

    def test_labels_that_stay_keep_their_row(self, said: list[Verbatim], dora: User) -> None:
        """Else the lake would have to forget and learn them again."""
        before = rows()
        relabelling.run(started(dora, everything=True))
        assert rows() == before

    def test_what_a_person_said_stays(self, said: list[Verbatim], carol: User, dora: User) -> None:
        corrections.correct(said[0], by=carol, sentiment="positive", voice="praise", reasons={"price": 1})
        relabelling.run(started(dora, everything=True))
        found = Annotation.objects.filter(verbatim=said[0], by=carol).values_list("kind", "label")
        assert set(found) == {("sentiment", "positive"), ("voice", "praise"), ("reason", "price")}

    def test_that_there_is_no_reason_is_remembered_too(
        self, said: list[Verbatim], carol: User, dora: User
    ) -> None:
        corrections.correct(said[0], by=carol, sentiment="neutral", voice="other", reasons=[])
        relabelling.run(started(dora, everything=True))
        assert not Annotation.objects.filter(verbatim=said[0], kind="reason").exists()

    def test_themes_are_left_alone(self, said: list[Verbatim], dora: User) -> None:
        theme = Annotation.objects.create(verbatim=said[0], kind="theme", label="t1", version="themes")
        relabelling.run(started(dora, everything=True))
        assert Annotation.objects.filter(pk=theme.pk).exists()

    def test_it_says_in_the_log_what_it_did(self, said: list[Verbatim], dora: User) -> None:
        relabelling.run(started(dora))
        types = set(Event.objects.values_list("type", flat=True))
        assert {"relabelling.started", "relabelling.done"} <= types


class TestStop:
    def test_it_goes_on_behind_the_last_committed_batch(self, said: list[Verbatim], dora: User) -> None:
        job = started(dora, everything=True)

        def die(_: Relabelling) -> None:
            raise SystemExit

        with pytest.raises(SystemExit):
            relabelling.run(job, on_batch=die)
        job.refresh_from_db()
        assert (job.state, job.n_done) == (State.RUNNING, 2)
        seen: list[int] = []
        job = relabelling.run(job, on_batch=lambda job: seen.append(job.cursor))
        assert (job.state, job.n_done) == (State.DONE, 5)
        assert min(seen) > said[1].pk

    def test_it_stops_when_it_is_cancelled_and_can_be_taken_up(
        self, said: list[Verbatim], dora: User
    ) -> None:
        job = started(dora, everything=True)
        job = relabelling.run(job, on_batch=lambda job: relabelling.cancel(job=job, by=dora))
        assert (job.state, job.n_done) == (State.CANCELLED, 2)
        job = relabelling.run(relabelling.resume(job=job, by=dora))
        assert (job.state, job.n_done) == (State.DONE, 5)

    def test_a_newer_one_takes_its_place(self, said: list[Verbatim], dora: User) -> None:
        first = started(dora, everything=True)
        second = started(dora)
        first.refresh_from_db()
        assert first.state == State.REPLACED
        assert second.everything

    def test_a_comment_erased_meanwhile_is_left_out(self, said: list[Verbatim], dora: User) -> None:
        job = started(dora, everything=True)
        words = relabelling.engine.in_use()
        batch = relabelling._read(0)
        assert batch
        said[0].delete()
        assert relabelling._begin(job)
        relabelling._commit(job, batch, words.analyse(batch.texts), words)
        assert not Annotation.objects.filter(verbatim_id=batch.pks[0]).exists()

    def test_what_a_dead_process_left_is_queued_again(self, said: list[Verbatim], dora: User) -> None:
        job = started(dora)
        Relabelling.objects.update(state=State.RUNNING)
        from procrastinate.contrib.django.models import ProcrastinateJob

        assert relabelling.resume_dead() == []  # it waits in the queue already
        assert ProcrastinateJob.objects.filter(task_name=relabelling.TASK).count() == 1
        assert job.pk


class TestCorrect:
    def test_each_reason_has_a_side_of_its_own(self, said: list[Verbatim], carol: User) -> None:
        sides = {"waiting": -1, "attitude": 1, "price": 0}
        corrections.correct(
            said[0], by=carol, sentiment="negative", voice="problem", reasons=sides,
            emotion="angry", severity="serious",
        )  # fmt: skip
        labelling.label([said[0]])
        notes = Annotation.objects.filter(verbatim=said[0])
        assert dict(notes.filter(kind="reason").values_list("label", "polarity")) == sides
        assert set(notes.filter(kind__in=["emotion", "severity"]).values_list("label", "by")) == {
            ("angry", carol.pk),
            ("serious", carol.pk),
        }

    def test_no_failure_is_remembered(self, said: list[Verbatim], carol: User) -> None:
        given = {"sentiment": "negative", "voice": "problem", "reasons": ["billing"]}
        corrections.correct(said[1], by=carol, severity="none", **given)  # type: ignore[arg-type]  # as a form sends it
        labelling.label([said[1]])
        assert not Annotation.objects.filter(verbatim=said[1], kind="severity").exists()
