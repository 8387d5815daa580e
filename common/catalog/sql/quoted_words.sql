-- The words that this server's quote_identifier() quotes as names: all key words that are reserved in any way.
SELECT k.word
FROM pg_get_keywords() k
WHERE k.catcode <> 'U';
