-- Search in French, by one normalisation for rows and queries alike.
--
-- No dictionary file: stems come from PostgreSQL's own French Snowball, without its stop words.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TEXT SEARCH DICTIONARY rallynov_french (TEMPLATE = snowball, Language = french);

-- « L’Épicerie St-Cœur, co-voiturage » → « epicerie saint coeur co voiturage saintcoeur covoiturage »:
-- no accent, no ligature, no elided article, Saint in full; a compound (presqu’île, Rally’nov too) in
-- parts, then in one word.
CREATE FUNCTION search_form(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT btrim(sort_key(plain) || ' ' || coalesce(
        (SELECT string_agg(sort_key(translate(found[1], '-''', '')), ' ')
         FROM regexp_matches(plain, '([[:alnum:]]+(?:[-''][[:alnum:]]+)+)', 'g') AS found), ''))
    FROM (SELECT regexp_replace(regexp_replace(regexp_replace(
        translate(lower(normalize(value, NFKC)), '‐‑‒’‘ʼ´`′', '---'''''''''''''),
        '\m(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)''', ' ', 'g'),
        '\mst\M', 'saint', 'g'),
        '\mste\M', 'sainte', 'g') AS plain) AS once;
END;

-- What staff write with the editor, without its tags.
CREATE FUNCTION search_plain(html text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(html, '<[^>]*>|&[a-z]+;|&#[0-9]+;', ' ', 'g');

-- Plurals that the stemmer does not know, on a text that has its search form.
CREATE FUNCTION search_singular(form text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(form,
    '\m(\w{2,}(?:[aiou]|er))s\M', '\1', 'g'),
    '\m(\w+y)aux\M', '\1au', 'g'),
    '\m(b|cor|em|soupir|trav|vant|vitr)aux\M', '\1ail', 'g'),
    '\m(adi|av|chev|enj|epi|f|j|li|mili|moy|nev|pi|vo)eux\M', '\1eu', 'g'),
    '\m(bij|caill|ch|gen|hib|jouj|p)oux\M', '\1ou', 'g');

CREATE FUNCTION search_stem(word text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (ts_lexize('rallynov_french', search_singular(word)))[1];

-- The words of a text that has its search form, then their stems, marked so that the stem of
-- « courses » is never taken for « cours ».
CREATE FUNCTION search_vector(form text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT to_tsvector('simple', form || ' ' || coalesce(
        (SELECT string_agg('zq' || (ts_lexize('rallynov_french', word))[1], ' ')
         FROM regexp_split_to_table(search_singular(form), ' ') AS word
         WHERE word <> ''), ''));
END;

-- The words of a question, in order, each with its stem and with the word that it makes with the
-- next one (co voiturage → covoiturage).
CREATE FUNCTION search_words(question text)
RETURNS TABLE (word text, stem text, joined text, joined_stem text)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT parts.word, search_stem(parts.word), parts.joined, search_stem(parts.joined)
    FROM (
        SELECT found.word, found.rank, found.word || lead(found.word) OVER (ORDER BY found.rank) AS joined
        FROM regexp_split_to_table(search_form(translate(question, '-‐‑‒', '    ')), ' ')
            WITH ORDINALITY AS found(word, rank)
        WHERE found.word <> ''
    ) AS parts
    ORDER BY parts.rank;
END;

-- The word, and each word that one letter less makes of it. Two words one typing error apart
-- (a letter more, less, other, or two swapped) always share one of these.
CREATE FUNCTION search_slips(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT array_agg(DISTINCT overlay(word PLACING '' FROM place FOR 1)) || word
    FROM generate_series(1, length(word)) AS place
);

-- Every word of every row that can be searched, so that typing errors can be mended. It may hold
-- words of drafts: whoever proposes one checks first that the public may read it somewhere.
CREATE TABLE search_word (
    word text PRIMARY KEY,
    slips text[] GENERATED ALWAYS AS (search_slips(word)) STORED
);
CREATE INDEX search_word_slips ON search_word USING gin (slips);
CREATE INDEX search_word_prefix ON search_word (word text_pattern_ops);

CREATE FUNCTION search_learn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- In alphabetical order, so that two transactions never wait for each other.
    INSERT INTO search_word (word)
    SELECT DISTINCT lexeme
    FROM changed, unnest(changed.search_vector) AS entry(lexeme, positions, weights)
    WHERE lexeme ~ '^(?!zq)[a-z0-9]{3,40}$'
        AND NOT EXISTS (SELECT FROM search_word AS known WHERE known.word = lexeme)
    ORDER BY lexeme
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
