import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models

import rallynov.search
import rallynov.sorting
from initiatives import sql
from rallynov.search import learn_words

NAMES = [
    "partners_organisation",
    "initiatives_theme",
    "places_commune",
    "places_epci",
    "places_department",
]
LINKS = ["initiatives_support", "initiatives_initiativetheme"]
MOMENTS = ["insert", "delete", "update", "update_from"]
DROP = "".join(
    [
        *(f"DROP TRIGGER refresh_search ON {table};" for table in NAMES),
        "DROP FUNCTION initiative_name_changed();",
        *(
            f"DROP TRIGGER refresh_search_at_{moment} ON {table};"
            for table in LINKS
            for moment in MOMENTS
        ),
        "DROP FUNCTION initiative_link_changed();",
        "DROP TRIGGER write_search_text ON initiatives_initiative;",
        "DROP FUNCTION initiative_write_search_text();",
        "DROP FUNCTION initiative_search_text(initiatives_initiative);",
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0002_embargo"),
        ("partners", "0002_search"),
        ("places", "0004_search_functions"),
    ]

    operations = [
        migrations.AddField(
            model_name="condition",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=rallynov.search.Vector(
                    rallynov.search.Form(
                        django.db.models.functions.text.Concat(
                            models.Value(" "),
                            models.F("title"),
                            models.Value(" "),
                            models.F("summary"),
                            models.Value(" "),
                            rallynov.search.Plain(models.F("body")),
                            output_field=models.TextField(),
                        )
                    )
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="condition",
            name="sort_key",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=rallynov.sorting.SortKey(models.F("title")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="condition",
            name="title_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=rallynov.search.Vector(
                    rallynov.search.Form(
                        django.db.models.functions.text.Concat(
                            models.Value(" "), models.F("title"), output_field=models.TextField()
                        )
                    )
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="initiative",
            name="title_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=rallynov.search.Vector(
                    rallynov.search.Form(
                        django.db.models.functions.text.Concat(
                            models.Value(" "), models.F("title"), output_field=models.TextField()
                        )
                    )
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=rallynov.search.Vector(models.F("search_text")),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="condition",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["search_vector"], name="condition_search"
            ),
        ),
        migrations.AddIndex(
            model_name="condition",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["title_vector"], name="condition_titles"
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["search_vector"], name="initiative_search"
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["title_vector"], name="initiative_titles"
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["sort_key"], name="initiative_close_titles", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                models.OrderBy(models.F("started_year"), descending=True, nulls_last=True),
                models.F("sort_key"),
                name="initiative_age",
            ),
        ),
        migrations.RunSQL(sql.SEARCH, DROP),
        migrations.RunSQL(*learn_words("initiatives_initiative")),
        migrations.RunSQL(
            "UPDATE initiatives_initiative SET search_text = ''", migrations.RunSQL.noop
        ),
        migrations.RunSQL(*learn_words("initiatives_condition")),
        migrations.RunSQL("UPDATE initiatives_condition SET title = title", migrations.RunSQL.noop),
    ]
