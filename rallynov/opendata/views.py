"""/donnees/: the page, the files, the schemas."""

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from rallynov.opendata import formats, schemas
from rallynov.opendata.datasets import CREDITS, DATASETS, LICENCE
from rallynov.opendata.states import tag_of
from rallynov.opendata.stream import stream


class DataView(TemplateView):
    template_name = "opendata/data.html"

    def get_context_data(self, **kwargs):
        counts = [(dataset, dataset.published().count()) for dataset in DATASETS.values()]
        return super().get_context_data(
            counts=counts, licence=LICENCE, credits=CREDITS, linked_data=linked_data(), **kwargs
        )


@require_safe
def data_file(request, dataset, kind):
    """The rows that a query asks for, as they all stood when the answer began."""
    found = found_dataset(dataset)
    if kind not in found.kinds:
        raise Http404(f"no file {kind} of {dataset}")
    asked = found.ask(request.GET)
    if asked.errors:
        return opened(HttpResponse(refusal(asked), status=400, content_type=PLAIN))
    tag = tag_of(asked, kind)
    response = get_conditional_response(request, etag=tag) or answer(request, asked, kind)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Link"] = f'<{LICENCE["adresse"]}>; rel="license"'
    return opened(response)


PLAIN = "text/plain; charset=utf-8"


def found_dataset(name):
    if name not in DATASETS:
        raise Http404(f"no data {name}")
    return DATASETS[name]


def answer(request, asked, kind):
    name = f"rallynov-{asked.dataset.name}.{kind}"
    headers = {
        "Content-Type": formats.TYPES[kind],
        "Content-Disposition": f'{"attachment" if kind == "csv" else "inline"}; filename="{name}"',
    }
    if request.method == "HEAD":
        return StreamingHttpResponse((), headers=headers)
    chunks = formats.WRITERS[kind](asked, stream(lambda: asked.rows))
    return StreamingHttpResponse(formats.gathered(chunks), headers=headers)


def refusal(asked):
    return "\n".join(message for messages in asked.errors.values() for message in messages)


def opened(response):
    """Any page of the web may read it: nothing here depends on who asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
    return response


def page_address():
    return f"{settings.SITE_URL}{reverse('data')}"


# Schemas -----------------------------------------------------------------------------------------


@require_safe
def table_schema(request, dataset):
    return schema_response(schemas.table_schema(found_dataset(dataset)), "application/json")


@require_safe
def json_schema(request, dataset):
    return schema_response(schemas.json_schema(found_dataset(dataset)), "application/schema+json")


def schema_response(schema, content_type):
    options = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(schema, json_dumps_params=options, content_type=content_type)
    response.headers["Cache-Control"] = "public, no-cache"
    return opened(response)


# For search engines ------------------------------------------------------------------------------


def linked_data():
    """The catalogue, as schema.org writes one."""
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "name": "Les données ouvertes de Rally’nov",
        "url": page_address(),
        "license": LICENCE["adresse"],
        "dataset": [linked_dataset(dataset) for dataset in DATASETS.values()],
    }


def linked_dataset(dataset):
    return {
        "@type": "Dataset",
        "name": dataset.title,
        "description": dataset.description,
        "license": LICENCE["adresse"],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "Rally’nov", "url": settings.SITE_URL},
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": formats.TYPES[kind].partition(";")[0],
                "contentUrl": f"{settings.SITE_URL}{dataset.address(kind)}",
            }
            for kind in dataset.kinds
        ],
    }
