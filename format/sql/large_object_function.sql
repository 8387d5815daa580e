-- What a row that comes to, leaves or changes in the view of large objects does to them. Pages are written as far as
-- they hold something, and zeros where there was something before: the size follows from the row of the attributes.
CREATE OR REPLACE FUNCTION pg_temp.change_large_object() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    of_pages constant int8 := 2048;
    id oid := CASE TG_OP WHEN 'DELETE' THEN OLD.loid ELSE NEW.loid END;
    page int4 := CASE TG_OP WHEN 'DELETE' THEN OLD.pageno ELSE NEW.pageno END;
    is_there boolean := EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata m WHERE m.oid = id);
    fd int4;
    size int8;
    bytes bytea;
    wanted jsonb;
    item record;
BEGIN
    IF TG_OP = 'DELETE' AND page = -1 THEN
        PERFORM lo_unlink(id);
        RETURN OLD;
    ELSIF TG_OP = 'DELETE' AND NOT is_there THEN
        RETURN OLD; -- it went with the large object
    END IF;
    IF NOT is_there THEN
        PERFORM lo_create(id);
    END IF;

    IF page >= 0 THEN
        bytes := CASE TG_OP WHEN 'DELETE' THEN decode('', 'hex') ELSE NEW.data END;
        fd := lo_open(id, 393216);
        size := lo_lseek64(fd, 0, 2);
        PERFORM lo_close(fd);
        bytes := substring(bytes || decode(repeat('00', 2048), 'hex') FROM 1
                           FOR greatest((length(rtrim(encode(bytes, 'hex'), '0')) + 1) / 2, least(of_pages, size - page * of_pages))::int4);
        IF length(bytes) > 0 THEN
            PERFORM lo_put(id, page * of_pages, bytes);
        END IF;
    ELSE
        wanted := convert_from(NEW.data, 'UTF8')::jsonb;
        fd := lo_open(id, 393216);
        IF lo_lseek64(fd, 0, 2) <> (wanted ->> 'size')::int8 THEN
            PERFORM lo_truncate64(fd, (wanted ->> 'size')::int8);
        END IF;
        PERFORM lo_close(fd);
        IF wanted ? 'owner' AND wanted ->> 'owner' <> (SELECT pg_get_userbyid(m.lomowner) FROM pg_catalog.pg_largeobject_metadata m WHERE m.oid = id) THEN
            EXECUTE format('ALTER LARGE OBJECT %s OWNER TO %I', id, wanted ->> 'owner');
        END IF;
        IF wanted ? 'acl' AND wanted -> 'acl' <> (SELECT convert_from(v.data, 'UTF8')::jsonb -> 'acl' FROM pg_temp.large_objects v
                                                  WHERE v.loid = id AND v.pageno = -1) THEN
            FOR item IN SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
                        FROM pg_catalog.pg_largeobject_metadata m
                        CROSS JOIN LATERAL aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) a
                        WHERE m.oid = id
            LOOP
                EXECUTE format('REVOKE ALL ON LARGE OBJECT %s FROM %s', id, item.grantee);
            END LOOP;
            FOR item IN SELECT CASE WHEN a ->> 0 IS NULL THEN quote_ident(pg_get_userbyid(m.lomowner)) WHEN a ->> 0 = '' THEN 'PUBLIC' ELSE quote_ident(a ->> 0) END AS grantee,
                               CASE a ->> 1 WHEN 'SELECT' THEN 'SELECT' ELSE 'UPDATE' END AS privilege, (a ->> 2)::boolean AS grantable
                        FROM pg_catalog.pg_largeobject_metadata m, jsonb_array_elements(wanted -> 'acl') a
                        WHERE m.oid = id
            LOOP
                EXECUTE format('GRANT %s ON LARGE OBJECT %s TO %s%s', item.privilege, id, item.grantee, CASE WHEN item.grantable THEN ' WITH GRANT OPTION' ELSE '' END);
            END LOOP;
        END IF;
        IF current_setting('pgsyncer.comments')::boolean AND wanted ->> 'comment' IS DISTINCT FROM obj_description(id, 'pg_largeobject') THEN
            EXECUTE format('COMMENT ON LARGE OBJECT %s IS %L', id, wanted ->> 'comment');
        END IF;
        FOR item IN SELECT coalesce(w.key, l.provider) AS provider, w.value AS label
                    FROM jsonb_each_text(coalesce(wanted -> 'labels', '{}')) w
                    FULL JOIN (SELECT * FROM pg_catalog.pg_seclabel s WHERE s.classoid = 'pg_catalog.pg_largeobject'::regclass AND s.objoid = id) l ON l.provider = w.key
                    WHERE w.value IS DISTINCT FROM l.label
        LOOP
            EXECUTE format('SECURITY LABEL FOR %I ON LARGE OBJECT %s IS %L', item.provider, id, item.label);
        END LOOP;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$function$;
