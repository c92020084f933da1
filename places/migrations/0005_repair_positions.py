from importlib import import_module

from django.db import migrations

load = import_module("places.migrations.0003_load_places").load


class Migration(migrations.Migration):
    """Three communes stood at their namesakes', which the loader now knows."""

    dependencies = [("places", "0004_search_functions")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
