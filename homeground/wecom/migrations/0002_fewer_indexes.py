"""Indexes that others make needless: a first sync writes each of them 300,000 times."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wecom', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='callback',
            name='key',
            field=models.CharField(help_text='SHA-256 of the decrypted XML.', max_length=64, verbose_name='摘要'),
        ),
        migrations.AddConstraint(
            model_name='callback',
            constraint=models.UniqueConstraint(fields=('key',), name='callback_once'),
        ),
        migrations.AlterField(
            model_name='externalcontact',
            name='external_userid',
            field=models.CharField(max_length=64, verbose_name='外部联系人 ID'),
        ),
        migrations.AddConstraint(
            model_name='externalcontact',
            constraint=models.UniqueConstraint(fields=('external_userid',), name='contact_once'),
        ),
        migrations.AlterField(
            model_name='follow',
            name='contact',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='wecom.externalcontact', verbose_name='外部联系人'),
        ),
        migrations.AlterField(
            model_name='follow',
            name='staff',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='follows', to='wecom.staff', verbose_name='员工'),
        ),
        migrations.AlterField(
            model_name='followtag',
            name='follow',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='follow_tags', to='wecom.follow'),
        ),
    ]
