"""What we do unasked when more is known of a case's words: it may be more urgent than it looked."""

from __future__ import annotations

from voiceloop.server.act.cases import grading
from voiceloop.server.act.events import CaseOpened
from voiceloop.server.act.models import Case, Post
from voiceloop.server.act.threads.events import PostHeard
from voiceloop.server.core.models import Event
from voiceloop.server.core.reactor import reacts_to
from voiceloop.server.understand.events import LabelCorrected, WordsLabelled


@reacts_to(WordsLabelled, LabelCorrected)
def grade_by_the_labels(event: Event) -> None:
    said = event.typed
    words = said.verbatims if isinstance(said, WordsLabelled) else [said.verbatim]
    for case in Case.objects.open().filter(response__verbatims__in=words).distinct().order_by("pk"):
        grading.heed(case)


@reacts_to(CaseOpened)
def grade_by_the_summary(event: Event) -> None:
    """A case that no answer opened has no labels: what was written down is all there is."""
    case = Case.objects.open().filter(pk=event.typed.case, response=None).exclude(summary="").first()
    if case:
        grading.hear(case, words=case.summary)


@reacts_to(PostHeard)
def grade_by_the_message(event: Event) -> None:
    post = Post.objects.filter(pk=event.typed.post).exclude(text="").first()
    case = Case.objects.open().filter(pk=event.typed.case).first()
    if post and case:
        grading.hear(case, words=post.text)
