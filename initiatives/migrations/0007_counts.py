from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0006_imports"),
        ("partners", "0002_search"),
        ("places", "0005_repair_positions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                fields=["sort_key", "id"],
                include=("published_at", "embargo_year"),
                name="initiative_order",
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                fields=["department", "commune"],
                include=("id", "published_at", "embargo_year"),
                name="initiative_counts",
            ),
        ),
    ]
