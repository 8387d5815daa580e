/* For tests and developers: prints a database's catalog as the reader sees it, one object per paragraph. */
#include "common/catalog/reader.h"
#include "common/log.h"
#include "common/memory.h"

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

int main(int argc, char **argv)
{
    cleanup(error_clear) struct error err = {0};
    cleanup(connection_close) struct connection connection = {0};
    cleanup(catalog_cleanup) struct catalog *catalog = NULL;
    static const char *const everything[] = {"*"};
    struct catalog_options options = {everything, 1, true, true, true};

    if (argc < 2) {
        fprintf(stderr, "usage: %s DSN [SCHEMA PATTERN…]\n", argv[0]);
        return 3;
    }
    if (argc > 2) {
        options.schema_patterns = (const char *const *)argv + 2;
        options.schema_pattern_count = (size_t)argc - 2;
    }
    if (!connection_open(&connection, "main", argv[1], &err) || !catalog_read(&connection, &options, &catalog, &err)) {
        log_error(&err);
        return error_exit_status(err.code);
    }
    for (size_t i = 0; i < catalog->count; i++)
        print_object(catalog, catalog->objects[i]);
    for (size_t i = 0; i < catalog->warning_count; i++)
        printf("warning: %s\n", catalog->warnings[i]);
    return 0;
}
