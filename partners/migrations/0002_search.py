import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models

import rallynov.search
from rallynov.search import learn_words


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0001_initial"),
        ("places", "0004_search_functions"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=rallynov.search.Vector(
                    rallynov.search.Form(
                        django.db.models.functions.text.Concat(
                            models.Value(" "),
                            models.F("name"),
                            models.Value(" "),
                            models.F("short_name"),
                            models.Value(" "),
                            models.F("description"),
                            output_field=models.TextField(),
                        )
                    )
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="title_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=rallynov.search.Vector(
                    rallynov.search.Form(
                        django.db.models.functions.text.Concat(
                            models.Value(" "),
                            models.F("name"),
                            models.Value(" "),
                            models.F("short_name"),
                            output_field=models.TextField(),
                        )
                    )
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["search_vector"], name="organisation_search"
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["title_vector"], name="organisation_titles"
            ),
        ),
        migrations.RunSQL(*learn_words("partners_organisation")),
        migrations.RunSQL("UPDATE partners_organisation SET name = name", migrations.RunSQL.noop),
    ]
