"""People, with what Django cannot say: bigrams of names, the version of the warehouse's copy, the newest consents."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.db import migrations, models


BIGRAMS = """
CREATE FUNCTION people_bigrams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(lower(words), place, 2)), '{}')
    FROM generate_series(1, length(words) - 1) AS place
$$
"""

# Rows of one person may lie under several ids; a decision for every channel ("*") ends the older ones for single channels.
CONSENT_NOW = """
CREATE VIEW people_consent_now AS
SELECT customer_id, purpose, channel, is_granted, decided_at
FROM (
    SELECT *, max(decided_at) FILTER (WHERE channel = '*') OVER (PARTITION BY customer_id, purpose) AS all_decided_at
    FROM (
        SELECT DISTINCT ON (coalesce(customer.merged_into_id, customer.id), purpose, channel)
            coalesce(customer.merged_into_id, customer.id) AS customer_id, purpose, channel, is_granted, decided_at
        FROM people_consent AS consent
        JOIN people_customer AS customer ON customer.id = consent.customer_id
        ORDER BY 1, purpose, channel, decided_at DESC, is_granted
    ) AS newest
) AS newest
WHERE channel = '*' OR all_decided_at IS NULL OR decided_at >= all_decided_at
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL(BIGRAMS, "DROP FUNCTION people_bigrams"),
        migrations.RunSQL("CREATE SEQUENCE people_customer_version", "DROP SEQUENCE people_customer_version"),
        migrations.CreateModel(
            name='Attribute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, unique=True, verbose_name='标识')),
                ('label', models.CharField(blank=True, max_length=60, verbose_name='名称')),
                ('kind', models.CharField(choices=[('text', '文本'), ('number', '数值'), ('date', '日期'), ('flag', '是否')], default='text', max_length=6, verbose_name='类型')),
                ('is_personal', models.BooleanField(default=False, help_text='Masked, and never copied to the warehouse.', verbose_name='个人信息')),
            ],
            options={
                'verbose_name': '属性',
                'verbose_name_plural': '属性',
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='标签')),
                ('group', models.CharField(blank=True, max_length=60, verbose_name='标签组')),
            ],
            options={
                'verbose_name': '标签',
                'verbose_name_plural': '标签',
            },
        ),
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='我的品牌', max_length=60, verbose_name='品牌名称')),
                ('time_zone', models.CharField(default='Asia/Shanghai', help_text='Days on every page are days of this zone.', max_length=50, verbose_name='时区')),
                ('currency', models.CharField(default='CNY', help_text='ISO 4217. Sums count orders in this currency.', max_length=3, verbose_name='记账货币')),
            ],
            options={
                'verbose_name': '品牌',
                'verbose_name_plural': '品牌',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='brand_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=100, verbose_name='称呼')),
                ('source', models.CharField(blank=True, help_text='Where from: a code, a page, a file.', max_length=60, verbose_name='来源')),
                ('time_zone', models.CharField(blank=True, help_text="Empty: the brand's.", max_length=50, verbose_name='时区')),
                ('relation', models.CharField(choices=[('none', '无关系'), ('one_way', '单边关系'), ('two_way', '双边关系'), ('many_way', '多边关系')], default='none', max_length=10, verbose_name='关系阶段')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='When we first knew of them.', verbose_name='建档时间')),
                ('name_grams', models.GeneratedField(db_persist=True, expression=models.Func(django.db.models.functions.comparison.NullIf(models.F('name'), models.Value('')), function='people_bigrams'), help_text='Every two characters side by side: finds 小明 in 王小明 without reading the table.', output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None))),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, help_text='The survivor, never itself merged away: one step leads to it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='people.customer', verbose_name='已并入')),
            ],
            options={
                'verbose_name': '客户',
                'verbose_name_plural': '客户',
                'permissions': [('unmask_customer', '查看完整手机号与邮箱'), ('export_customer', '导出客户')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('promotion', '营销信息'), ('service', '服务通知'), ('personalisation', '个性化推荐')], max_length=20, verbose_name='用途')),
                ('channel', models.CharField(help_text='A channel of the channels room, or "*" for all.', max_length=20, verbose_name='渠道')),
                ('is_granted', models.BooleanField(verbose_name='是否同意')),
                ('proof', models.JSONField(help_text='What was shown and done: text, page, message, file and line.', verbose_name='凭证')),
                ('source', models.CharField(max_length=60, verbose_name='来源')),
                ('decided_at', models.DateTimeField(verbose_name='决定时间')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='记录时间')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='people.customer')),
            ],
            options={
                'verbose_name': '授权同意',
                'verbose_name_plural': '授权同意',
            },
        ),
        migrations.CreateModel(
            name='AttributeValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(help_text='Text; numbers as decimals, dates as YYYY-MM-DD, flags true/false.', max_length=1000, verbose_name='值')),
                ('source', models.CharField(max_length=60, verbose_name='来源')),
                ('said_at', models.DateTimeField(help_text='The newest wins.', verbose_name='记录时间')),
                ('attribute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.attribute')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attribute_values', to='people.customer')),
            ],
            options={
                'verbose_name': '属性值',
                'verbose_name_plural': '属性值',
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('phone', '手机号'), ('email', '邮箱'), ('member_no', '会员号'), ('unionid', '微信 UnionID'), ('openid', '微信 OpenID'), ('wecom_external', '企微外部联系人'), ('douyin', '抖音号'), ('user_id', '站点用户 ID'), ('device', '设备'), ('anonymous', '匿名 ID')], max_length=20, verbose_name='类型')),
                ('value', models.CharField(help_text='Normalised: phones in E.164 without +86, e-mails lower case.', max_length=255, verbose_name='值')),
                ('source', models.CharField(blank=True, max_length=60, verbose_name='来源')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='首次出现')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identities', to='people.customer')),
            ],
            options={
                'verbose_name': '身份标识',
                'verbose_name_plural': '身份标识',
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evidence', models.JSONField(help_text='The identities that joined them, or who said so.', verbose_name='依据')),
                ('merged_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='合并时间')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                ('undone_by', models.CharField(blank=True, max_length=150, verbose_name='撤销人')),
                ('absorbed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.customer', verbose_name='并入客户')),
                ('survivor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.customer', verbose_name='保留客户')),
            ],
            options={
                'verbose_name': '身份合并',
                'verbose_name_plural': '身份合并',
                'permissions': [('undo_merge', '撤销身份合并')],
            },
        ),
        migrations.CreateModel(
            name='MergeDoubt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evidence', models.JSONField(verbose_name='依据')),
                ('raised_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='发现时间')),
                ('decision', models.CharField(blank=True, choices=[('merged', '确认合并'), ('kept_apart', '不是同一人')], max_length=10, verbose_name='处理')),
                ('decided_by', models.CharField(blank=True, max_length=150, verbose_name='处理人')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customer')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customer')),
            ],
            options={
                'verbose_name': '疑似同一人',
                'verbose_name_plural': '疑似同一人',
            },
        ),
        migrations.CreateModel(
            name='RelationEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='事件')),
                ('stage', models.CharField(choices=[('none', '无关系'), ('one_way', '单边关系'), ('two_way', '双边关系'), ('many_way', '多边关系')], max_length=10, verbose_name='阶段')),
                ('first_at', models.DateTimeField(verbose_name='首次时间')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customer')),
            ],
            options={
                'verbose_name': '关系证据',
                'verbose_name_plural': '关系证据',
            },
        ),
        migrations.CreateModel(
            name='RelationMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(choices=[('none', '无关系'), ('one_way', '单边关系'), ('two_way', '双边关系'), ('many_way', '多边关系')], max_length=10, verbose_name='之前')),
                ('after', models.CharField(choices=[('none', '无关系'), ('one_way', '单边关系'), ('two_way', '双边关系'), ('many_way', '多边关系')], max_length=10, verbose_name='之后')),
                ('reasons', models.JSONField(help_text='Like ["commerce.order_paid"]: the kinds of evidence that count.', verbose_name='依据')),
                ('moved_at', models.DateTimeField(verbose_name='时间')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relation_moves', to='people.customer')),
            ],
            options={
                'verbose_name': '关系变化',
                'verbose_name_plural': '关系变化',
            },
        ),
        migrations.CreateModel(
            name='Stale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customer')),
            ],
            options={
                'verbose_name': '待同步',
                'verbose_name_plural': '待同步',
            },
        ),
        migrations.CreateModel(
            name='CustomerTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('manual', '手动'), ('rule', '规则'), ('import', '导入')], max_length=6, verbose_name='方式')),
                ('source', models.CharField(help_text='Who or what put it there.', max_length=150, verbose_name='来源')),
                ('tagged_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='打标时间')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='到期时间')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='customer_tags', to='people.customer')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='customer_tags', to='people.tag')),
            ],
            options={
                'verbose_name': '客户标签',
                'verbose_name_plural': '客户标签',
            },
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('name', ''), _negated=True), fields=['name'], name='customer_by_name', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['-created_at', '-id'], name='customer_newest_first'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('name', ''), _negated=True), fields=['name_grams'], name='customer_by_bigram'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='customer_absorbed'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('pk')), _negated=True), name='customer_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(fields=('customer', 'purpose', 'channel', 'decided_at', 'is_granted'), name='consent_decided_once'),
        ),
        migrations.AddConstraint(
            model_name='attributevalue',
            constraint=models.UniqueConstraint(fields=('customer', 'attribute'), name='attribute_once_per_customer'),
        ),
        migrations.AddIndex(
            model_name='identity',
            index=models.Index(fields=['value'], name='identity_by_prefix', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.UniqueConstraint(fields=('kind', 'value'), name='identity_leads_to_one_customer'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('absorbed',), name='customer_absorbed_once'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('survivor', models.F('absorbed')), _negated=True), name='merge_joins_two'),
        ),
        migrations.AddConstraint(
            model_name='mergedoubt',
            constraint=models.UniqueConstraint(fields=('one', 'other'), name='doubt_raised_once'),
        ),
        migrations.AddConstraint(
            model_name='mergedoubt',
            constraint=models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='doubt_in_order'),
        ),
        migrations.AddConstraint(
            model_name='relationevidence',
            constraint=models.UniqueConstraint(fields=('customer', 'name'), name='relation_evidence_once'),
        ),
        migrations.AddConstraint(
            model_name='relationmove',
            constraint=models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='relation_really_moved'),
        ),
        migrations.AddIndex(
            model_name='customertag',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='tag_due'),
        ),
        migrations.AddConstraint(
            model_name='customertag',
            constraint=models.UniqueConstraint(fields=('customer', 'tag'), name='tag_once_per_customer'),
        ),
        migrations.RunSQL(CONSENT_NOW, "DROP VIEW people_consent_now"),
    ]
