"""Input of operators who play with the sandbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.sandbox.models import Corp, Fault, Gateway


class SearchForm(forms.Form):
    """Which phones."""

    q = forms.CharField(
        label=_("手机地址"),
        max_length=255,
        required=False,
        widget=forms.TextInput({"placeholder": _("开头几位，如 138")}),
    )


class MemberSearchForm(SearchForm):
    """Which members of staff."""

    q = forms.CharField(
        label=_("员工"),
        max_length=64,
        required=False,
        widget=forms.TextInput({"placeholder": _("姓名或账号开头")}),
    )


class ContactSearchForm(SearchForm):
    """Which customers of the corp."""

    q = forms.CharField(
        label=_("客户"),
        max_length=64,
        required=False,
        widget=forms.TextInput({"placeholder": _("昵称或 ID 开头")}),
    )


class GatewayForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the gateway misbehaves."""

    class Meta:
        model = Gateway
        fields = ("fault", "faults_left", "silent_seconds", "receipt_delay_seconds", "is_repeating")
        labels = {
            "fault": _("接下来的请求"),
            "faults_left": _("影响几次请求"),
            "silent_seconds": _("不回应时等几秒"),
            "receipt_delay_seconds": _("回执晚到几秒"),
            "is_repeating": _("每条回执发两次"),
        }
        help_texts = dict.fromkeys(fields, "")

    silent_seconds = forms.IntegerField(label=_("不回应时等几秒"), min_value=0, max_value=120)
    receipt_delay_seconds = forms.IntegerField(label=_("回执晚到几秒"), min_value=0, max_value=3600)


class AnswerForm(forms.Form):
    """What the customer writes."""

    text = forms.CharField(label=_("回复"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class HireForm(forms.Form):
    """A new member of staff."""

    userid = forms.RegexField(
        regex=r"^[A-Za-z0-9][A-Za-z0-9_.@-]*$", label=_("账号"), max_length=64, help_text=_("如 zhangwei，之后不能改。")
    )
    name = forms.CharField(label=_("姓名"), max_length=20)
    position = forms.CharField(label=_("职务"), max_length=20, required=False)


class NewContactForm(forms.Form):
    """A person with WeChat."""

    name = forms.CharField(label=_("微信昵称"), max_length=30)
    mobile = forms.RegexField(
        regex=r"^1\d{10}$", label=_("手机号"), required=False, help_text=_("可不填；员工把它写进备注后，品牌才知道。")
    )


class CallbackForm(forms.Form):
    """Where events go."""

    url = forms.CharField(label=_("回调地址"), max_length=500, required=False, help_text=_("留空则不推送任何事件。"))


class CallbackFaultForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the next callbacks go wrong."""

    class Meta:
        model = Corp
        fields = ("callback_fault", "callback_faults_left", "callback_delay_seconds")
        labels = {
            "callback_fault": _("接下来的回调"),
            "callback_faults_left": _("影响几条"),
            "callback_delay_seconds": _("晚到几秒"),
        }
        help_texts = dict.fromkeys(fields, "")

    callback_delay_seconds = forms.IntegerField(label=_("晚到几秒"), min_value=0, max_value=3600)


class ApiFaultForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the next API calls meet."""

    class Meta:
        model = Fault
        fields = ("api", "kind", "errcode", "seconds", "times_left")
        labels = {"times_left": _("影响几次"), "seconds": _("不回应时等几秒")}
        help_texts = {**dict.fromkeys(fields, ""), "api": _("如 externalcontact/get；留空则所有接口。")}

    seconds = forms.IntegerField(label=_("不回应时等几秒"), min_value=0, max_value=60, initial=15)
    times_left = forms.IntegerField(label=_("影响几次"), min_value=1, max_value=10_000, initial=1)


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Rules that the platform keeps for this corp."""

    class Meta:
        model = Corp
        fields = (
            "mass_rule",
            "dispatch_seconds",
            "calls_per_minute",
            "calls_per_hour",
            "is_developer_bound",
            "tells_of_api_actions",
        )
        help_texts = {
            **dict.fromkeys(fields, ""),
            "dispatch_seconds": _("群发任务创建后，这么久查不到结果，和平台一样。"),
            "is_developer_bound": _("绑定后，客户资料里带 UnionID。"),
            "tells_of_api_actions": _("平台从不为接口操作发回调；只为测试打开。"),
        }


class ArchiveForm(forms.Form):
    """Whether what is said goes to the product."""

    is_on = forms.BooleanField(label=_("把聊天推送给品牌"), required=False)
    token = forms.CharField(
        label=_("API 令牌"),
        max_length=200,
        required=False,
        help_text=_("在「数据接入」里新建一个可管理的令牌，粘贴到这里；留空则用已保存的。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class SimulateForm(forms.Form):
    """A whole corp from a seed."""

    staff = forms.IntegerField(label=_("员工"), min_value=1, max_value=2000, initial=10)
    customers = forms.IntegerField(label=_("客户"), min_value=0, max_value=500_000, initial=1000)
    seed = forms.IntegerField(label=_("种子"), min_value=0, max_value=999_999, initial=1)


class LiveForm(forms.Form):
    """Days of its life."""

    days = forms.IntegerField(label=_("天数"), min_value=1, max_value=30, initial=1)
    most = forms.IntegerField(label=_("每天动作"), min_value=1, max_value=5000, initial=200)
