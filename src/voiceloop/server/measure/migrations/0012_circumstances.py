
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_no_index_on_the_first_transaction"),
        ("measure", "0011_page_of_a_view"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="benchmark",
            name="country",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="benchmark",
            name="industry",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="benchmark",
            name="mode",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="benchmark",
            name="size",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.CreateModel(
            name="OwnCircumstances",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("industry", models.CharField(blank=True, max_length=64)),
                ("size", models.CharField(blank=True, max_length=64)),
                ("country", models.CharField(blank=True, max_length=64)),
                ("mode", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
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
                "abstract": False,
            },
        ),
    ]
