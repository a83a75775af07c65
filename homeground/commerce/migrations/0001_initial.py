"""Orders, refunds, their lines, products."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=100, unique=True, verbose_name='商品编码')),
                ('name', models.CharField(blank=True, max_length=255, verbose_name='名称')),
            ],
            options={
                'verbose_name': '商品',
                'verbose_name_plural': '商品',
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_no', models.CharField(max_length=100, unique=True, verbose_name='订单号')),
                ('kind', models.CharField(choices=[('sale', '销售'), ('adjustment', '调账')], default='sale', max_length=10, verbose_name='类型')),
                ('source', models.CharField(max_length=60, verbose_name='来源')),
                ('currency', models.CharField(max_length=3, verbose_name='货币')),
                ('amount_minor', models.BigIntegerField(help_text='Minor unit, after discounts; the exact line total rounded once.', verbose_name='实付金额')),
                ('paid_at', models.DateTimeField(verbose_name='支付时间')),
                ('content_hash', models.CharField(help_text='Of all that was reported: the same report changes nothing.', max_length=64)),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.customer', verbose_name='客户')),
            ],
            options={
                'verbose_name': '订单',
                'verbose_name_plural': '订单',
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.PositiveIntegerField(verbose_name='行号')),
                ('quantity', models.IntegerField(verbose_name='数量')),
                ('unit_price', models.DecimalField(decimal_places=6, help_text='Major unit, as reported.', max_digits=18, verbose_name='单价')),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='commerce.order')),
                ('product', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commerce.product', verbose_name='商品')),
            ],
            options={
                'verbose_name': '订单行',
                'verbose_name_plural': '订单行',
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('refund_no', models.CharField(max_length=100, unique=True, verbose_name='退款号')),
                ('source', models.CharField(max_length=60, verbose_name='来源')),
                ('currency', models.CharField(max_length=3, verbose_name='货币')),
                ('amount_minor', models.BigIntegerField(help_text='Minor unit; zero or above.', verbose_name='退款金额')),
                ('refunded_at', models.DateTimeField(verbose_name='退款时间')),
                ('content_hash', models.CharField(max_length=64)),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.customer', verbose_name='客户')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='commerce.order', verbose_name='订单')),
            ],
            options={
                'verbose_name': '退款',
                'verbose_name_plural': '退款',
            },
        ),
        migrations.CreateModel(
            name='RefundLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.PositiveIntegerField(verbose_name='行号')),
                ('quantity', models.PositiveIntegerField(verbose_name='数量')),
                ('unit_price', models.DecimalField(decimal_places=6, max_digits=18, verbose_name='单价')),
                ('product', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commerce.product', verbose_name='商品')),
                ('refund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='commerce.refund')),
            ],
            options={
                'verbose_name': '退款行',
                'verbose_name_plural': '退款行',
            },
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['customer', '-paid_at'], name='order_by_customer'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['paid_at'], name='order_by_day'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'adjustment'), ('amount_minor__gte', 0), _connector='OR'), name='order_amount_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'line_no'), name='order_line_once'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(fields=['customer', '-refunded_at'], name='refund_by_customer'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0)), name='refund_amount_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.UniqueConstraint(fields=('refund', 'line_no'), name='refund_line_once'),
        ),
    ]
