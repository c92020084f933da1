import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    """A GIN index finds close titles, but reads all of them to know which are the closest."""

    dependencies = [("initiatives", "0009_contributions_and_freshness")]

    operations = [
        migrations.RemoveIndex(model_name="initiative", name="initiative_close_titles"),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GistIndex(
                fields=["sort_key"],
                name="initiative_close_titles",
                opclasses=["gist_trgm_ops(siglen=64)"],
            ),
        ),
    ]
