"""What we do unasked when more is known of a case's words: it may be more urgent than it looked."""

from __future__ import annotations

from voiceloop.server.act.cases import grading
from voiceloop.server.act.events import CaseOpened
from voiceloop.server.act.models import Case, Post
from voiceloop.server.act.threads.events import PostHeard
from voiceloop.server.core.models import Event
from voiceloop.server.core.reactor import reacts_to
from voiceloop.server.understand.events import LabelCorrected, WordsLabelled


@reacts_to(WordsLabelled, LabelCorrected, CaseOpened, PostHeard)
def grade_by_the_words(event: Event) -> None:
    said = event.typed
    if isinstance(said, WordsLabelled | LabelCorrected):
        _by_labels(said.verbatims if isinstance(said, WordsLabelled) else [said.verbatim])
    elif isinstance(said, CaseOpened):
        _by_summary(said.case)
    else:
        _by_message(said.case, said.post)


def _by_labels(words: list[int]) -> None:
    for case in Case.objects.open().filter(response__verbatims__in=words).distinct().order_by("pk"):
        grading.heed(case)


def _by_summary(pk: int) -> None:
    """A case that no answer opened has no labels: what was written down is all there is."""
    case = Case.objects.open().filter(pk=pk, response=None).exclude(summary="").first()
    if case:
        grading.hear(case, words=case.summary)


def _by_message(pk: int, key: int) -> None:
    post = Post.objects.filter(pk=key).exclude(text="").first()
    case = Case.objects.open().filter(pk=pk).first()
    if post and case:
        grading.hear(case, words=post.text)
