-- What tells that the directory may have changed, so that its counts are kept exactly as long as
-- they are true. One row per statement that writes, whatever its transaction becomes: a reader sees
-- those of committed transactions, whichever order they end in.

CREATE TABLE directory_change (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);

CREATE FUNCTION note_directory_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO directory_change DEFAULT VALUES;
    RETURN NULL;
END
$$;
