"""客户: one person as we know them, and everything we know about who they are."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now, NullIf
from django.utils.translation import gettext_lazy as _


class Brand(models.Model):
    """品牌: whose ground this is. One row."""

    name = models.CharField("品牌名称", max_length=60, default="我的品牌")
    time_zone = models.CharField(
        "时区", max_length=50, default="Asia/Shanghai", help_text="Days on every page are days of this zone."
    )
    currency = models.CharField(
        "记账货币", max_length=3, default="CNY", help_text="ISO 4217. Sums count orders in this currency."
    )

    class Meta:
        verbose_name = verbose_name_plural = "品牌"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="brand_is_one_row")]


class Relation(models.TextChoices):
    """关系阶段 (M7): none → one-way (follows) → two-way (replies, buys) → many-way (brings or answers others)."""

    NONE = "none", _("无关系")
    ONE_WAY = "one_way", _("单边关系")
    TWO_WAY = "two_way", _("双边关系")
    MANY_WAY = "many_way", _("多边关系")


class Customer(models.Model):
    """客户: the root of the data. Never deleted by a merge: an absorbed one points to its survivor."""

    name = models.CharField("称呼", max_length=100, blank=True)
    source = models.CharField("来源", max_length=60, blank=True, help_text="Where from: a code, a page, a file.")
    time_zone = models.CharField("时区", max_length=50, blank=True, help_text="Empty: the brand's.")
    relation = models.CharField("关系阶段", max_length=10, choices=Relation.choices, default=Relation.NONE)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="absorbed",
        verbose_name="已并入",
        db_index=False,
        help_text="The survivor, never itself merged away: one step leads to it.",
    )
    created_at = models.DateTimeField("建档时间", db_default=Now(), help_text="When we first knew of them.")
    name_grams = models.GeneratedField(
        expression=Func(NullIf(F("name"), Value("")), function="people_bigrams"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        help_text="Every two characters side by side: finds 小明 in 王小明 without reading the table.",
    )

    class Meta:
        verbose_name = verbose_name_plural = "客户"
        permissions = [("unmask_customer", "查看完整手机号与邮箱"), ("export_customer", "导出客户")]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="customer_not_merged_into_itself")
        ]
        indexes = [
            # Most customers have no name: what every insert pays for is kept small.
            models.Index(
                fields=["name"], name="customer_by_name", opclasses=["varchar_pattern_ops"], condition=~Q(name="")
            ),
            models.Index(fields=["-created_at", "-id"], name="customer_newest_first"),
            GinIndex(fields=["name_grams"], name="customer_by_bigram", condition=~Q(name="")),
            models.Index(fields=["merged_into"], name="customer_absorbed", condition=Q(merged_into__isnull=False)),
        ]


class Identity(models.Model):
    """身份标识: one key that leads to one customer."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("手机号")
        EMAIL = "email", _("邮箱")
        MEMBER_NO = "member_no", _("会员号")
        UNIONID = "unionid", _("微信 UnionID")
        OPENID = "openid", _("微信 OpenID")
        WECOM_EXTERNAL = "wecom_external", _("企微外部联系人")
        DOUYIN = "douyin", _("抖音号")
        USER_ID = "user_id", _("站点用户 ID")
        DEVICE = "device", _("设备")
        ANONYMOUS = "anonymous", _("匿名 ID")

    # One person has one of each; two different values mean two persons until someone says otherwise.
    STRONG = (Kind.PHONE, Kind.EMAIL, Kind.MEMBER_NO, Kind.UNIONID, Kind.USER_ID)

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="identities")
    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    value = models.CharField(
        "值", max_length=255, help_text="Normalised: phones in E.164 without +86, e-mails lower case."
    )
    source = models.CharField("来源", max_length=60, blank=True)
    created_at = models.DateTimeField("首次出现", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "身份标识"
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identity_leads_to_one_customer")]
        indexes = [models.Index(fields=["value"], name="identity_by_prefix", opclasses=["varchar_pattern_ops"])]


class Merge(models.Model):
    """身份合并: two customers found to be one person, with the evidence; can be undone."""

    survivor = models.ForeignKey(Customer, models.PROTECT, related_name="+", verbose_name="保留客户")
    absorbed = models.ForeignKey(Customer, models.PROTECT, related_name="+", verbose_name="并入客户")
    evidence = models.JSONField("依据", help_text="The identities that joined them, or who said so.")
    merged_at = models.DateTimeField("合并时间", db_default=Now())
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.CharField("撤销人", max_length=150, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "身份合并"
        permissions = [("undo_merge", "撤销身份合并")]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at__isnull=True), name="customer_absorbed_once"
            ),
            models.CheckConstraint(condition=~Q(survivor=F("absorbed")), name="merge_joins_two"),
        ]


class MergeDoubt(models.Model):
    """疑似同一人: evidence that would join customers whose strong identities differ; a person decides."""

    one = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    evidence = models.JSONField("依据")
    raised_at = models.DateTimeField("发现时间", db_default=Now())
    decision = models.CharField(
        "处理", max_length=10, blank=True, choices=[("merged", _("确认合并")), ("kept_apart", _("不是同一人"))]
    )
    decided_by = models.CharField("处理人", max_length=150, blank=True)
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "疑似同一人"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="doubt_raised_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="doubt_in_order"),
        ]


class Attribute(models.Model):
    """属性: an entry of the attribute dictionary, so that rules can be checked."""

    class Kind(models.TextChoices):
        TEXT = "text", _("文本")
        NUMBER = "number", _("数值")
        DATE = "date", _("日期")
        FLAG = "flag", _("是否")

    key = models.SlugField("标识", max_length=60, unique=True)
    label = models.CharField("名称", max_length=60, blank=True)
    kind = models.CharField("类型", max_length=6, choices=Kind.choices, default=Kind.TEXT)
    is_personal = models.BooleanField("个人信息", default=False, help_text="Masked, and never copied to the warehouse.")

    class Meta:
        verbose_name = verbose_name_plural = "属性"


class AttributeValue(models.Model):
    """属性值: what one customer is said to be, and who said so (M34)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="attribute_values")
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="+")
    value = models.CharField(
        "值", max_length=1000, help_text="Text; numbers as decimals, dates as YYYY-MM-DD, flags true/false."
    )
    source = models.CharField("来源", max_length=60)
    said_at = models.DateTimeField("记录时间", help_text="The newest wins.")

    class Meta:
        verbose_name = verbose_name_plural = "属性值"
        constraints = [models.UniqueConstraint(fields=["customer", "attribute"], name="attribute_once_per_customer")]


class Tag(models.Model):
    """标签"""

    name = models.CharField("标签", max_length=60, unique=True)
    group = models.CharField("标签组", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "标签"


class CustomerTag(models.Model):
    """客户标签: put on by a person, a rule or an import; may expire (M28)."""

    class Origin(models.TextChoices):
        MANUAL = "manual", _("手动")
        RULE = "rule", _("规则")
        IMPORT = "import", _("导入")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="customer_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="customer_tags")
    origin = models.CharField("方式", max_length=6, choices=Origin.choices)
    source = models.CharField("来源", max_length=150, help_text="Who or what put it there.")
    tagged_at = models.DateTimeField("打标时间", db_default=Now())
    expires_at = models.DateTimeField("到期时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "客户标签"
        constraints = [models.UniqueConstraint(fields=["customer", "tag"], name="tag_once_per_customer")]
        indexes = [models.Index(fields=["expires_at"], name="tag_due", condition=Q(expires_at__isnull=False))]


class Consent(models.Model):
    """授权同意: one decision on one purpose and channel. Rows are added, never changed; the newest counts."""

    class Purpose(models.TextChoices):
        PROMOTION = "promotion", _("营销信息")
        SERVICE = "service", _("服务通知")
        PERSONALISATION = "personalisation", _("个性化推荐")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="consents")
    purpose = models.CharField("用途", max_length=20, choices=Purpose.choices)
    channel = models.CharField("渠道", max_length=20, help_text='A channel of the channels room, or "*" for all.')
    is_granted = models.BooleanField("是否同意")
    proof = models.JSONField("凭证", help_text="What was shown and done: text, page, message, file and line.")
    source = models.CharField("来源", max_length=60)
    decided_at = models.DateTimeField("决定时间")
    recorded_at = models.DateTimeField("记录时间", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "授权同意"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose", "channel", "decided_at", "is_granted"],
                name="consent_decided_once",
            )
        ]


class RelationEvidence(models.Model):
    """关系证据: kinds of events that say how close a customer stands; kept under the id they were told of."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    name = models.CharField("事件", max_length=200)
    stage = models.CharField("阶段", max_length=10, choices=Relation.choices)
    first_at = models.DateTimeField("首次时间")

    class Meta:
        verbose_name = verbose_name_plural = "关系证据"
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="relation_evidence_once")]


class RelationMove(models.Model):
    """关系变化: a move between relation stages, with the evidence (M6, M7)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="relation_moves")
    before = models.CharField("之前", max_length=10, choices=Relation.choices)
    after = models.CharField("之后", max_length=10, choices=Relation.choices)
    reasons = models.JSONField("依据", help_text='Like ["commerce.order_paid"]: the kinds of evidence that count.')
    moved_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "关系变化"
        constraints = [models.CheckConstraint(condition=~Q(before=F("after")), name="relation_really_moved")]


class Stale(models.Model):
    """待同步: customers whose copy in the warehouse is older than their rows here. Emptied by the worker."""

    # Written from the table of customers itself and gone within seconds.
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_constraint=False, db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = "待同步"
