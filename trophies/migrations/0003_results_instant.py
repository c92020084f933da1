from django.db import migrations


class Migration(migrations.Migration):
    """The instant of an edition's results, for the apps that stand below the trophies.

    Nothing when the edition is a draft or has no such instant: what waits for it stays hidden.
    """

    dependencies = [("trophies", "0002_candidatures_jury_awards")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION results_instant(edition_year integer) RETURNS timestamptz
            LANGUAGE sql STABLE PARALLEL SAFE AS $$
                SELECT results_published_at FROM trophies_edition
                WHERE year = edition_year AND published_at <= now()
            $$
            """,
            "DROP FUNCTION results_instant(integer)",
        )
    ]
