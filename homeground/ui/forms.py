"""How every form looks: Django's own rendering, with the kit's classes and templates. Set as FORM_RENDERER."""

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template
from django.utils.translation import gettext as _

_DASHES = BLANK_CHOICE_DASH[0][1]
_PLAIN = (forms.CheckboxSelectMultiple, forms.RadioSelect, forms.HiddenInput)


class Field(BoundField):
    """A field whose widget carries the kit's classes, and whose empty choice says what to do."""

    def __init__(self, form: Any, field: Any, name: str) -> None:
        super().__init__(form, field, name)
        if getattr(field, "empty_label", None) == _DASHES:
            field.empty_label = _("请选择")
        elif not hasattr(field, "queryset") and isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            field.choices = [(key, _("请选择") if label == _DASHES else label) for key, label in choices]

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Django's attributes and the class of this kind of widget, after those that the form gave it."""
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        given = [attrs.get("class"), widget.attrs.get("class"), _class_of(widget)]
        if classes := " ".join(name for name in given if name):
            attrs["class"] = classes
        return attrs

    @property
    def is_switch(self) -> bool:
        """One box to tick, so the label stands behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_choice_list(self) -> bool:
        """A list of boxes or buttons, so the label is the legend of a group."""
        return isinstance(self.field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect)


class Renderer(DjangoTemplates):
    """Renders `{{ form }}` and `{{ form.name.as_field_group }}` by the kit."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    bound_field_class = Field

    def get_template(self, template_name: str) -> Any:
        """The kit's templates from our loaders, Django's widgets from Django."""
        return get_template(template_name) if template_name.startswith("ui/") else super().get_template(template_name)


class DateInput(forms.DateInput):
    """A day, by the browser's own picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and a time of the brand's zone, by the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class PickMany(forms.SelectMultiple):
    """Several of a list, with search (tom-select)."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-pick": "", **(attrs or {})}, choices)


class PickOne(forms.Select):
    """One of a long list, with search (tom-select)."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-pick": "", **(attrs or {})}, choices)


def _class_of(widget: Any) -> str:
    if isinstance(widget, _PLAIN):
        return ""
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
