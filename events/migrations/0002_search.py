import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models

import rallynov.search
from rallynov.search import learn_words


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_initial"),
        ("partners", "0002_search"),
        ("places", "0004_search_functions"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
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
                            models.F("venue"),
                            models.Value(" "),
                            models.F("presence"),
                            models.Value(" "),
                            rallynov.search.Plain(models.F("description")),
                            output_field=models.TextField(),
                        )
                    )
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="event",
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
            model_name="event",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["search_vector"], name="event_search"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["title_vector"], name="event_titles"
            ),
        ),
        migrations.RunSQL(*learn_words("events_event")),
        migrations.RunSQL("UPDATE events_event SET title = title", migrations.RunSQL.noop),
    ]
