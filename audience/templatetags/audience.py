from django import template

from audience.addresses import seen_address

register = template.Library()


@register.inclusion_tag("audience/_seen.html", takes_context=True)
def seen(context):
    """What counts the page. Error pages have no request and are not counted."""
    request = context.get("request")
    return {"address": seen_address(request) if request else ""}
