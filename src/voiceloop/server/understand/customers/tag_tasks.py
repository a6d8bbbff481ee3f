"""The jobs behind tags and tiers: each night after the customers were scored, or when somebody asks."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.understand.customers import tag_rules, tiers


# The lock of the scores: a rule that looks at a risk waits until the night's risks are written.
@app.task(queue=tag_rules.QUEUE, name=tag_rules.TASK, lock="risk")
def run_tag_rules() -> int:
    return tag_rules.run_all()


@app.periodic(cron="53 3 * * *", periodic_id="understand.tag_rules_nightly")
@app.task(queue=tag_rules.QUEUE, name="understand.tag_rules_nightly", lock="risk", pass_context=False)
def run_tag_rules_nightly(timestamp: int) -> int:
    return tag_rules.run_all()


@app.task(queue=tiers.QUEUE, name=tiers.TASK, lock="risk")
def apply_tiers() -> int:
    made = tiers.apply()
    return made.up + made.down if made else 0


@app.periodic(cron="47 3 * * *", periodic_id="understand.tiers_nightly")
@app.task(queue=tiers.QUEUE, name="understand.tiers_nightly", lock="risk", pass_context=False)
def apply_tiers_nightly(timestamp: int) -> int:
    return tiers.nightly()
