from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('content', '0002_moments_and_replies')]
    operations = [
        migrations.CreateModel(
            name='FeedCount',
            fields=[
                ('question', models.CharField(help_text='SHA-256 of what was asked.', max_length=64, primary_key=True, serialize=False)),
                ('answer', models.JSONField(help_text='The rows of the statements.')),
                ('counted_at', models.DateTimeField(verbose_name='统计时间')),
                ('fresh_until', models.DateTimeField(help_text='From then on it is counted anew when somebody looks.', verbose_name='最新至')),
            ],
            options={'verbose_name': '朋友圈效果统计', 'verbose_name_plural': '朋友圈效果统计', 'abstract': False},
        ),
    ]
