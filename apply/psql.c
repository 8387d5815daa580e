/* psql as a child process, and the session that it has. */
#include "apply/psql.h"

#include "common/child_run.h"
#include "common/interrupt.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/quote.h"
#include "format/script_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    OUTPUT_MOST = 1 << 30,   /* bytes of one result */
    MESSAGES_MOST = 1 << 26, /* bytes of one message */
    PATIENCE_MS = 10000,     /* for its end, once it was told to stop */
    OLDEST_VERSION = 10
};

static const char name_it[] = "Name the program with --psql PATH, or leave out --force-psql.";

static const char said_prefix[] = "pgsyncer: ", reached[] = "reached";

bool psql_check(const char *program, struct error *err)
{
    long version = 0;

    if (!child_version(program, "psql", &version, err))
        return error_hint(err, "%s", name_it);
    if (version >= OLDEST_VERSION)
        return true;
    error_set(err, ERROR_REFUSED, "%s is too old", program);
    error_detail(err, "It has version %ld; the script takes %d or newer.", version, OLDEST_VERSION);
    return error_hint(err, "%s", name_it);
}

bool psql_start(struct psql *psql, const char *program, const struct connection *connection,
                void (*hear)(void *context, const char *said), void *context, struct error *err)
{
    static const char *const arguments[] = {
        "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=verbose", "--no-password", "--file=-"};
    cleanup(strings_free) struct strings words = {0}, environment = {0};
    cleanup(text_free) struct text conninfo = {0};

    *psql = (struct psql){
        .program = program, .child = {.input = -1, .output = -1, .errors = -1}, .hear = hear, .context = context};
    if (!child_environment(connection, &environment, &conninfo, err))
        return error_hint(err, "Leave out --force-psql.");
    /* Its own words in a language that psql_message_take() knows; the later of two variables counts for nobody. */
    for (size_t i = 0; i < environment.count; i++)
        if (strncmp(environment.items[i], "LC_ALL=", 7) == 0) {
            free(environment.items[i]);
            environment.items[i] = environment.items[--environment.count];
            environment.items[environment.count] = NULL;
            break;
        }
    strings_add(&environment, copy_string("LC_ALL=C"));
    strings_add(&environment, copy_string("PGCLIENTENCODING=UTF8"));
    strings_add(&words, copy_string(program));
    for (size_t i = 0; i < array_length(arguments); i++)
        strings_add(&words, copy_string(arguments[i]));
    if (conninfo.length > 0)
        strings_add(&words, format_string("--dbname=%s", conninfo.data));
    if (!child_start(&psql->child, &words, &environment, true, err))
        return error_hint(err, "%s", name_it);
    const int descriptors[] = {psql->child.input, psql->child.output, psql->child.errors};
    for (size_t i = 0; i < array_length(descriptors); i++)
        if (fcntl(descriptors[i], F_SETFL, O_NONBLOCK) != 0)
            return error_set(err, ERROR_INTERNAL, "a pipe to %s: %s", program, strerror(errno));
    return true;
}

/* The exit status that the script's own SQLSTATEs name: PS007 is 7. */
static enum error_code code_of(const char *sqlstate)
{
    static const enum error_code codes[] = {ERROR_ARCHIVE, ERROR_BASE_STATE, ERROR_ALREADY_APPLIED, ERROR_CONFLICT,
                                            ERROR_VERIFICATION};

    for (size_t i = 0; i < array_length(codes) && strncmp(sqlstate, "PS", 2) == 0; i++)
        if (strtol(sqlstate + 2, NULL, 10) == error_exit_status(codes[i]))
            return codes[i];
    return connection_code_of(sqlstate);
}

static void keep_failure(struct error *failure, const struct psql_message *message)
{
    bool of_script = strncmp(message->sqlstate, "PS", 2) == 0;

    error_set(failure, code_of(message->sqlstate), "%s%s", of_script ? "" : "stand-in: ", message->message.data);
    if (!of_script)
        error_sqlstate(failure, message->sqlstate);
    if (message->detail.length > 0)
        error_detail(failure, "%s", message->detail.data);
    if (message->hint.length > 0)
        error_hint(failure, "%s", message->hint.data);
}

static void understand(struct psql *psql, bool at_end)
{
    for (;;) {
        cleanup(psql_message_free) struct psql_message message = {0};
        if (!psql_message_take(&psql->messages, psql->program, at_end, &message, &psql->other))
            return;
        const char *text = message.message.data;
        if (strncmp(text, said_prefix, strlen(said_prefix)) == 0 && !message.is_error) {
            text += strlen(said_prefix);
            if (strcmp(text, reached) == 0)
                psql->reached = true;
            else
                psql->hear(psql->context, text);
        } else if (!message.is_error) {
            log_warning("stand-in: %s", text);
        } else if (psql->failure.code == ERROR_NONE) {
            keep_failure(&psql->failure, &message);
        }
    }
}

/* Everything that is there of standard output, so that what came before a message is not taken for what comes after. */
static bool take_output(struct psql *psql, struct error *err)
{
    struct pollfd wait = {.events = POLLIN};

    while (psql->child.output >= 0) {
        wait.fd = psql->child.output;
        if (poll(&wait, 1, 0) <= 0)
            break;
        if (!child_take_bytes(&psql->child.output, &psql->output, OUTPUT_MOST))
            return error_set(err, ERROR_INTERNAL, "%s writes more than %d bytes", psql->program, OUTPUT_MOST);
        if (!psql->collecting)
            text_clear(&psql->output);
    }
    return true;
}

/* Takes what psql wrote; waits until it wrote something, or can be written to. */
static bool listen_to(struct psql *psql, bool writing, int patience, struct error *err)
{
    struct pollfd waits[] = {{psql->child.output, POLLIN, 0},
                             {psql->child.errors, POLLIN, 0},
                             {writing ? psql->child.input : -1, POLLOUT, 0}};

    if (poll(waits, array_length(waits), patience) < 0 && errno != EINTR)
        return error_set(err, ERROR_INTERNAL, "waiting for %s failed: %s", psql->program, strerror(errno));
    if (waits[1].revents != 0 && !child_take_bytes(&psql->child.errors, &psql->messages, MESSAGES_MOST))
        return error_set(err, ERROR_INTERNAL, "%s writes a message of more than %d bytes", psql->program,
                         MESSAGES_MOST);
    if (!take_output(psql, err))
        return false;
    if (waits[1].revents != 0)
        understand(psql, psql->child.errors < 0);
    psql->gone = psql->child.errors < 0 && psql->child.output < 0;
    return true;
}

static bool listen_or_stop(struct psql *psql, bool writing, struct error *err)
{
    struct pollfd waits[] = {{psql->child.output, POLLIN, 0},
                             {psql->child.errors, POLLIN, 0},
                             {writing ? psql->child.input : -1, POLLOUT, 0},
                             {interrupt_fd(), POLLIN, 0}};

    if (psql->gone)
        return true;
    if (poll(waits, array_length(waits), -1) < 0 && errno != EINTR)
        return error_set(err, ERROR_INTERNAL, "waiting for %s failed: %s", psql->program, strerror(errno));
    if (!interrupt_check(err)) {
        psql_stop(psql);
        return false;
    }
    return listen_to(psql, writing, 0, err);
}

/* What it said itself, else how it ended. It is gone, or has closed its ends. */
static bool fail_as_psql_did(struct psql *psql, struct error *err)
{
    if (err->code != ERROR_NONE)
        return false;
    if (psql->failure.code != ERROR_NONE) {
        *err = psql->failure;
        psql->failure = (struct error){0};
        return false;
    }
    if (psql->child.process > 0 && !child_reap(&psql->child, &psql->status, err))
        return false;
    if (WIFSIGNALED(psql->status))
        error_set(err, ERROR_CONNECTION, "%s was ended by signal %d", psql->program, WTERMSIG(psql->status));
    else if (WEXITSTATUS(psql->status) != 0)
        error_set(err, ERROR_CONNECTION, "%s failed with exit status %d", psql->program, WEXITSTATUS(psql->status));
    else
        error_set(err, ERROR_CONNECTION, "%s ended before its work was done", psql->program);
    return psql->other.length > 0 ? error_detail(err, "%s", psql->other.data) : false;
}

static bool send(struct psql *psql, const char *bytes, size_t length, struct error *err)
{
    while (length > 0) {
        if (psql->child.input < 0) { /* it says why before it goes */
            while (!psql->gone)
                if (!listen_or_stop(psql, false, err))
                    return false;
            return fail_as_psql_did(psql, err);
        }
        ssize_t written = write(psql->child.input, bytes, length);
        if (written < 0 && errno == EPIPE)
            child_close(&psql->child.input);
        else if (written < 0 && errno != EAGAIN && errno != EINTR)
            return error_set(err, ERROR_INTERNAL, "cannot write to %s: %s", psql->program, strerror(errno));
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        }
        if (length > 0 ? !listen_or_stop(psql, psql->child.input >= 0, err) : !listen_to(psql, false, 0, err))
            return false;
    }
    return true;
}

/* Of the stream. What went wrong shows in psql_sync() or psql_finish(). */
static ssize_t write_stream(void *cookie, const char *bytes, size_t length)
{
    struct psql *psql = cookie;
    cleanup(error_clear) struct error failure = {0};

    if (send(psql, bytes, length, &failure))
        return (ssize_t)length;
    if (psql->failure.code == ERROR_NONE) {
        psql->failure = failure;
        failure = (struct error){0};
    }
    return 0;
}

FILE *psql_stream(struct psql *psql)
{
    FILE *stream = fopencookie(psql, "w", (cookie_io_functions_t){.write = write_stream});

    if (stream != NULL)
        setvbuf(stream, NULL, _IOFBF, 1 << 16);
    return stream;
}

bool psql_sync(struct psql *psql, struct error *err)
{
    cleanup(text_free) struct text body = {0}, sql = {0};

    text_append(&body, "BEGIN ");
    script_info(&body, reached, NULL);
    text_append(&body, "END");
    text_append(&sql, "DO ");
    script_quote(&sql, body.data);
    text_append(&sql, ";\n");
    psql->reached = false;
    if (!send(psql, sql.data, sql.length, err))
        return false;
    while (!psql->reached) {
        if (psql->gone)
            return fail_as_psql_did(psql, err);
        if (!listen_or_stop(psql, false, err))
            return false;
    }
    return true;
}

bool psql_finish(struct psql *psql, struct error *err)
{
    child_close(&psql->child.input);
    while (!psql->gone && psql->child.process > 0)
        if (!listen_or_stop(psql, false, err))
            return false;
    if (psql->failure.code != ERROR_NONE || psql->child.process == 0)
        return fail_as_psql_did(psql, err);
    if (!child_reap(&psql->child, &psql->status, err))
        return false;
    return psql->status == 0 || fail_as_psql_did(psql, err);
}

void psql_stop(struct psql *psql)
{
    cleanup(error_clear) struct error ignored = {0};
    int quiet_rounds = 0;

    if (psql->child.process > 0)
        kill(psql->child.process, SIGINT); /* it cancels what runs, as on a terminal, and ends the script */
    child_close(&psql->child.input);
    while (!psql->gone && quiet_rounds++ < 10 && listen_to(psql, false, PATIENCE_MS / 10, &ignored))
        continue;
    child_end(&psql->child);
    psql->gone = true;
}

void psql_end(struct psql *psql)
{
    child_end(&psql->child);
    text_free(&psql->output);
    text_free(&psql->messages);
    text_free(&psql->other);
    error_clear(&psql->failure);
}

/* The query with its parameters as literals, without comments: they speak of parameters, and a value's newline would
 * end one. Names of tables may have all of this in them. */
static void put_parameters(struct text *sql, const char *query, size_t count, const char *const *parameters)
{
    char quote = '\0';

    for (const char *at = query; *at != '\0'; at++) {
        size_t number = quote == '\0' && at[0] == '$' && at[1] > '0' && at[1] <= '9' ? (size_t)(at[1] - '0') : 0;

        if (quote == '\0' && at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n") - 1;
            continue;
        }
        if (quote != '\0')
            quote = (char)(*at == quote ? '\0' : quote);
        else if (*at == '\'' || *at == '"')
            quote = *at;
        if (number == 0 || number > count) {
            text_append_char(sql, *at);
            continue;
        }
        text_append(sql, "(");
        if (parameters[number - 1] != NULL)
            quote_literal(sql, parameters[number - 1]);
        else
            text_append(sql, "NULL");
        text_append(sql, ")");
        at++;
    }
    while (sql->length > 0 && strchr("; \n", sql->data[sql->length - 1]) != NULL)
        sql->data[--sql->length] = '\0';
}

bool psql_query(struct connection *connection, const char *sql, size_t parameter_count, const char *const *parameters,
                PGresult **result, struct error *err)
{
    struct psql *psql = connection->context;
    cleanup(text_free) struct text query = {0}, statement = {0}, line = {0};

    put_parameters(&query, sql, parameter_count, parameters);
    if (result == NULL)
        text_append(&statement, query.data);
    else
        text_appendf(&statement, "COPY (\n%s\n) TO STDOUT WITH (FORMAT csv, HEADER true, FORCE_QUOTE *)", query.data);
    text_append(&line, "SELECT ");
    script_quote(&line, statement.data);
    text_append(&line, " \\gexec\n");
    psql->collecting = true;
    bool run = send(psql, line.data, line.length, err) && psql_sync(psql, err);
    psql->collecting = false;
    if (run && result != NULL) {
        *result = psql_result(psql->output.data != NULL ? psql->output.data : "", psql->output.length);
        run = *result != NULL || error_set(err, ERROR_INTERNAL, "%s wrote another thing than a result", psql->program);
    }
    text_clear(&psql->output);
    return run;
}
