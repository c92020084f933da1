"""The SQL of this app, for its migrations and those of the apps above."""

from pathlib import Path

HERE = Path(__file__).parent
SEARCH = (HERE / "search.sql").read_text(encoding="utf-8")
DIRECTORY = (HERE / "directory.sql").read_text(encoding="utf-8")


def noting_changes(*tables):
    """SQL that notes each statement that writes in `tables`, and its reverse."""
    create = "".join(
        f"CREATE TRIGGER note_directory_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE "
        f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION note_directory_change();"
        for table in tables
    )
    drop = "".join(f"DROP TRIGGER note_directory_change ON {table};" for table in tables)
    return create, drop
