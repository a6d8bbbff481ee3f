from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import voiceloop.server.core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("act", "0012_crises"),
        ("core", "0003_no_index_on_the_first_transaction"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest_hour", models.PositiveSmallIntegerField(default=8)),
                ("digested_on", models.DateField(blank=True, null=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="act.businesscalendar",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_hours",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Robot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "flavour",
                    models.CharField(
                        choices=[
                            ("wecom", "WeCom"),
                            ("feishu", "Feishu"),
                            ("dingtalk", "DingTalk"),
                            ("slack", "Slack"),
                        ],
                        max_length=16,
                    ),
                ),
                ("address", voiceloop.server.core.fields.EncryptedTextField(editable=True)),
                (
                    "secret",
                    voiceloop.server.core.fields.EncryptedTextField(blank=True, editable=True, null=True),
                ),
                ("kinds", models.JSONField(blank=True, default=list)),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("per_hour", models.PositiveSmallIntegerField(default=20)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                        choices=[
                            ("assigned", "A case is given to me"),
                            ("mention", "Somebody mentions me"),
                            ("reply", "A customer of mine wrote"),
                            ("warning", "A promise is due soon"),
                            ("breach", "A promise was broken"),
                            ("approval", "A remedy waits for my decision"),
                            ("decision", "My remedy was decided"),
                            ("step", "A step waits for my department"),
                            ("green", "A case goes through the green channel"),
                            ("awoke", "A case that was put off is back"),
                            ("crisis", "A crisis opened"),
                            ("report", "A report is ready"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("is_shown", models.BooleanField(default=True)),
                (
                    "mail",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No e-mail"),
                            ("now", "E-mail at once"),
                            ("daily", "In the daily e-mail"),
                        ],
                        max_length=8,
                    ),
                ),
                ("mail_due_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="act.case",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="core.event"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-at"], name="notice_newest"),
                    models.Index(
                        condition=models.Q(("is_shown", True), ("seen_at", None)),
                        fields=["user"],
                        name="notice_unread",
                    ),
                    models.Index(
                        condition=models.Q(("mail_due_at__isnull", False), ("mailed_at", None)),
                        fields=["mail_due_at"],
                        name="notice_to_mail",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "event", "kind"), name="told_once")],
            },
        ),
        migrations.CreateModel(
            name="NoticeChoice",
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
                        choices=[
                            ("assigned", "A case is given to me"),
                            ("mention", "Somebody mentions me"),
                            ("reply", "A customer of mine wrote"),
                            ("warning", "A promise is due soon"),
                            ("breach", "A promise was broken"),
                            ("approval", "A remedy waits for my decision"),
                            ("decision", "My remedy was decided"),
                            ("step", "A step waits for my department"),
                            ("green", "A case goes through the green channel"),
                            ("awoke", "A case that was put off is back"),
                            ("crisis", "A crisis opened"),
                            ("report", "A report is ready"),
                        ],
                        max_length=16,
                    ),
                ),
                ("in_app", models.BooleanField(default=True)),
                (
                    "mail",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No e-mail"),
                            ("now", "E-mail at once"),
                            ("daily", "In the daily e-mail"),
                        ],
                        max_length=8,
                    ),
                ),
                ("robot", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "kind"), name="one_choice_a_kind")],
            },
        ),
        migrations.CreateModel(
            name="RobotPost",
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
                        choices=[
                            ("assigned", "A case is given to me"),
                            ("mention", "Somebody mentions me"),
                            ("reply", "A customer of mine wrote"),
                            ("warning", "A promise is due soon"),
                            ("breach", "A promise was broken"),
                            ("approval", "A remedy waits for my decision"),
                            ("decision", "My remedy was decided"),
                            ("step", "A step waits for my department"),
                            ("green", "A case goes through the green channel"),
                            ("awoke", "A case that was put off is back"),
                            ("crisis", "A crisis opened"),
                            ("report", "A report is ready"),
                        ],
                        max_length=16,
                    ),
                ),
                ("names", models.JSONField(blank=True, default=list)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("said_at", models.DateTimeField(blank=True, null=True)),
                ("in_summary", models.BooleanField(default=False)),
                ("n_tries", models.PositiveSmallIntegerField(default=0)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="core.event"
                    ),
                ),
                (
                    "robot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="act.robot"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("failed_at", None), ("said_at", None)),
                        fields=["robot", "at"],
                        name="robot_waiting",
                    ),
                    models.Index(fields=["robot", "said_at"], name="robot_said"),
                ],
                "constraints": [models.UniqueConstraint(fields=("robot", "event"), name="said_once")],
            },
        ),
    ]
