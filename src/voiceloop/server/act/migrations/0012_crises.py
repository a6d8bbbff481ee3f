from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

import voiceloop.server.act.models.crisis


class Migration(migrations.Migration):
    dependencies = [("act", "0011_playbook_rules"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations: list[Operation] = [
        migrations.CreateModel(
            name="Crisis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("touchpoint", models.CharField(blank=True, max_length=64)),
                (
                    "chart",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("negative", "Negative comments"),
                            ("complaints", "Complaint cases"),
                            ("severe", "Grave cases"),
                            ("words", "Crisis words"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Grave"),
                            (2, "Serious"),
                            (3, "Local"),
                        ],
                        default=3,
                    ),
                ),
                ("key", models.CharField(max_length=200, unique=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("opened_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("dismissed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CrisisAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "chart",
                    models.CharField(
                        choices=[
                            ("negative", "Negative comments"),
                            ("complaints", "Complaint cases"),
                            ("severe", "Grave cases"),
                            ("words", "Crisis words"),
                        ],
                        max_length=16,
                    ),
                ),
                ("grain", models.CharField(choices=[("hour", "Hour"), ("day", "Day")], max_length=4)),
                ("place", models.CharField(blank=True, max_length=64)),
                ("touchpoint", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField()),
                ("n", models.PositiveIntegerField()),
                ("usual", models.FloatField()),
                ("limit", models.PositiveIntegerField()),
                ("p_value", models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name="CrisisCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="CrisisReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what_happened", models.TextField()),
                ("why", models.TextField()),
                ("what_changes", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="CrisisRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("cases", "Cases for all"), ("message", "Message to all")], max_length=8
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last", models.BigIntegerField(default=0)),
                ("n_done", models.PositiveIntegerField(default=0)),
                ("left_out", models.JSONField(default=dict)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CrisisTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("text_zh", models.CharField(blank=True, max_length=300)),
                ("text_en", models.CharField(blank=True, max_length=300)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CrisisTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("statement", "Holding statement"), ("checklist", "Checklist")],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("text_zh", models.TextField()),
                ("text_en", models.TextField(blank=True)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["kind", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CrisisWatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("open", "Open a crisis"), ("propose", "Propose one to the leads")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("false_a_year", models.FloatField(default=2.0)),
                ("at_least", models.PositiveSmallIntegerField(default=5)),
                ("times", models.FloatField(default=2.0)),
                ("charts", models.JSONField(default=voiceloop.server.act.models.crisis.all_charts)),
                ("words", models.JSONField(default=voiceloop.server.act.models.crisis.first_words)),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text_zh", models.TextField(blank=True)),
                ("text_en", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="crisis",
            name="opened_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="crisis",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="crisis",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.unit"
            ),
        ),
        migrations.AddField(
            model_name="crisisalarm",
            name="crisis",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="alarms", to="act.crisis"
            ),
        ),
        migrations.AddField(
            model_name="crisiscase",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="crisiscase",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="crisis_links", to="act.case"
            ),
        ),
        migrations.AddField(
            model_name="crisiscase",
            name="crisis",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="act.crisis"
            ),
        ),
        migrations.AddField(
            model_name="crisisreview",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="crisisreview",
            name="crisis",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="review", to="act.crisis"
            ),
        ),
        migrations.AddField(
            model_name="crisisrun",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="crisisrun",
            name="crisis",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="act.crisis"
            ),
        ),
        migrations.AddField(
            model_name="crisistask",
            name="crisis",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="act.crisis"
            ),
        ),
        migrations.AddField(
            model_name="crisistask",
            name="done_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="crisistask",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="approved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="crisis",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="statements", to="act.crisis"
            ),
        ),
        migrations.AddField(
            model_name="crisisrun",
            name="statement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="act.statement",
            ),
        ),
        migrations.AddIndex(
            model_name="crisis",
            index=models.Index(
                condition=models.Q(("closed_at", None), ("dismissed_at", None)),
                fields=["opened_at"],
                name="crisis_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="crisisalarm",
            constraint=models.UniqueConstraint(
                fields=("chart", "grain", "place", "touchpoint", "at"), name="one_alarm_a_bin"
            ),
        ),
        migrations.AddConstraint(
            model_name="crisiscase",
            constraint=models.UniqueConstraint(fields=("crisis", "case"), name="one_link_a_case"),
        ),
    ]
