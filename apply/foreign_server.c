/* The way from the stand-in to main inside of apply's transaction: a server of postgres_fdw that lives as long. */
#include "apply/foreign_server.h"

#include "apply/main_database.h"
#include "apply/sql.h"
#include "common/copy_text.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/quote.h"
#include "common/text.h"
#include "format/json.h"

#include <inttypes.h>

/* The first version whose postgres_fdw takes libpq's `options`, and so settings for its sessions. */
enum { OPTIONS_SINCE = 120000 };

/* What postgres_fdw says where a password is missing, or was not asked for. */
#define NO_PASSWORD "2F003"

static bool fetches_rows(const struct apply_job *job)
{
    for (size_t i = 0; i < job->plan.manifest->table_count; i++)
        if (table_is_fetched(&job->plan.manifest->tables[i]))
            return true;
    return false;
}

/* No other object has this name: it is the plan's own, and the advisory lock keeps a second apply of it away. */
static char *server_name(const struct apply_job *job)
{
    return format_string("pgsyncer_%s", job->plan.manifest->plan_id);
}

static bool has_password(const struct apply_job *job)
{
    const char *password = PQpass(job->main_connection.pg);

    return password != NULL && password[0] != '\0';
}

bool foreign_server_find_problems(struct apply_job *job, PGresult **problems, struct error *err)
{
    const char *const parameters[] = {has_password(job) ? "true" : "false", job->may_replicate ? "true" : "false"};

    return connection_query(&job->connection, sql_foreign_server_problems, 2, parameters, problems, err);
}

static void add_option(struct text *lines, const char *part, const char *name, const char *value)
{
    text_appendf(lines, "%s\t%s\t", part, name);
    copy_text_field(lines, value, strlen(value));
    text_append_char(lines, '\n');
}

/* ` -c name=value`, where the value's spaces and backslashes are escaped. */
static void add_setting(struct text *options, const char *name, const char *value)
{
    text_appendf(options, "%s-c %s=", options->length > 0 ? " " : "", name);
    for (; *value != '\0'; value++) {
        if (*value == ' ' || *value == '\\')
            text_append_char(options, '\\');
        text_append_char(options, *value);
    }
}

/*
 * What postgres_fdw does not pin itself. lc_monetary changes the text of money; the time limits of main's role must not
 * end a session that waits while the stand-in is at work.
 */
static void add_settings(struct text *lines, const struct apply_job *job, const char *own)
{
    cleanup(text_free) struct text options = {0};

    if (job->connection.server_version < OPTIONS_SINCE)
        return;
    if (own != NULL)
        text_append(&options, own);
    add_setting(&options, "row_security", "off");
    add_setting(&options, "default_transaction_read_only", "on");
    add_setting(&options, "lc_monetary", "C");
    add_setting(&options, "bytea_output", "hex");
    add_setting(&options, "statement_timeout", "0");
    add_setting(&options, "idle_in_transaction_session_timeout", "0");
    add_setting(&options, "lock_timeout", job->options->lock_timeout);
    if (job->main_connection.server_version >= 110000)
        add_setting(&options, "jit", "off");
    if (job->main_connection.server_version >= 170000)
        add_setting(&options, "transaction_timeout", "0");
    add_option(lines, "server", "options", options.data);
}

/* Options of our own connection that its successor there gets in another way, or that are about this side alone. */
static bool is_ours(const char *keyword)
{
    static const char *const ours[] = {
        "user",
        "password",
        "dbname",
        "host",
        "hostaddr",
        "port",
        "options",
        "application_name",
        "fallback_application_name",
        "passfile",
        "service",
        "servicefile",
        "replication",
        "client_encoding",
        "target_session_attrs",
        "load_balance_hosts",
    };

    for (size_t i = 0; i < array_length(ours); i++)
        if (strcmp(ours[i], keyword) == 0)
            return true;
    return false;
}

/*
 * As libpq resolved them for our own connection: of several hosts the one that answered, of a service file or password
 * file what it says. The rest only where it is not libpq's default, since older servers know fewer options. Those that
 * libpq hides ('*') belong to the mapping.
 */
static char *describe_server(const struct apply_job *job, const char *server, const char *wrapper)
{
    PGconn *main = job->main_connection.pg;
    struct text lines = {0};
    PQconninfoOption *options = PQconninfo(main);
    const char *own_settings = NULL;

    add_option(&lines, "name", "server", server);
    add_option(&lines, "name", "wrapper", wrapper);
    add_option(&lines, "server", "host", PQhost(main));
    add_option(&lines, "server", "port", PQport(main));
    add_option(&lines, "server", "dbname", PQdb(main));
    add_option(&lines, "server", "application_name", "pgsyncer-apply");
    add_option(&lines, "user", "user", PQuser(main));
    if (has_password(job))
        add_option(&lines, "user", "password", PQpass(main));
    for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        if (option->val == NULL || option->val[0] == '\0')
            continue;
        if (strcmp(option->keyword, "hostaddr") == 0)
            add_option(&lines, "server", "hostaddr", PQhostaddr(main));
        if (strcmp(option->keyword, "options") == 0)
            own_settings = option->val;
        if (is_ours(option->keyword) || strchr(option->dispchar, 'D') != NULL ||
            (option->compiled != NULL && strcmp(option->val, option->compiled) == 0))
            continue;
        add_option(&lines, strchr(option->dispchar, '*') != NULL ? "user" : "server", option->keyword, option->val);
    }
    add_settings(&lines, job, own_settings);
    PQconninfoFree(options);
    return text_take(&lines);
}

/* Makes the extension where it is missing, in a schema of its own. */
static bool find_wrapper(struct apply_job *job, const char *server, char **wrapper, struct error *err)
{
    cleanup(text_free) struct text sql = {0};
    cleanup(result_clear) PGresult *found = NULL;

    if (!connection_query(&job->connection, sql_foreign_wrapper, 0, NULL, &found, err))
        return false;
    if (PQntuples(found) > 0) {
        *wrapper = copy_string(PQgetvalue(found, 0, 0));
        return true;
    }
    log_notice("the stand-in does not have the extension postgres_fdw: it is created, and dropped again at the end");
    text_append(&sql, "CREATE SCHEMA ");
    quote_identifier(&sql, server);
    text_append(&sql, "; CREATE EXTENSION postgres_fdw SCHEMA ");
    quote_identifier(&sql, server);
    *wrapper = copy_string("postgres_fdw");
    job->made_extension = true;
    return connection_run(&job->connection, sql.data, err);
}

static bool make_server(struct apply_job *job, const char *description, struct error *err)
{
    return connection_run(&job->connection,
                          "CREATE TEMPORARY TABLE pgsyncer_options (part text, name text, value text) ON COMMIT DROP",
                          err) &&
           connection_query(&job->connection, "COPY pg_temp.pgsyncer_options FROM STDIN", 0, NULL, NULL, err) &&
           connection_copy_put(&job->connection, description, strlen(description), err) &&
           connection_copy_end(&job->connection, NULL, err) &&
           connection_run(&job->connection, sql_foreign_server, err) &&
           connection_run(&job->connection, "DROP TABLE pg_temp.pgsyncer_options", err);
}

/* The session that this program has with main, looked for through the stand-in's server. */
static bool count_ourselves(struct apply_job *job, const char *server, char **count, struct error *err)
{
    static const char who[] = "SELECT a.pid, a.backend_start FROM pg_catalog.pg_stat_activity AS a"
                              " WHERE a.pid = pg_catalog.pg_backend_pid()";
    cleanup(result_clear) PGresult *ourselves = NULL;
    cleanup(text_free) struct text sql = {0};

    text_append(&sql, "CREATE FOREIGN TABLE pg_temp.pgsyncer_main (pid int4, backend_start timestamptz) SERVER ");
    quote_identifier(&sql, server);
    text_append(&sql, " OPTIONS (schema_name 'pg_catalog', table_name 'pg_stat_activity')");
    if (!connection_query(&job->main_connection, who, 0, NULL, &ourselves, err) ||
        !connection_run(&job->connection, sql.data, err))
        return false;
    if (PQntuples(ourselves) != 1)
        return error_set(err, ERROR_INTERNAL, "main: pg_stat_activity does not list our own session");
    const char *const parameters[] = {PQgetvalue(ourselves, 0, 0), PQgetvalue(ourselves, 0, 1)};
    return connection_value(&job->connection,
                            "SELECT count(*) FROM pg_temp.pgsyncer_main AS m"
                            " WHERE m.pid = $1::int4 AND m.backend_start = $2::timestamptz",
                            2, parameters, count, err) &&
           foreign_table_drop(job, err);
}

/* "localhost" and a socket's folder are another place for the stand-in's server than for us. */
static bool check_same_server(struct apply_job *job, const char *server, struct error *err)
{
    cleanup(free_string) char *count = NULL;

    if (!count_ourselves(job, server, &count, err)) {
        explain_main(err);
        if (err->code == ERROR_CONNECTION && strcmp(err->sqlstate, NO_PASSWORD) != 0)
            error_hint(err,
                       "The stand-in's server connects to main itself: the address in --maindsn (%s, port %s), and "
                       "files that it names, must hold there too.",
                       PQhost(job->main_connection.pg), PQport(job->main_connection.pg));
        return error_context(err, "reaching main from the stand-in's server");
    }
    if (strcmp(count, "1") == 0)
        return true;
    error_set(err, ERROR_CONNECTION,
              "what the stand-in's server finds at %s, port %s is not the server that is there for this program",
              PQhost(job->main_connection.pg), PQport(job->main_connection.pg));
    return error_hint(err, "Give main's address in --maindsn as it holds on both machines.");
}

bool foreign_server_open(struct apply_job *job, struct error *err)
{
    cleanup(free_string) char *server = server_name(job), *wrapper = NULL;

    if (!fetches_rows(job))
        return true;
    if (!find_wrapper(job, server, &wrapper, err))
        return error_context(err, "creating the extension postgres_fdw");
    cleanup(free_string) char *description = describe_server(job, server, wrapper);
    bool made = make_server(job, description, err);
    explicit_bzero(description, strlen(description));
    return made ? check_same_server(job, server, err) : error_context(err, "making a foreign server for main");
}

bool foreign_server_close(struct apply_job *job, struct error *err)
{
    cleanup(free_string) char *server = server_name(job);
    cleanup(text_free) struct text name = {0}, sql = {0};

    if (!fetches_rows(job))
        return true;
    quote_identifier(&name, server);
    text_appendf(&sql, "DROP USER MAPPING FOR CURRENT_USER SERVER %s; DROP SERVER %s", name.data, name.data);
    if (job->made_extension)
        text_appendf(&sql, "; DROP EXTENSION postgres_fdw; DROP SCHEMA %s", name.data);
    return connection_run(&job->connection, sql.data, err) || error_context(err, "removing the foreign server of main");
}

static char *describe_table(const struct plan_table *table, const char *server, uint64_t fetch_size)
{
    const struct table_shape *shape = &table->shape;
    json_t *columns = json_array(), *key = json_array();
    size_t length;
    char size[32];

    for (size_t i = 0; i < shape->column_count; i++)
        if (shape->columns[i].form != FORM_NONE)
            json_array_append_new(columns, json_string(shape->columns[i].name));
    for (size_t i = 0; i < shape->key_count; i++)
        json_array_append_new(key, json_string(shape->columns[shape->key[i]].name));
    snprintf(size, sizeof size, "%" PRIu64, fetch_size);
    cleanup(json_release) json_t *description =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:s}", "server", server, "schema", shape->schema, "name", shape->name,
                  "columns", columns, "key", key, "fetch_size", size);
    return json_print(description, &length);
}

bool foreign_table_create(struct apply_job *job, size_t number, struct main_lookup *lookup, struct error *err)
{
    const struct plan_table *table = &job->plan.manifest->tables[number];
    cleanup(free_string) char *server = server_name(job);
    cleanup(result_clear) PGresult *made = NULL;
    uint64_t fetch_size;

    if (!main_fetch_size(job, table, &fetch_size, err))
        return explain_main(err);
    cleanup(free_string) char *description = describe_table(table, server, fetch_size);
    const char *const parameters[] = {description};
    if (!connection_query(&job->connection, sql_main_table, 1, parameters, &made, err) ||
        !connection_run(&job->connection, PQgetvalue(made, 0, 0), err))
        return error_context(err, "making a foreign table for main's");
    lookup->condition = PQgetisnull(made, 0, 1) ? NULL : copy_string(PQgetvalue(made, 0, 1));
    lookup->keys = strtoull(PQgetvalue(made, 0, 2), NULL, 10);
    return true;
}

bool foreign_table_drop(struct apply_job *job, struct error *err)
{
    return connection_run(&job->connection, "DROP FOREIGN TABLE pg_temp.pgsyncer_main", err);
}

bool explain_main(struct error *err)
{
    const char *state = err->sqlstate;
    bool of_values = strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0;
    bool of_names = strcmp(state, "42P01") == 0 || strcmp(state, "42703") == 0 || strcmp(state, "3F000") == 0;

    if (strcmp(state, NO_PASSWORD) == 0) {
        err->code = ERROR_CONNECTION;
        return error_hint(err, "postgres_fdw lets only a superuser of the stand-in connect to a main that asks for no "
                               "password.");
    }
    if (err->code != ERROR_INTERNAL || (!of_values && !of_names))
        return false;
    err->code = ERROR_BASE_STATE;
    return error_hint(err, "Main has moved on since the plan was made. Nothing was changed; make a new plan.");
}
