import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sandbox', '0002_corp'),
    ]

    operations = [
        migrations.CreateModel(
            name='Strategy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64, verbose_name='名称')),
                ('admins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None, verbose_name='管理员')),
                ('privilege', models.JSONField(default=dict, verbose_name='权限')),
                ('created_at', models.DateTimeField(verbose_name='创建时间')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='sandbox.strategy', verbose_name='上级规则组')),
            ],
            options={
                'verbose_name': '沙盒规则组',
                'verbose_name_plural': '沙盒规则组',
            },
        ),
        migrations.CreateModel(
            name='StrategyNode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('userid', models.CharField(blank=True, max_length=64, verbose_name='员工账号')),
                ('party', models.PositiveIntegerField(default=0, verbose_name='部门 ID')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nodes', to='sandbox.strategy')),
            ],
            options={
                'verbose_name': '沙盒规则组范围',
                'verbose_name_plural': '沙盒规则组范围',
                'constraints': [models.UniqueConstraint(fields=('strategy', 'userid', 'party'), name='sandbox_strategy_node_once'), models.CheckConstraint(condition=models.Q(models.Q(('party__gt', 0), ('userid', '')), models.Q(('party', 0), ('userid__gt', '')), _connector='OR'), name='sandbox_strategy_node_is_one')],
            },
        ),
    ]
