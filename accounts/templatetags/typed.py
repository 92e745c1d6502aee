from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context

from config.typed import typed

register = template.Library()


@register.simple_tag(takes_context=True)
def retype(context: Context, field: BoundField) -> str:
    """Show in it what was typed into a form that could not be taken (config/stale_forms.py)."""
    said = typed(context["request"]) if "request" in context else None
    if not said or field.form.is_bound:
        return ""
    value: Any = field.field.widget.value_from_datadict(said, {}, field.html_name)
    omitted = field.field.widget.value_omitted_from_data(said, {}, field.html_name)
    if not omitted and not field.field.disabled:
        field.initial = field.field.bound_data(value, field.initial)
    return ""
