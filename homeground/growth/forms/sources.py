"""Sources and their costs as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.core import money
from homeground.growth.forms.fields import PercentField
from homeground.growth.models import Source
from homeground.growth.services.sources import CostGiven
from homeground.ui.forms import DateInput

_FILE_BYTES = 5 * 1024 * 1024


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """A source."""

    expected_entry_bp = PercentField(
        label=_("预期进入私域的比例（%）"), required=False, min_value=0.01, max_value=100,
        help_text=_("自媒体账号通常九成粉丝留在账号，只有咨询的一成左右会进来；偏离一倍以上才提醒。"),
    )  # fmt: skip

    class Meta:
        model = Source
        fields = ["name", "kind", "route", "sale", "followers", "expected_entry_bp", "note", "is_retired"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


class CostForm(forms.Form):
    """One cost of a source."""

    from_on = forms.DateField(label=_("开始日"), widget=DateInput)
    until_on = forms.DateField(label=_("结束日"), widget=DateInput)
    amount = forms.DecimalField(label=_("金额"), min_value=0, max_value=10**11, decimal_places=3)
    note = forms.CharField(label=_("说明"), max_length=100, required=False)

    def said(self, source: Source, currency: str) -> CostGiven:
        given: dict[str, Any] = self.cleaned_data
        amount = money.to_minor(given["amount"], currency)
        return CostGiven(source.pk, given["from_on"], given["until_on"], amount, given["note"].strip())


class CostFileForm(forms.Form):
    """A file of costs."""

    file = forms.FileField(label=_("CSV 文件"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > _FILE_BYTES:
            raise forms.ValidationError(_("文件最大 5 MB。"))
        return file
