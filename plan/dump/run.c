/* Runs pg_dump as a child process. */
#include "plan/dump/run.h"

#include "common/child_run.h"
#include "common/memory.h"

extern char **environ;

static bool explain_run(struct error *err)
{
    if (err->code == ERROR_USAGE)
        return error_hint(err, "Name the program with --pgdump PATH, or leave out --schema-source=pgdump.");
    if (err->code != ERROR_CONNECTION)
        return false;
    return error_hint(err, "pg_dump needs to read the definition of every object and to lock every table in the chosen "
                           "schemas; --schema-source=catalog, the default, needs neither.");
}

static bool check_version(const struct connection *connection, const char *program, struct error *err)
{
    long version = 0, server = connection->server_version / 10000;

    if (!child_version(program, "pg_dump", &version, err))
        return explain_run(err);
    if (version >= server)
        return true;
    error_set(err, ERROR_REFUSED, "%s: pg_dump is older than the server", connection->side);
    error_detail(err, "pg_dump has version %ld, the server %ld.", version, server);
    return error_hint(err, "Name a pg_dump of version %ld or newer with --pgdump PATH.", server);
}

/* Settings that the text of an expression depends on: as on our own connections, for what pg_dump does not set. */
static const char output_settings[] = "-c TimeZone=UTC -c lc_monetary=C -c bytea_output=hex -c xmlbinary=base64";

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

static void free_conninfo(PQconninfoOption **options)
{
    PQconninfoFree(*options);
}

/* What libpq made of the DSN, the environment and the service file, less the secrets; the host is the one reached. */
static bool build_conninfo(const struct connection *connection, struct text *conninfo, struct error *err)
{
    static const char *const left_out[] = {"password", "service", "client_encoding", "replication", "host",
                                           "hostaddr", "port",    "options",         NULL};
    cleanup(free_conninfo) PQconninfoOption *options = PQconninfo(connection->pg);
    const char *address = NULL, *settings = "";

    for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        if (option->val == NULL || *option->val == '\0')
            continue;
        if (strcmp(option->keyword, "sslpassword") == 0) {
            error_set(err, ERROR_REFUSED,
                      "%s: the connection has an sslpassword, which pg_dump can only take as an "
                      "argument that others can see",
                      connection->side);
            return error_hint(err, "Leave out --schema-source=pgdump.");
        }
        if (strcmp(option->keyword, "hostaddr") == 0)
            address = PQhostaddr(connection->pg);
        if (strcmp(option->keyword, "options") == 0)
            settings = option->val;
        /* What is libpq's own default need not be said: an older libpq might not know the word. */
        if (!is_one_of(option->keyword, left_out) &&
            (option->compiled == NULL || strcmp(option->val, option->compiled) != 0))
            conninfo_append(conninfo, option->keyword, option->val);
    }
    conninfo_append(conninfo, "host", PQhost(connection->pg));
    conninfo_append(conninfo, "port", PQport(connection->pg));
    if (address != NULL)
        conninfo_append(conninfo, "hostaddr", address);
    cleanup(free_string) char *all_settings = format_string("%s %s", settings, output_settings);
    conninfo_append(conninfo, "options", all_settings);
    return true;
}

/* Ours, with the password of this connection. */
static void build_environment(const struct connection *connection, struct strings *environment)
{
    static const char name[] = "PGPASSWORD=";
    const char *password = PQpass(connection->pg);

    for (char **variable = environ; *variable != NULL; variable++)
        if (strncmp(*variable, name, strlen(name)) != 0)
            strings_add(environment, copy_string(*variable));
    if (password != NULL && *password != '\0')
        strings_add(environment, format_string("%s%s", name, password));
}

/* Appends the name as a pattern that matches only itself. */
static void append_pattern(struct text *argument, const char *name)
{
    text_append_char(argument, '"');
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '"')
            text_append_char(argument, *at);
        text_append_char(argument, *at);
    }
    text_append_char(argument, '"');
}

static void add_selection(struct strings *arguments, const struct dump_request *request)
{
    if (request->schema_count == 0 && !request->tables_only)
        strings_add(arguments, copy_string("--exclude-schema=pgsyncer")); /* the journal's; see selection.sql */
    for (size_t i = 0; i < request->schema_count; i++) {
        struct text argument = {0};
        text_append(&argument, "--schema=");
        append_pattern(&argument, request->schemas[i]);
        strings_add(arguments, text_take(&argument));
    }
    for (size_t i = 0; i < request->table_count; i++) {
        struct text argument = {0};
        text_append(&argument, request->tables_only ? "--table=" : "--exclude-table=");
        append_pattern(&argument, request->tables[2 * i]);
        text_append_char(&argument, '.');
        append_pattern(&argument, request->tables[2 * i + 1]);
        strings_add(arguments, text_take(&argument));
    }
}

bool dump_run(const struct connection *connection, const struct dump_request *request, struct text *output,
              struct error *err)
{
    cleanup(strings_free) struct strings arguments = {0}, environment = {0};
    cleanup(text_free) struct text conninfo = {0};

    if (!check_version(connection, request->program, err) || !build_conninfo(connection, &conninfo, err))
        return false;
    strings_add(&arguments, copy_string(request->program));
    strings_add(&arguments, copy_string("--format=custom"));
    strings_add(&arguments, copy_string("--schema-only"));
    strings_add(&arguments, copy_string("--encoding=UTF8"));
    strings_add(&arguments, copy_string("--no-password"));
    /* A subscription's definition has its connection string, and that may have a password. */
    strings_add(&arguments, copy_string("--no-subscriptions"));
    strings_add(&arguments, format_string("--snapshot=%s", request->snapshot));
    add_selection(&arguments, request);
    strings_add(&arguments, format_string("--dbname=%s", conninfo.data));
    build_environment(connection, &environment);
    if (child_run(&arguments, &environment, output, err))
        return true;
    explain_run(err);
    return error_context(err, "reading the %s database with pg_dump", connection->side);
}
