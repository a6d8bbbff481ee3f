"""Jobs of the digest."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.understand.digest import mailing, subscribing


@app.periodic(cron="* * * * *", periodic_id="understand.call_digests")
@app.task(queue="default", name="understand.call_digests", pass_context=False)
def call_digests(timestamp: int) -> int:
    return subscribing.call_due() + subscribing.call_again()


@app.task(queue=subscribing.QUEUE, name=subscribing.TASK)
def mail_digest(mail: int) -> str:
    return mailing.mail(mail)


@app.periodic(cron="43 3 * * *", periodic_id="understand.forget_digests")
@app.task(queue="default", name="understand.forget_digests", pass_context=False)
def forget_digests(timestamp: int) -> int:
    return subscribing.forget()
