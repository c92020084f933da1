from pathlib import Path

from django.db import migrations

PAGES = Path(__file__).resolve().parent.parent / "data" / "pages"


def read(path):
    """The fields of a page, from lines `name: value`, an empty line, then HTML."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return fields | {"body": body.strip()}


def load(apps, schema_editor):
    """Write the pages that are missing; what staff wrote stays."""
    page_model = apps.get_model("news", "Page")
    for path in sorted(PAGES.glob("*.html")):
        page_model.objects.get_or_create(key=path.stem, defaults=read(path))


class Migration(migrations.Migration):
    dependencies = [("news", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
