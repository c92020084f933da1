import pgtrigger


def checked(name, query, message):
    """A trigger that refuses a row (`NEW`) for which the SQL query finds nothing.

    For what a CHECK cannot see: other tables. Raised as a `check_violation`, it is an
    IntegrityError like the others.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF NOT EXISTS ({query}) THEN
                RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
