from django.db import migrations

from places import loader


def load(apps, schema_editor):
    names = ["Department", "Epci", "Commune"]
    loader.load(*(apps.get_model("places", name) for name in names))


class Migration(migrations.Migration):
    dependencies = [("places", "0002_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
