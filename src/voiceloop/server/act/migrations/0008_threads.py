from __future__ import annotations

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import voiceloop.server.act.models.thread
import voiceloop.server.core.fields

CHANNELS = [("email", "E-mail"), ("chat", "Web chat"), ("wechat", "WeChat")]
NOW = django.utils.timezone.now
KINDS = [(1, "Case"), (2, "Post"), (3, "Note"), (4, "Contact"), (5, "Resolution")]


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def sealed(*, null: bool = True) -> voiceloop.server.core.fields.EncryptedTextField:
    more = {"blank": True, "null": True} if null else {}
    return voiceloop.server.core.fields.EncryptedTextField(editable=True, **more)


def of(model: str, name: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(
        **{"to": model, "on_delete": django.db.models.deletion.CASCADE, "related_name": name, **more}
    )


PROTECT, SET_NULL = django.db.models.deletion.PROTECT, django.db.models.deletion.SET_NULL


def one(model: str, name: str) -> models.OneToOneField:
    return models.OneToOneField(null=True, on_delete=SET_NULL, related_name=name, to=model)


class Migration(migrations.Migration):
    dependencies = [
        ("act", "0007_priority"),
        ("collect", "0009_notes_on_an_import"),
        ("core", "0003_no_index_on_the_first_transaction"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inlet",
            fields=[
                ("id", key()),
                ("channel", models.CharField(choices=CHANNELS, max_length=16)),
                ("name", models.CharField(max_length=80)),
                (
                    "slug",
                    models.CharField(
                        default=voiceloop.server.act.models.thread._slug, max_length=24, unique=True
                    ),
                ),
                ("is_open", models.BooleanField(default=True)),
                ("greeting", models.CharField(blank=True, max_length=300)),
                ("app_id", models.CharField(blank=True, max_length=80)),
                ("token", sealed()),
                ("secret", sealed()),
                ("read_to", models.CharField(blank=True, max_length=40)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("unit", of("core.unit", "+", on_delete=PROTECT)),
            ],
            options={"ordering": ["channel", "name"]},
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", key()),
                ("channel", models.CharField(choices=[*CHANNELS, ("phone", "Phone")], max_length=16)),
                ("address", sealed(null=False)),
                (
                    "address_index",
                    voiceloop.server.core.fields.BlindIndexField(
                        db_index=True, editable=False, max_length=16, null=True
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(default=NOW)),
                ("heard_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("bounced_at", models.DateTimeField(blank=True, null=True)),
                ("case", of("act.case", "threads")),
                ("conversation", one("collect.conversation", "thread")),
                ("customer", of("collect.customer", "threads", null=True)),
                ("inlet", of("act.inlet", "threads", null=True, on_delete=SET_NULL)),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", key()),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "From the customer"), ("out", "From us"), ("talk", "Talk")],
                        max_length=4,
                    ),
                ),
                ("at", models.DateTimeField(default=NOW)),
                ("key", models.CharField(max_length=120, unique=True)),
                ("text", models.TextField(blank=True)),
                ("as_typed", sealed()),
                ("quoted", models.TextField(blank=True)),
                ("external_id", models.CharField(blank=True, max_length=250)),
                ("is_automatic", models.BooleanField(default=False)),
                ("refused", models.JSONField(blank=True, default=list)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("by", of(settings.AUTH_USER_MODEL, "+", null=True, on_delete=PROTECT)),
                ("contact", one("act.contact", "post")),
                ("message", one("collect.message", "post")),
                ("thread", of("act.thread", "posts", db_index=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["thread", "at"], name="post_of_thread"),
                    models.Index(condition=~Q(external_id=""), fields=["external_id"], name="post_external"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", key()),
                ("name", models.CharField(max_length=160)),
                ("kind", models.CharField(max_length=80)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("post", of("act.post", "attachments")),
            ],
        ),
        migrations.CreateModel(
            name="Said",
            fields=[
                ("id", key()),
                ("kind", models.PositiveSmallIntegerField(choices=KINDS)),
                ("source", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
                ("case", of("act.case", "+")),
                ("unit", of("core.unit", "+", db_index=False, on_delete=PROTECT)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["terms"], name="said_terms"),
                    models.Index(fields=["-at"], name="said_newest"),
                    models.Index(fields=["unit", "-at"], name="said_newest_in"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "source"), name="a_text_is_said_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SaidMark",
            fields=[
                ("id", key()),
                ("kind", models.PositiveSmallIntegerField(unique=True)),
                ("upto", models.BigIntegerField(default=0)),
            ],
        ),
    ]
