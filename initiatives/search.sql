-- `search_text` of an initiative: the search form of all that its sheet shows. Kept by triggers on
-- every table that feeds it, whoever writes there.

CREATE FUNCTION initiative_search_text(sheet initiatives_initiative) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT search_form(concat_ws(' ', sheet.title,
        sheet.summary, sheet.need, sheet.response, sheet.people, sheet.effects,
        (SELECT concat_ws(' ', c.name, e.name)
         FROM places_commune AS c JOIN places_epci AS e ON e.code = c.epci_id
         WHERE c.code = sheet.commune_id),
        (SELECT d.name FROM places_department AS d WHERE d.code = sheet.department_id),
        (SELECT string_agg(concat_ws(' ', o.name, o.short_name), ' ' ORDER BY s.id)
         FROM initiatives_support AS s JOIN partners_organisation AS o ON o.id = s.organisation_id
         WHERE s.initiative_id = sheet.id),
        (SELECT string_agg(t.name, ' ' ORDER BY l.id)
         FROM initiatives_initiativetheme AS l JOIN initiatives_theme AS t ON t.id = l.theme_id
         WHERE l.initiative_id = sheet.id)))
$$;

CREATE FUNCTION initiative_write_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_text := initiative_search_text(NEW);
    RETURN NEW;
END
$$;
CREATE TRIGGER write_search_text BEFORE INSERT OR UPDATE ON initiatives_initiative
    FOR EACH ROW EXECUTE FUNCTION initiative_write_search_text();

-- Links to an initiative, of a whole statement at once: an import writes thousands.
CREATE FUNCTION initiative_link_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE initiatives_initiative SET search_text = ''
    WHERE id IN (SELECT initiative_id FROM changed);
    RETURN NULL;
END
$$;
CREATE TRIGGER refresh_search_at_insert AFTER INSERT ON initiatives_support
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION initiative_link_changed();
CREATE TRIGGER refresh_search_at_delete AFTER DELETE ON initiatives_support
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION initiative_link_changed();
CREATE TRIGGER refresh_search_at_update AFTER UPDATE ON initiatives_support
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION initiative_link_changed();
CREATE TRIGGER refresh_search_at_update_from AFTER UPDATE ON initiatives_support
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION initiative_link_changed();
CREATE TRIGGER refresh_search_at_insert AFTER INSERT ON initiatives_initiativetheme
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION initiative_link_changed();
CREATE TRIGGER refresh_search_at_delete AFTER DELETE ON initiatives_initiativetheme
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION initiative_link_changed();
CREATE TRIGGER refresh_search_at_update AFTER UPDATE ON initiatives_initiativetheme
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION initiative_link_changed();
CREATE TRIGGER refresh_search_at_update_from AFTER UPDATE ON initiatives_initiativetheme
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION initiative_link_changed();

-- Names that initiatives show, one row at a time: they rarely change.
CREATE FUNCTION initiative_name_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'partners_organisation' THEN
        UPDATE initiatives_initiative SET search_text = '' WHERE id IN (
            SELECT initiative_id FROM initiatives_support WHERE organisation_id = NEW.id);
    WHEN 'initiatives_theme' THEN
        UPDATE initiatives_initiative SET search_text = '' WHERE id IN (
            SELECT initiative_id FROM initiatives_initiativetheme WHERE theme_id = NEW.id);
    WHEN 'places_commune' THEN
        UPDATE initiatives_initiative SET search_text = '' WHERE commune_id = NEW.code;
    WHEN 'places_epci' THEN
        UPDATE initiatives_initiative SET search_text = '' WHERE commune_id IN (
            SELECT code FROM places_commune WHERE epci_id = NEW.code);
    WHEN 'places_department' THEN
        UPDATE initiatives_initiative SET search_text = '' WHERE department_id = NEW.code;
    END CASE;
    RETURN NULL;
END
$$;
CREATE TRIGGER refresh_search AFTER UPDATE ON partners_organisation FOR EACH ROW
    WHEN ((OLD.name, OLD.short_name) IS DISTINCT FROM (NEW.name, NEW.short_name)) EXECUTE FUNCTION initiative_name_changed();
CREATE TRIGGER refresh_search AFTER UPDATE ON initiatives_theme FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION initiative_name_changed();
CREATE TRIGGER refresh_search AFTER UPDATE ON places_commune FOR EACH ROW
    WHEN ((OLD.name, OLD.epci_id) IS DISTINCT FROM (NEW.name, NEW.epci_id)) EXECUTE FUNCTION initiative_name_changed();
CREATE TRIGGER refresh_search AFTER UPDATE ON places_epci FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION initiative_name_changed();
CREATE TRIGGER refresh_search AFTER UPDATE ON places_department FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION initiative_name_changed();
