import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models

import rallynov.search
import rallynov.sorting
from rallynov.search import learn_words


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_search"),
        ("initiatives", "0004_directory_changes"),
        ("news", "0003_embargo"),
    ]

    operations = [
        migrations.AddField(
            model_name="newsitem",
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
            model_name="newsitem",
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
            model_name="page",
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
            model_name="page",
            name="sort_key",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=rallynov.sorting.SortKey(models.F("title")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="page",
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
        migrations.AddIndex(
            model_name="newsitem",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["search_vector"], name="news_search"
            ),
        ),
        migrations.AddIndex(
            model_name="newsitem",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["title_vector"], name="news_titles"
            ),
        ),
        migrations.AddIndex(
            model_name="page",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["search_vector"], name="page_search"
            ),
        ),
        migrations.AddIndex(
            model_name="page",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["title_vector"], name="page_titles"
            ),
        ),
        migrations.RunSQL(*learn_words("news_newsitem")),
        migrations.RunSQL("UPDATE news_newsitem SET title = title", migrations.RunSQL.noop),
        migrations.RunSQL(*learn_words("news_page")),
        migrations.RunSQL("UPDATE news_page SET title = title", migrations.RunSQL.noop),
    ]
