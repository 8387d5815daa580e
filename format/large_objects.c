/* Large objects as the rows of a table. */
#include "format/large_objects.h"

#include "format/sql.h"

#include <string.h>

const char large_objects_may_read_pages[] =
    "SELECT pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'SELECT')"
    " AND pg_catalog.current_setting('block_size') OPERATOR(pg_catalog.=) '8192'";

const char large_objects_drop[] = "DROP VIEW pg_temp.large_objects;\nDROP FUNCTION pg_temp.change_large_object();\n";

bool is_large_objects(const struct table_shape *shape)
{
    return strcmp(shape->schema, LARGE_OBJECTS_SCHEMA) == 0 && strcmp(shape->name, LARGE_OBJECTS_TABLE) == 0;
}

const char *large_objects_query(bool by_pages)
{
    return by_pages ? sql_large_object_pages : sql_large_object_reads;
}

static const char *boolean(bool value)
{
    return value ? "true" : "false";
}

void large_objects_settings(struct text *sql, bool owners, bool privileges, bool comments)
{
    text_appendf(sql,
                 "SELECT pg_catalog.set_config('pgsyncer.owners', '%s', true),"
                 " pg_catalog.set_config('pgsyncer.privileges', '%s', true),"
                 " pg_catalog.set_config('pgsyncer.comments', '%s', true)",
                 boolean(owners), boolean(privileges), boolean(comments));
}

static void append_view(struct text *sql, bool by_pages)
{
    text_appendf(sql, "EXECUTE $view$CREATE TEMPORARY VIEW large_objects AS\n%s$view$;\n",
                 large_objects_query(by_pages));
}

void large_objects_make(struct text *sql, const struct manifest *manifest)
{
    text_append(sql, "DO $make$\nBEGIN\nPERFORM s.* FROM (");
    large_objects_settings(sql, manifest->options.owners, manifest->options.privileges, manifest->options.comments);
    text_appendf(sql, ") s;\nIF (%s) THEN\n", large_objects_may_read_pages);
    append_view(sql, true);
    text_append(sql, "IF (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) THEN\n"
                     "LOCK TABLE pg_catalog.pg_largeobject IN SHARE ROW EXCLUSIVE MODE;\nEND IF;\nELSE\n");
    append_view(sql, false);
    text_append(sql, "END IF;\nEND\n$make$;\n");
    text_append(sql, sql_large_object_function);
    text_append(sql, "CREATE TRIGGER change_large_object INSTEAD OF INSERT OR UPDATE OR DELETE ON pg_temp.large_objects"
                     " FOR EACH ROW EXECUTE PROCEDURE pg_temp.change_large_object();\n");
}
