"""Jobs of anticipation: the hourly round, and the dry runs that somebody asked for."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.act.anticipation import proposing, trials
from voiceloop.server.act.models import AnticipationTrial


@app.periodic(cron="7 * * * *", periodic_id="act.anticipate")
@app.task(queue="default", name="act.anticipate", lock="act.anticipate", pass_context=False)
def anticipate(timestamp: int) -> int:
    """Propose what has happened since; end what is over."""
    return proposing.make_round()


@app.task(queue=trials.QUEUE, name=trials.TASK)
def anticipation_trial(trial: int) -> int:
    found = AnticipationTrial.objects.select_related("rule__unit").filter(pk=trial).first()
    return int(trials.count(found).result.get("n_named", 0)) if found else 0
