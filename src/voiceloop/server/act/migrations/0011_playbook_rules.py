import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('act', '0010_routing'),
        ('collect', '0009_notes_on_an_import'),
    ]

    operations = [
        migrations.CreateModel(
            name='Playbook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=32, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='caretask',
            name='because',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='caretask',
            name='offer',
            field=models.CharField(blank=True, choices=[('trial', 'A trial'), ('voucher', 'A voucher for what they like'), ('priority', 'No waiting the next time'), ('listen', 'A talk about what was missing')], max_length=16),
        ),
        migrations.AddField(
            model_name='caretask',
            name='offered_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='caretask',
            name='taken_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='remedy',
            name='limit',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='remedy',
            name='reverses',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='act.remedy'),
        ),
        migrations.AlterField(
            model_name='remedy',
            name='at',
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now),
        ),
        migrations.CreateModel(
            name='Ambassador',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('link', 'Pressed the button of their own page'), ('phone', 'Said so on the phone'), ('writing', 'Said so in writing')], max_length=8)),
                ('consented_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='ambassador', to='collect.customer')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PlaybookVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('active', 'In use'), ('retired', 'Replaced')], default='draft', max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, max_length=80)),
                ('motto', models.CharField(blank=True, max_length=200)),
                ('motto_en', models.CharField(blank=True, max_length=200)),
                ('trigger', models.CharField(choices=[('detractor', 'A detractor answers'), ('passive', 'A passive answers'), ('promoter', 'A promoter answers'), ('at_risk', 'A customer may leave'), ('by_hand', 'A case is opened by hand'), ('crisis', 'A case is put into a crisis room')], max_length=12)),
                ('conditions', models.JSONField(blank=True, default=dict)),
                ('steps', models.JSONField(blank=True, default=list)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('activated_at', models.DateTimeField(blank=True, null=True)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('activated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='act.playbook')),
            ],
            options={
                'ordering': ['playbook', '-number'],
            },
        ),
        migrations.CreateModel(
            name='PlaybookRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('running', 'Under way'), ('done', 'Done'), ('stopped', 'Stopped')], default='running', max_length=8)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='playbook_run', to='act.case')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collect.customer')),
                ('response', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='playbook_run', to='collect.response')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='act.playbookversion')),
            ],
        ),
        migrations.CreateModel(
            name='DryRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(default=90)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('queued', 'Waiting to start'), ('running', 'Counting'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=8)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('n_done', models.PositiveIntegerField(default=0)),
                ('n_total', models.PositiveIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('result', models.JSONField(blank=True, default=dict)),
                ('error', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dry_runs', to='act.playbookversion')),
            ],
        ),
        migrations.CreateModel(
            name='SpendingLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(blank=True, max_length=16)),
                ('each', models.DecimalField(decimal_places=2, max_digits=10)),
                ('month', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('person', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='spending_limit', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['role', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StepRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('key', models.SlugField(max_length=32)),
                ('action', models.CharField(max_length=32)),
                ('is_automatic', models.BooleanField(default=False)),
                ('params', models.JSONField(blank=True, default=dict)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('open', 'To do'), ('done', 'Done'), ('skipped', 'Skipped'), ('failed', 'Failed'), ('returned', 'Given back')], default='waiting', max_length=8)),
                ('role', models.CharField(blank=True, max_length=16)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('n_tries', models.PositiveSmallIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('note', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='act.playbookrun')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'ordering': ['run', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reason', 'Reason'), ('theme', 'Theme'), ('cause', 'Root cause')], max_length=8)),
                ('subject', models.CharField(max_length=64)),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('said', models.CharField(max_length=200)),
                ('said_en', models.CharField(blank=True, max_length=200)),
                ('did', models.TextField(max_length=1000)),
                ('did_en', models.TextField(blank=True, max_length=1000)),
                ('rest_days', models.PositiveSmallIntegerField(default=30)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('sending', 'Being sent'), ('sent', 'Sent')], default='draft', max_length=8)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('n_total', models.PositiveIntegerField(default=0)),
                ('cursor', models.BigIntegerField(default=0)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_back_by', models.CharField(blank=True, choices=[('opted_out', 'Does not want to be written to'), ('rested', 'Heard from us not long ago'), ('no_address', 'No address')], max_length=12)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='collect.customer')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='collect.message')),
                ('telling', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='act.telling')),
            ],
        ),
        migrations.AddConstraint(
            model_name='playbookversion',
            constraint=models.UniqueConstraint(fields=('playbook', 'number'), name='one_playbook_a_number'),
        ),
        migrations.AddConstraint(
            model_name='playbookversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'active'])), fields=('playbook', 'state'), name='one_live_version'),
        ),
        migrations.AddIndex(
            model_name='playbookrun',
            index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='run_due'),
        ),
        migrations.AddIndex(
            model_name='playbookrun',
            index=models.Index(fields=['version', '-id'], name='run_newest'),
        ),
        migrations.AddConstraint(
            model_name='playbookrun',
            constraint=models.CheckConstraint(condition=models.Q(('case__isnull', False), ('response__isnull', False), _connector='OR'), name='a_run_is_about_something'),
        ),
        migrations.AddIndex(
            model_name='dryrun',
            index=models.Index(fields=['version', '-id'], name='dry_run_newest'),
        ),
        migrations.AddConstraint(
            model_name='spendinglimit',
            constraint=models.UniqueConstraint(condition=models.Q(('role', ''), _negated=True), fields=('role',), name='one_limit_a_role'),
        ),
        migrations.AddConstraint(
            model_name='spendinglimit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', ''), ('person__isnull', False)), models.Q(models.Q(('role', ''), _negated=True), ('person', None)), _connector='OR'), name='a_limit_is_of_a_role_or_a_person'),
        ),
        migrations.AddIndex(
            model_name='steprun',
            index=models.Index(condition=models.Q(('unit__isnull', False)), fields=['unit', 'state', 'due_at'], name='step_handed'),
        ),
        migrations.AddConstraint(
            model_name='steprun',
            constraint=models.UniqueConstraint(fields=('run', 'position'), name='one_step_a_position'),
        ),
        migrations.AddConstraint(
            model_name='steprun',
            constraint=models.UniqueConstraint(fields=('run', 'key'), name='one_step_a_key'),
        ),
        migrations.AddIndex(
            model_name='telling',
            index=models.Index(fields=['unit', '-id'], name='telling_newest'),
        ),
        migrations.AddIndex(
            model_name='told',
            index=models.Index(condition=models.Q(('held_back_by', '')), fields=['customer', '-at'], name='told_lately'),
        ),
        migrations.AddConstraint(
            model_name='told',
            constraint=models.UniqueConstraint(fields=('telling', 'customer'), name='told_a_customer_once'),
        ),
    ]
