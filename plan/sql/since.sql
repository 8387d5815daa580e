-- A moment, as a user of main would write it: its text in the session's time zone, the same without the zone (for
-- columns that have none), and the text that every session takes alike. In psql: \bind '2026-11-28 10:00:00' \g
SELECT m.moment::text AS shown,
       m.moment::timestamp::text AS local,
       pg_catalog.concat(m.moment AT TIME ZONE 'UTC', '+00') AS moment
FROM (SELECT $1::timestamptz) AS m (moment);
