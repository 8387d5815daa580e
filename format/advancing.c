/* Which statements of a plan may take values from sequences, as format/sql/advancing.sql is told of them. */
#include "format/advancing.h"

#include "common/memory.h"
#include "format/json.h"
#include "format/show_parts.h"

static bool rewrites(const struct plan_statement *statement)
{
    for (size_t i = 0; i < statement->risks.count; i++)
        if (strcmp(statement->risks.items[i], "rewrite") == 0)
            return true;
    return false;
}

bool advancing_describe(const struct plan *plan, char **statements, struct error *err)
{
    cleanup(json_release) json_t *list = json_array();
    size_t length;

    for (size_t i = 0; i < plan->manifest->statement_count; i++) {
        cleanup(free_string) char *sql = NULL;

        if (!rewrites(&plan->manifest->statements[i]))
            continue;
        if (!load_statement_of_plan(plan, i, &sql, err))
            return false;
        if (strstr(sql, "nextval(") != NULL)
            json_array_append_new(list, json_string(sql));
    }
    *statements = json_print(list, &length);
    return true;
}
