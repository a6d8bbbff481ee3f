"""Themes are found over all comments, shown within rights, and people have the last word on them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.test import Client

from tests.server.feedback import respond
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.understand import labelling, themes, themes_finding
from voiceloop.server.understand.models import Annotation, Theme, ThemeRun

SignIn = Callable[[User], Client]
WORDS = (
    ["快递员", "物流", "包裹", "派送", "签收", "驿站"],
    ["屏幕", "电池", "键盘", "充电器", "摄像头", "耳机"],
    ["前台", "浴室", "空调", "床单", "早餐", "电梯"],
    ["牛肉", "米饭", "调料", "蔬菜", "面条", "饺子"],
)
SAD = ["太慢", "破损", "太差", "失灵", "冷淡", "发霉", "陈旧"]


def sentences(n: int, kind: int, seed: int = 0) -> list[str]:
    dice = random.Random(f"{kind}-{seed}")
    return [f"{'，'.join(dice.sample(WORDS[kind], 3))}都{dice.choice(SAD)}了" for _ in range(n)]


def say(unit: Unit, words: list[str], days_ago: float = 20) -> None:
    for text in words:
        verbatim = respond(unit, 3, days_ago=days_ago, words=text).verbatims.get()
        labelling.label([verbatim])


@pytest.fixture
def run(root: Unit, east: Unit) -> ThemeRun:
    """The themes of deliveries, of screens and of meals, found in the east's comments."""
    say(east, sentences(15, 0) + sentences(15, 1) + sentences(15, 3))
    return themes_finding.find(themes_finding.start(root))


def labels() -> dict[int, str]:
    return dict(Annotation.objects.filter(kind="theme").values_list("verbatim_id", "label"))


def theme_of(word: str) -> Theme:
    return next(theme for theme in Theme.objects.all() if word in theme.words)


@pytest.mark.requirement(73)
class TestFind:
    def test_each_comment_has_one_theme_with_its_evidence(self, run: ThemeRun) -> None:
        assert run.state == "done"
        notes = Annotation.objects.filter(kind="theme")
        assert notes.count() == notes.values("verbatim").distinct().count() == run.n_done
        note = notes.select_related("verbatim").first()
        assert note is not None
        start, end, _ = note.evidence[0]
        assert note.verbatim.text[start:end] in {word for words in WORDS for word in words} | set(SAD)

    def test_a_theme_carries_the_feeling_of_its_comments(self, run: ThemeRun) -> None:
        sides = set(Annotation.objects.filter(kind="theme").values_list("polarity", flat=True))
        assert sides <= {-1, 0, 1}
        assert -1 in sides

    def test_finding_again_changes_nothing(self, run: ThemeRun, root: Unit) -> None:
        before, keys = labels(), set(Theme.objects.values_list("key", flat=True))
        themes_finding.find(themes_finding.start(root))
        assert labels() == before
        assert set(Theme.objects.values_list("key", flat=True)) == keys

    def test_it_goes_on_where_it_was_killed(
        self, run: ThemeRun, root: Unit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = labels()
        Annotation.objects.filter(kind="theme").delete()
        monkeypatch.setattr(themes_finding, "BATCH", 5)

        class Killed(BaseException):
            pass

        def die(_: ThemeRun) -> None:
            raise Killed

        again = themes_finding.start(root)
        with pytest.raises(Killed):
            themes_finding.find(again, die)
        assert len(labels()) == 5
        assert themes_finding.find(again).state == "done"
        assert labels() == whole

    def test_a_newer_run_takes_its_place(self, run: ThemeRun, root: Unit) -> None:
        old = themes_finding.start(root)
        themes_finding.start(root)
        assert themes_finding.find(old).state == "replaced"

    def test_a_planted_theme_is_new(self, run: ThemeRun, root: Unit, east: Unit) -> None:
        say(east, sentences(30, 2), days_ago=0.5)
        themes_finding.find(themes_finding.start(root))
        assert theme_of("浴室").is_new
        assert not theme_of("物流").is_new

    def test_what_a_person_said_stays(self, run: ThemeRun, root: Unit, dora: User) -> None:
        theme = theme_of("物流")
        themes.rename(theme, by=dora, name="配送")
        themes_finding.find(themes_finding.start(root))
        assert str(Theme.objects.get(pk=theme.pk)) == "配送"


class TestGiveWaiting:
    def test_a_new_comment_gets_its_theme(self, run: ThemeRun, east: Unit) -> None:
        say(east, ["物流和派送都太慢了，包裹破损"], days_ago=0.1)
        # Everything of this test is one transaction, which the window would wait for.
        run.refresh_from_db()
        themes_finding._give_new(run, 1 << 60)
        newest = Annotation.objects.filter(kind="theme").order_by("-verbatim_id").first()
        assert newest is not None
        assert newest.label == theme_of("物流").key

    def test_without_a_run_it_rests(self, root: Unit) -> None:
        assert themes_finding.give_waiting() == 0


class TestChange:
    def test_merging_counts_comments_together_and_can_be_undone(self, run: ThemeRun, dora: User) -> None:
        one, two = theme_of("物流"), theme_of("屏幕")
        themes.merge(one, by=dora, into=two)
        assert themes.homes(Theme.objects.all())[one.key] == two
        themes.restore(one, by=dora)
        assert themes.homes(Theme.objects.all())[one.key] == one
        assert [event.data["what"] for event in Event.objects.about("theme", one.pk).order_by("pk")] == [
            "merged",
            "restored",
        ]

    def test_no_theme_goes_into_itself(self, run: ThemeRun, dora: User) -> None:
        one, two = theme_of("物流"), theme_of("屏幕")
        themes.merge(one, by=dora, into=two)
        with pytest.raises(AnalyticsError):
            themes.merge(Theme.objects.get(pk=two.pk), by=dora, into=Theme.objects.get(pk=one.pk))

    def test_what_is_archived_is_shown_nowhere(self, run: ThemeRun, dora: User) -> None:
        themes.archive(theme_of("物流"), by=dora)
        assert theme_of("物流").key not in themes.homes(Theme.objects.all())


class TestPages:
    def test_the_map_has_a_table_and_numbers(self, run: ThemeRun, carol: User, signed_in: SignIn) -> None:
        page = signed_in(carol).get("/themes/?days=90").content.decode()
        for theme in Theme.objects.all():
            assert f"/themes/{theme.pk}/" in page
        assert "data-option" in page

    def test_the_theme_shows_its_comments_with_the_words(
        self, run: ThemeRun, carol: User, signed_in: SignIn
    ) -> None:
        page = signed_in(carol).get(f"/themes/{theme_of('物流').pk}/?days=90").content.decode()
        assert "<mark" in page
        assert page.count('class="cm"') == 15

    def test_who_teaches_renames_merges_archives_and_brings_back(
        self, run: ThemeRun, dora: User, signed_in: SignIn
    ) -> None:
        one, two, browser = theme_of("物流"), theme_of("屏幕"), signed_in(dora)
        browser.post(f"/themes/{one.pk}/name/", {"name": "配送"})
        assert "配送" in browser.get("/themes/?days=90").content.decode()
        browser.post(f"/themes/{one.pk}/merge/", {"into": two.pk})
        browser.post(f"/themes/{two.pk}/archive/")
        assert f"/themes/{one.pk}/?" not in browser.get("/themes/?days=90").content.decode()
        browser.post(f"/themes/{two.pk}/restore/")
        browser.post(f"/themes/{one.pk}/restore/")
        assert f"/themes/{one.pk}/?" in browser.get("/themes/?days=90").content.decode()

    def test_a_branch_changes_nothing_for_all(self, run: ThemeRun, bob: User, signed_in: SignIn) -> None:
        assert signed_in(bob).post(f"/themes/{theme_of('物流').pk}/archive/").status_code == 403

    def test_charlie_sees_none_of_it(self, run: ThemeRun, charlie: User, signed_in: SignIn) -> None:
        browser = signed_in(charlie)
        assert "物流" not in browser.get("/themes/?days=all").content.decode()
        assert browser.get(f"/themes/{theme_of('物流').pk}/").status_code == 404
        assert browser.get("/api/themes?days=all").json()["themes"] == []

    def test_programs_do_the_same(self, run: ThemeRun, dora: User, signed_in: SignIn) -> None:
        browser, one = signed_in(dora), theme_of("物流")
        listed = browser.get("/api/themes?days=90").json()
        assert {row["id"] for row in listed["themes"]} == set(Theme.objects.values_list("pk", flat=True))
        body = {"name": "配送", "is_archived": True}
        found = browser.patch(f"/api/themes/{one.pk}", body, content_type="application/json").json()
        assert (found["name"], found["is_archived"]) == ("配送", True)
        assert browser.post("/api/themes/runs").json()["state"] == "queued"
