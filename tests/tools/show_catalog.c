/* For tests and developers: prints a database's catalog as a reader sees it, one object per paragraph. */
#include "common/catalog/reader.h"
#include "common/database.h"
#include "common/log.h"
#include "common/memory.h"
#include "plan/dump/dump_reader.h"

#include <string.h>

static void print_value(const char *value)
{
    for (const char *at = value; *at != '\0'; at++)
        if (*at == '\n')
            fputs("\\n", stdout);
        else
            putchar(*at);
}

static void print_object(const struct catalog *catalog, const struct object *object)
{
    printf("%s %s\n", class_name(object->class), object->identity);
    if (object->parent != NULL)
        printf("    parent: %s %s\n", class_name(object->parent->class), object->parent->identity);
    for (size_t i = 0; i < object->field_count; i++) {
        if (object->fields[i].value == NULL)
            continue;
        printf("    %s = ", object->fields[i].name);
        print_value(object->fields[i].value);
        putchar('\n');
    }
    for (size_t i = 0; i < object->depend_count; i++)
        printf("    needs: %s %s\n", class_name(object->depends[i]->class), object->depends[i]->identity);
    for (size_t i = 0; i < catalog->outside_count; i++)
        if (catalog->outside[i].object == object)
            printf("    %s outside: %s %s\n", catalog->outside[i].needs ? "needed by" : "needs",
                   catalog->outside[i].type, catalog->outside[i].identity);
}

/* PROGRAM NULL: from the system catalogs. */
static bool read(struct database *database, const char *program, const struct catalog_options *options,
                 struct catalog **catalog, struct error *err)
{
    struct connection *connection = &database->connections[0];

    return program == NULL ? catalog_read(connection, options, catalog, err)
                           : dump_read(connection, program, database->identity.snapshot, options, catalog, err);
}

int main(int argc, char **argv)
{
    static const char pgdump[] = "--pgdump=";
    cleanup(error_clear) struct error err = {0};
    cleanup(database_close) struct database database = {0};
    cleanup(catalog_cleanup) struct catalog *catalog = NULL;
    static const char *const everything[] = {"*"};
    struct catalog_options options = {
        .selection = {.schemas = everything, .schema_count = 1}, .owners = true, .privileges = true, .comments = true};
    const char *program = NULL;

    if (argc > 1 && strncmp(argv[1], pgdump, strlen(pgdump)) == 0) {
        program = argv[1] + strlen(pgdump);
        argc--;
        argv++;
    }
    if (argc < 2) {
        fprintf(stderr, "usage: show_catalog [--pgdump=PATH] DSN [SCHEMA PATTERN…]\n");
        return 3;
    }
    if (argc > 2) {
        options.selection.schemas = (const char *const *)argv + 2;
        options.selection.schema_count = (size_t)argc - 2;
    }
    if (!database_open(&database, "main", argv[1], 1, &err) || !read(&database, program, &options, &catalog, &err)) {
        log_error(&err);
        return error_exit_status(err.code);
    }
    for (size_t i = 0; i < catalog->count; i++)
        print_object(catalog, catalog->objects[i]);
    for (size_t i = 0; i < catalog->warning_count; i++)
        printf("warning: %s\n", catalog->warnings[i]);
    return 0;
}
