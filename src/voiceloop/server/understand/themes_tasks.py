"""Jobs that find themes and keep the index of comments in step."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.understand import search_index, themes_finding
from voiceloop.server.understand.themes_models import ThemeRun


@app.task(queue=themes_finding.QUEUE, name=themes_finding.TASK)
def find_themes(run_id: int) -> str:
    run = ThemeRun.objects.filter(pk=run_id).first()
    return str(themes_finding.find(run).state) if run else ""


@app.periodic(cron="20 2 * * *", periodic_id="understand.find_themes_nightly")
@app.task(queue=themes_finding.QUEUE, name="understand.find_themes_nightly", pass_context=False)
def find_themes_nightly(timestamp: int) -> list[int]:
    return themes_finding.start_all()


@app.periodic(cron="* * * * * */20", periodic_id="understand.resume_themes")
@app.task(queue=themes_finding.QUEUE, name="understand.resume_themes", pass_context=False)
def resume_themes(timestamp: int) -> list[int]:
    return themes_finding.resume_dead()


@app.periodic(cron="* * * * *", periodic_id="understand.give_themes")
@app.task(queue=themes_finding.QUEUE, name="understand.give_themes", pass_context=False)
def give_themes(timestamp: int) -> int:
    themes_finding.start_first()
    return themes_finding.give_waiting()


@app.periodic(cron="* * * * * */20", periodic_id="understand.follow_search")
@app.task(queue="default", name="understand.follow_search", pass_context=False)
def follow_search(timestamp: int) -> int:
    return search_index.follow()


@app.task(queue="default", name="understand.forget_in_search")
def forget_in_search() -> int:
    return search_index.forget()


@app.periodic(cron="*/10 * * * *", periodic_id="understand.forget_in_search_often")
@app.task(queue="default", name="understand.forget_in_search_often", pass_context=False)
def forget_in_search_often(timestamp: int) -> int:
    return search_index.forget()
