from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0007_counts"),
        ("partners", "0002_search"),
        ("places", "0005_repair_positions"),
        ("trophies", "0010_a_consent_for_each_answer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="candidature",
            index=models.Index(fields=["edition", "screened_at"], name="candidature_screened"),
        ),
    ]
