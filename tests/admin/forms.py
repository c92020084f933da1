"""What a browser would send back: the values of the form of an admin page."""

from django.db.models.fields.files import FieldFile


def values_of(form):
    """The posted values of a bound or unbound form, as it was shown."""
    values = {}
    for bound in form:
        value = bound.value()
        widget = getattr(bound.field.widget, "widget", bound.field.widget)
        if hasattr(widget, "decompress"):
            for index, part in enumerate(widget.decompress(value)):
                values[f"{bound.html_name}_{index}"] = "" if part is None else str(part)
        elif isinstance(value, bool):
            values |= {bound.html_name: "on"} if value else {}
        elif value is None or isinstance(value, FieldFile):
            continue
        else:
            values[bound.html_name] = value
    return values


def page_values(page):
    """The posted values of an admin page: its form and the parts below it."""
    values = values_of(page.context["adminform"].form)
    for part in page.context["inline_admin_formsets"]:
        values |= values_of(part.formset.management_form)
        for form in part.formset.forms:
            values |= values_of(form)
    return values
