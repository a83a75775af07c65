"""Input on the customer card."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.service import lunar
from homeground.service.models import Queue


class TagForm(forms.Form):
    """A tag to put on or take off."""

    name = forms.CharField(label=gettext_lazy("标签"), max_length=60)


class NoteForm(forms.Form):
    """What was learned."""

    text = forms.CharField(label=gettext_lazy("记录"), max_length=1000)


class LimitForm(forms.Form):
    """What is not to be said."""

    text = forms.CharField(label=gettext_lazy("不要提"), max_length=100)


class PassOnForm(forms.Form):
    """A matter for the expert or for after-sales."""

    queue = forms.ChoiceField(label=gettext_lazy("交给谁"), choices=Queue.choices)
    text = forms.CharField(label=gettext_lazy("客户遇到了什么"), max_length=2000)


class LiftForm(forms.Form):
    """A limit that is over."""

    limit = forms.IntegerField(min_value=1)


class IntervalForm(forms.Form):
    """In how many days the customer is due again; empty: as the rules say."""

    days = forms.IntegerField(label=gettext_lazy("间隔天数"), required=False, min_value=0, max_value=730)


class BirthdayForm(forms.Form):
    """A birthday by one calendar or the other."""

    calendar = forms.ChoiceField(
        label=gettext_lazy("历法"), choices=[("solar", gettext_lazy("公历")), ("lunar", gettext_lazy("农历"))]
    )
    birthday = forms.CharField(label=gettext_lazy("生日"), max_length=20)

    def clean(self) -> None:
        """A solar day as YYYY-MM-DD; a lunar one as people write it."""
        text, calendar = self.cleaned_data.get("birthday", ""), self.cleaned_data.get("calendar")
        if calendar == "lunar" and text and lunar.read(text) is None:
            self.add_error("birthday", _("农历生日请写成 08-15、闰4-10 或 八月十五。"))
        if calendar == "solar" and text:
            try:
                forms.DateField(input_formats=["%Y-%m-%d"]).clean(text)
            except forms.ValidationError:
                self.add_error("birthday", _("公历生日请写成 1990-08-15。"))
