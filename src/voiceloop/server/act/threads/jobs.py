"""Jobs of conversations: read the mailbox, fetch what came by WeChat, sweep files that nobody owns."""

from __future__ import annotations

import logging
import time

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from voiceloop.server.act.models import Post
from voiceloop.server.act.threads import files, mailbox, said, wechat
from voiceloop.server.act.threads.files import Upload
from voiceloop.server.core.events import verb

log = logging.getLogger(__name__)
QUEUE = "default"
A_DAY = 24 * 3600
TRIES = 4


@app.periodic(cron="* * * * *", periodic_id="act.read_mailbox")
@app.task(queue=QUEUE, name="act.read_mailbox", lock="act.read_mailbox", pass_context=False)
def read_mailbox(timestamp: int) -> int:
    inlet = mailbox.inlet() if mailbox.is_set_up() else None
    return mailbox.fetch(inlet) if inlet and inlet.is_open else 0


@app.periodic(cron="* * * * * */30", periodic_id="act.index_said")
@app.task(queue=QUEUE, name="act.index_said", lock="act.index_said", pass_context=False)
def index_said(timestamp: int) -> int:
    return said.catch_up()


@app.periodic(cron="41 3 * * *", periodic_id="act.sweep_files")
@app.task(queue=QUEUE, name="act.sweep_files", pass_context=False)
def sweep_files(timestamp: int) -> int:
    return files.sweep(time.time() - A_DAY)


@app.task(
    queue=QUEUE,
    name="act.fetch_media",
    pass_context=True,
    retry=RetryStrategy(max_attempts=TRIES, exponential_wait=5),
)
def fetch_media(context: JobContext, post_id: int, media_id: str, name: str) -> int:
    """A picture or voice of a WeChat message; what cannot be fetched is said at the message."""
    post = Post.objects.filter(pk=post_id).select_related("thread__inlet").first()
    if post is None or post.thread.inlet is None:
        return 0
    try:
        content = wechat.media(post.thread.inlet, media_id)
    except Exception as error:
        if context.job and context.job.attempts < TRIES:
            raise
        log.warning("media of post %s was not fetched: %s", post_id, error)
        _take(post, content=b"", name=name)
        return 0
    return _take(post, content=content, name=name)


@verb
def _take(post: Post, *, content: bytes, name: str) -> int:
    """Once a post: a repeated job finds the file there."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.attachments.exists():
        return 0
    endings = {"image": "jpg", "voice": "amr", "video": "mp4", "shortvideo": "mp4"}
    checked = files.check([Upload(f"{name}.{endings.get(name, 'bin')}", content)] if content else [])
    missing = [] if content else [{"name": name, "fault": "not_fetched"}]
    post.refused = [*checked.refused, *missing]
    post.save(update_fields=["refused"])
    return len(files.keep(post, checked))
