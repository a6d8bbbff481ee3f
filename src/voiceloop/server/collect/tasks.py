"""Jobs of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.collect import imports, invitations, messages, responses
from voiceloop.server.collect.importing import run as importing
from voiceloop.server.collect.models import Import


@app.task(queue=messages.QUEUE, name=messages.TASK)
def send_messages(ids: list[int]) -> int:
    return messages.send(ids)


@app.periodic(cron="* * * * *", periodic_id="collect.complete_silent")
@app.task(queue="default", name="collect.complete_silent", pass_context=False)
def complete_silent(timestamp: int) -> int:
    waiting = responses.silent()
    for response in waiting:
        responses.complete_silent(response=response)
    return len(waiting)


@app.periodic(cron="7 * * * *", periodic_id="collect.touch_expired")
@app.task(queue="default", name="collect.touch_expired", pass_context=False)
def touch_expired(timestamp: int) -> int:
    return invitations.touch_expired()


@app.task(queue=imports.QUEUE, name=imports.RUN)
def run_import(import_id: int) -> str:
    import_ = Import.objects.filter(pk=import_id).first()
    return importing.run(import_).state if import_ else ""


@app.task(queue=imports.QUEUE, name=imports.REMOVE)
def remove_import(import_id: int) -> int:
    import_ = Import.objects.filter(pk=import_id).first()
    return imports.carry_out_removal(import_) if import_ else 0


@app.periodic(cron="* * * * * */20", periodic_id="collect.resume_imports")
@app.task(queue=imports.QUEUE, name="collect.resume_imports", pass_context=False)
def resume_imports(timestamp: int) -> list[int]:
    return imports.resume_dead()
