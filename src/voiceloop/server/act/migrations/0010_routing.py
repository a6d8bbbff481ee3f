"""Who takes cases: what people can do, whether they are there; which cases go through the green channel."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import voiceloop.server.act.models.routing

STATUSES = [("available", "Available"), ("busy", "Busy"), ("away", "Away"), ("off", "Off work")]


def _id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("act", "0009_casework"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="AgentProfile",
            fields=[
                ("id", _id()),
                ("status", models.CharField(choices=STATUSES, default="available", max_length=12)),
                ("status_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("capacity", models.PositiveSmallIntegerField(default=20)),
                ("is_senior", models.BooleanField(default=False)),
                (
                    "languages",
                    models.JSONField(blank=True, default=voiceloop.server.act.models.routing.chinese),
                ),
                ("skills", models.JSONField(blank=True, default=dict)),
                ("video_url", models.URLField(blank=True, max_length=300)),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="act.businesscalendar",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="profile",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GreenCase",
            fields=[
                ("id", _id()),
                ("reason", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="green", to="act.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GreenRule",
            fields=[
                ("id", _id()),
                ("tiers", models.JSONField(blank=True, default=list)),
                ("severities", models.JSONField(blank=True, default=list)),
                ("reopenings", models.PositiveSmallIntegerField(default=2)),
                ("minutes", models.PositiveIntegerField(default=30)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                condition=models.Q(("resolved_at", None)),
                fields=["owner"],
                include=("priority", "due_at", "first_contact_at"),
                name="case_load",
            ),
        ),
    ]
