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
        ("initiatives", "0003_search"),
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
                            models.Value(" "), models.F("title"), output_field=models.TextField()
                        )
                    ),
                    rallynov.search.Form(
                        rallynov.search.Plain(
                            django.db.models.functions.text.Concat(
                                models.Value(" "),
                                models.F("summary"),
                                models.Value(" "),
                                models.F("body"),
                                output_field=models.TextField(),
                            )
                        )
                    ),
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
                            models.Value(" "), models.F("title"), output_field=models.TextField()
                        )
                    ),
                    rallynov.search.Form(
                        rallynov.search.Plain(
                            django.db.models.functions.text.Concat(
                                models.Value(" "),
                                models.F("summary"),
                                models.Value(" "),
                                models.F("body"),
                                output_field=models.TextField(),
                            )
                        )
                    ),
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
        migrations.AddIndex(
            model_name="newsitem",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_vector"], name="news_search"
            ),
        ),
        migrations.AddIndex(
            model_name="page",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_vector"], name="page_search"
            ),
        ),
        migrations.RunSQL(*learn_words("news_newsitem")),
        migrations.RunSQL("UPDATE news_newsitem SET title = title", migrations.RunSQL.noop),
        migrations.RunSQL(*learn_words("news_page")),
        migrations.RunSQL("UPDATE news_page SET title = title", migrations.RunSQL.noop),
    ]
