from django.conf import settings


def site(request):
    """What base.html needs, the same for everyone."""
    return {"EXAMPLE_MODE": settings.EXAMPLE_MODE, "SITE_URL": settings.SITE_URL}
