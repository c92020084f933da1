"""The directory on other sites: one line to paste, made by a form, and the page that it frames."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.generic import TemplateView

from initiatives.directory import Directory, cards

MOST_ROWS = 12
HEIGHT = 640  # pixels: the list scrolls within


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")  # for the preview
class EmbedView(TemplateView):
    """How to show initiatives on another site: the filters, the line, what it shows."""

    template_name = "initiatives/embed.html"

    def get_context_data(self, **kwargs):
        directory = Directory(self.request.GET)
        return super().get_context_data(
            directory=directory,
            frame_address=frame_address(directory),
            frame_title=frame_title(directory),
            line=line(directory),
            **kwargs,
        )


def frame_address(directory):
    query = directory.sorted_query
    return f"{reverse('initiatives:embed-frame')}{'?' if query else ''}{query}"


def frame_title(directory):
    asked = f"\u202f: {directory.in_words}" if directory.choices else ""
    return f"Les initiatives de Rally’nov{asked}"


def line(directory):
    """The markup that a partner pastes. Its style is theirs: our own pages have none inline."""
    return format_html(
        '<iframe src="{}{}" title="{}" width="100%" height="{}" loading="lazy" '
        'style="border: 0"></iframe>',
        settings.SITE_URL,
        frame_address(directory),
        frame_title(directory),
        HEIGHT,
    )


# The one page that others may frame: it has no form, no person, and no link that acts.
@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})], name="dispatch")
class EmbedFrameView(TemplateView):
    template_name = "initiatives/embed_frame.html"

    def get_context_data(self, **kwargs):
        directory = Directory(self.request.GET)
        return super().get_context_data(
            directory=directory,
            frame_title=frame_title(directory),
            initiatives=cards(directory.ordered, 0, MOST_ROWS),
            **kwargs,
        )
