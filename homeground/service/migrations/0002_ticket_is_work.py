from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('service', '0001_initial')]
    operations = [
        migrations.AlterField(
            model_name='workminutes',
            name='kind',
            field=models.CharField(
                choices=[
                    ('wait', '待回复'), ('request', '好友申请'), ('ticket', '工单'), ('mass_send', '群发确认'),
                    ('moment', '朋友圈发表'), ('hand', '交办任务'), ('campaign', '活动任务'), ('birthday', '生日祝福'),
                    ('follow_up', '定期跟进'), ('care', '关怀轮次'),
                ],
                max_length=9, unique=True, verbose_name='工作',
            ),
        ),
    ]
