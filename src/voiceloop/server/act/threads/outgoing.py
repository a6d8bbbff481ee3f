"""How an answer leaves: by the outbox where a server delivers it, by being shown where the customer looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.threads import addresses, wechat
from voiceloop.server.collect import channels, messages
from voiceloop.server.collect.enclosures import Enclosure, File, encloses
from voiceloop.server.collect.survey_visit import company_of

if TYPE_CHECKING:
    from voiceloop.server.act.models import Post, Thread
    from voiceloop.server.act.threads.files import Checked

channels.answers_over(wechat.WeChat())

# Seconds in which an answer can be taken back. Our choice.
UNDO = 10
ABOUT = "post"


@dataclass(frozen=True)
class State:
    """How far an answer is, for people: a word for programs, a label, what went wrong, what can be done."""

    code: str
    label: Any
    detail: str = ""
    may_undo: bool = False
    may_retry: bool = False


def send(post: Post) -> None:
    """Hand an answer to the outbox; a chat needs none, since the customer's own page shows it."""
    thread = post.thread
    if thread.channel == thread.Channel.CHAT:
        return
    post.message = _write(post, in_seconds=UNDO)
    post.save(update_fields=["message"])
    if thread.bounced_at and post.message:
        messages.take_back(message=post.message, reason="bounced")


def refuses(thread: Thread, checked: Checked) -> list[dict[str, Any]]:
    """Files that the channel cannot carry."""
    if thread.channel != thread.Channel.WECHAT:
        return []
    carried = ("image/png", "image/jpeg")
    return [{"name": up.name, "fault": "not_wechat"} for up, kind in checked.taken if kind not in carried]


def acknowledge(post: Post) -> None:
    """WeChat has its acknowledgement in the answer to its own call, a chat on its page."""
    if post.thread.channel == post.thread.Channel.EMAIL:
        post.message = _write(post)
        post.save(update_fields=["message"])


def hold(post: Post) -> bool:
    """Keep an answer from leaving, if there is time."""
    if post.message:
        return messages.take_back(message=post.message)
    return not is_out(post)


def is_out(post: Post) -> bool:
    """Whether the customer's own page shows it already."""
    return post.is_automatic or post.at <= now() - timedelta(seconds=UNDO)


def state(post: Post) -> State:
    message = post.message
    if post.withdrawn_at:
        return State("withdrawn", _("Taken back"))
    if message is None and post.thread.channel != post.thread.Channel.CHAT:
        return State("sent", _("Sent"))
    if message is None:
        out = is_out(post)
        return State(
            "sent" if out else "sending", _("Shown to the customer") if out else _("Sending"), "", not out
        )
    if message.held_back_by in ("failed", "bounced"):
        return State("failed", _("Not delivered"), message.error, may_retry=message.sent_at is None)
    if message.held_back_by:
        reason = messages.HELD_BACK.get(message.held_back_by, message.held_back_by)
        return State("held_back", _("Held back"), str(reason))
    if message.sent_at:
        return State("sent", _("Sent"))
    if message.error:
        return State("waiting", _("Will be tried again"), message.error, may_retry=True)
    return State("sending", _("Sending"), "", message.n_tries == 0)


def _write(post: Post, in_seconds: int = 0) -> Any:
    thread, case = post.thread, post.thread.case
    return messages.write(
        key=f"post:{post.pk}",
        channel_code=_code_of(thread),
        to=thread.address,
        subject=_subject(thread),
        body=post.text,
        unit=case.unit,
        customer=thread.customer,
        about=f"{ABOUT}:{post.pk}",
        in_seconds=in_seconds,
    )


def _code_of(thread: Thread) -> str:
    """A person hands over what no server can deliver."""
    known = {**channels.ANSWERING, **channels.channels()}
    adapter = known.get(thread.channel)
    return adapter.code if adapter and adapter.is_ready() else "outbox"


def _subject(thread: Thread) -> str:
    subject = thread.subject or company_of(thread.case.unit_id)
    answers = subject.lower().startswith(("re:", "re：", "回复"))
    return (subject if answers else f"Re: {subject}")[:180] + f" [#{thread.case_id}]" * (
        f"[#{thread.case_id}]" not in subject
    )


@encloses(ABOUT)
def _enclosed(pk: int) -> Enclosure | None:
    """Its files, what it answers, and an address that knows the thread again."""
    from voiceloop.server.act.models import Post
    from voiceloop.server.act.threads import files

    post = Post.objects.filter(pk=pk).select_related("thread").first()
    if post is None:
        return None
    kept = [(one, files.path_of(one.digest)) for one in post.attachments.order_by("pk")]
    return Enclosure(
        files=tuple(File(one.name, path.read_bytes(), one.kind) for one, path in kept if path.exists()),
        headers=_headers(post),
        by_a_person=not post.is_automatic,
    )


def _headers(post: Post) -> dict[str, str]:
    said = post.thread.posts.exclude(external_id="").order_by("-at").values_list("external_id", flat=True)
    known = list(said[:10])
    answers = {"In-Reply-To": known[0], "References": " ".join(reversed(known))} if known else {}
    reply_to = addresses.reply_address(post.thread)
    automatic = {"Auto-Submitted": "auto-replied"} if post.is_automatic else {}
    return {**answers, **automatic, **({"Reply-To": reply_to} if reply_to else {})}
