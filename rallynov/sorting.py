"""Alphabetical order for French: `É` beside `E`, `œ` as `oe`, whatever the server's collation."""

from django.db import models

CREATE = """
CREATE FUNCTION sort_key(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(translate(
    replace(replace(lower(value), 'œ', 'oe'), 'æ', 'ae'),
    'àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸŒÆ',
    'aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyyoa'
), '[^a-z0-9]+', ' ', 'g'))
"""
DROP = "DROP FUNCTION sort_key(text)"


class SortKey(models.Func):
    function = "sort_key"
    output_field = models.TextField()


def sort_key_field(source):
    """A column the database derives from `source`, to be sorted on."""
    return models.GeneratedField(
        expression=SortKey(models.F(source)),
        output_field=models.TextField(),
        db_persist=True,
        db_index=True,
    )
