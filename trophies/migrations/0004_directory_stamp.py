from django.db import migrations

from initiatives import sql


class Migration(migrations.Migration):
    """What the directory shows now, as one text: it changes whenever the directory may have.

    By a write (`directory_change`), or because an instant went by: of a publication, of results.
    """

    dependencies = [
        ("trophies", "0003_results_instant"),
        ("initiatives", "0004_directory_changes"),
    ]

    operations = [
        migrations.RunSQL(
            *sql.noting_changes("trophies_edition", "trophies_prize", "trophies_laureate")
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION directory_stamp() RETURNS text LANGUAGE sql STABLE AS $$
                SELECT concat_ws('/',
                    (SELECT concat_ws('/', max(id), count(*), sum(id)) FROM directory_change),
                    (SELECT max(published_at) FROM initiatives_initiative
                     WHERE published_at <= now()),
                    (SELECT concat_ws('/', count(*) FILTER (WHERE published_at <= now()),
                        count(*) FILTER (WHERE results_published_at <= now()))
                     FROM trophies_edition))
            $$
            """,
            "DROP FUNCTION directory_stamp()",
        ),
    ]
