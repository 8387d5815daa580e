/* The row that an applied plan leaves in the stand-in's journal. */
#include "format/journal_entry.h"

#include <sodium.h>

static void put_string(json_t *object, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0')
        json_object_set_new(object, name, json_string(value));
}

json_t *journal_identity(const struct database_identity *database)
{
    json_t *object = json_object();

    put_string(object, "dbname", database->dbname);
    put_string(object, "server_version", database->server_version);
    put_string(object, "system_identifier", database->system_identifier);
    put_string(object, "snapshot", database->snapshot);
    put_string(object, "lsn", database->lsn);
    return object;
}

json_t *journal_entry(const struct manifest *manifest, enum verify_scope verify, const char *tool)
{
    char root[2 * SHA256_SIZE + 1];

    sodium_bin2hex(root, sizeof root, manifest->content_root, SHA256_SIZE);
    return json_pack("{ss ss ss sI sI sI ss so}", "plan_id", manifest->plan_id, "content_root", root, "tool", tool,
                     "objects_created", (json_int_t)manifest->objects.create, "objects_altered",
                     (json_int_t)manifest->objects.alter, "objects_dropped", (json_int_t)manifest->objects.drop,
                     "proof", verify_scope_name(verify), "main", journal_identity(&manifest->main));
}
