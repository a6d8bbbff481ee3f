"""The job that forgets preferences which were withdrawn for good."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.understand.customers import preferences


@app.periodic(cron="27 4 * * *", periodic_id="understand.forget_preferences")
@app.task(queue="default", name="understand.forget_preferences", pass_context=False)
def forget_nightly(timestamp: int) -> int:
    return preferences.forget()
