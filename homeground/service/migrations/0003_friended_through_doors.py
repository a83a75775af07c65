from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('service', '0002_ticket_is_work')]
    operations = [
        migrations.AlterField(
            model_name='scoregoal',
            name='metric',
            field=models.CharField(
                choices=[
                    ('friended', '入口加好友率'), ('accepted', '申请通过及时率'), ('answered', '回复及时率'),
                    ('cared', '互动覆盖率'), ('converted', '转化率'),
                ],
                max_length=9, verbose_name='指标',
            ),
        ),
    ]
