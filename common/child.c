/* A program that runs as a child process. */
#include "common/child.h"

#include "common/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void strings_add(struct strings *strings, char *owned)
{
    array_reserve((void **)&strings->items, &strings->capacity, strings->count + 2, sizeof *strings->items);
    strings->items[strings->count++] = owned;
    strings->items[strings->count] = NULL;
}

void strings_free(struct strings *strings)
{
    for (size_t i = 0; i < strings->count; i++) {
        explicit_bzero(strings->items[i], strlen(strings->items[i]));
        free(strings->items[i]);
    }
    free(strings->items);
    *strings = (struct strings){0};
}

void child_close(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

bool child_reap(struct child *child, int *status, struct error *err)
{
    pid_t process = child->process;

    child->process = 0;
    while (waitpid(process, status, 0) < 0)
        if (errno != EINTR)
            return error_set(err, ERROR_INTERNAL, "waiting for a child process failed: %s", strerror(errno));
    return true;
}

void child_end(struct child *child)
{
    child_close(&child->input);
    child_close(&child->output);
    child_close(&child->errors);
    if (child->process > 0) {
        kill(child->process, SIGTERM);
        while (waitpid(child->process, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    child->process = 0;
}

/* Three pipes, [0] to read from. */
struct pipes {
    int input[2], output[2], errors[2];
};

static void pipes_close(struct pipes *pipes)
{
    for (int end = 0; end < 2; end++) {
        child_close(&pipes->input[end]);
        child_close(&pipes->output[end]);
        child_close(&pipes->errors[end]);
    }
}

static int spawn(struct child *child, const struct strings *arguments, const struct strings *environment,
                 const struct pipes *pipes)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    int failure;

    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_init(&actions);
    if (pipes->input[0] >= 0)
        posix_spawn_file_actions_adddup2(&actions, pipes->input[0], STDIN_FILENO);
    else
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipes->output[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipes->errors[1], STDERR_FILENO);
    failure =
        posix_spawnp(&child->process, arguments->items[0], &actions, &attributes, arguments->items, environment->items);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure;
}

bool child_start(struct child *child, const struct strings *arguments, const struct strings *environment,
                 bool with_input, struct error *err)
{
    cleanup(pipes_close) struct pipes pipes = {{-1, -1}, {-1, -1}, {-1, -1}};

    *child = (struct child){.input = -1, .output = -1, .errors = -1};
    if ((with_input && pipe2(pipes.input, O_CLOEXEC) != 0) || pipe2(pipes.output, O_CLOEXEC) != 0 ||
        pipe2(pipes.errors, O_CLOEXEC) != 0)
        return error_set(err, ERROR_INTERNAL, "a pipe to %s could not be made: %s", arguments->items[0],
                         strerror(errno));
    int failure = spawn(child, arguments, environment, &pipes);
    if (failure != 0) {
        child->process = 0;
        return error_set(err, ERROR_USAGE, "%s could not be started: %s", arguments->items[0], strerror(failure));
    }
    child->input = pipes.input[1];
    child->output = pipes.output[0];
    child->errors = pipes.errors[0];
    pipes.input[1] = pipes.output[0] = pipes.errors[0] = -1;
    return true;
}

bool child_take_bytes(int *descriptor, struct text *text, size_t most)
{
    char buffer[65536];
    ssize_t count = read(*descriptor, buffer, sizeof buffer);

    if (count > 0 && text->length + (size_t)count > most)
        return false;
    if (count > 0)
        text_append_bytes(text, buffer, (size_t)count);
    else if (count == 0 || (errno != EINTR && errno != EAGAIN))
        child_close(descriptor);
    return true;
}

void conninfo_append(struct text *conninfo, const char *keyword, const char *value)
{
    text_appendf(conninfo, "%s%s='", conninfo->length > 0 ? " " : "", keyword);
    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '\'' || *at == '\\')
            text_append_char(conninfo, '\\');
        text_append_char(conninfo, *at);
    }
    text_append_char(conninfo, '\'');
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* A variable that libpq reads: the connection has resolved it. */
static bool is_resolved(const char *variable, const PQconninfoOption *options)
{
    size_t length = strcspn(variable, "=");

    for (; options->keyword != NULL; options++)
        if (options->envvar != NULL && strlen(options->envvar) == length &&
            strncmp(options->envvar, variable, length) == 0)
            return true;
    return starts_with(variable, "PGSERVICEFILE=");
}

static void add_variable(struct strings *environment, const char *name, const char *value)
{
    if (value != NULL && *value != '\0')
        strings_add(environment, format_string("%s=%s", name, value));
}

static void free_conninfo(PQconninfoOption **options)
{
    PQconninfoFree(*options);
}

/* What no variable can say. */
static bool append_rest(const struct connection *connection, const PQconninfoOption *option, struct text *conninfo,
                        struct error *err)
{
    if (option->val == NULL || strcmp(option->keyword, "replication") == 0)
        return true;
    if (option->compiled != NULL && strcmp(option->val, option->compiled) == 0)
        return true;
    if (!starts_with(option->keyword, "keepalives") && strcmp(option->keyword, "tcp_user_timeout") != 0)
        return error_set(err, ERROR_REFUSED,
                         "%s: the connection has the parameter %s, which another program can only be given as an "
                         "argument that others can see",
                         connection->side, option->keyword);
    conninfo_append(conninfo, option->keyword, option->val);
    return true;
}

bool child_environment(const struct connection *connection, struct strings *environment, struct text *conninfo,
                       struct error *err)
{
    cleanup(free_conninfo) PQconninfoOption *options = PQconninfo(connection->pg);
    const char *application = NULL, *fallback = NULL;

    if (options == NULL)
        return error_set(err, ERROR_INTERNAL, "%s: the connection does not say its parameters", connection->side);
    for (char **variable = environ; *variable != NULL; variable++)
        if (!is_resolved(*variable, options))
            strings_add(environment, copy_string(*variable));
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
        const char *name = option->keyword, *value = option->val;

        if (strcmp(name, "service") == 0 || strcmp(name, "client_encoding") == 0)
            continue;
        if (strcmp(name, "application_name") == 0 || strcmp(name, "fallback_application_name") == 0) {
            *(name[0] == 'a' ? &application : &fallback) = value;
            continue;
        }
        /* The host is the one reached. */
        if (strcmp(name, "host") == 0)
            value = PQhost(connection->pg);
        else if (strcmp(name, "port") == 0)
            value = PQport(connection->pg);
        else if (strcmp(name, "hostaddr") == 0 && value != NULL)
            value = PQhostaddr(connection->pg);
        else if (strcmp(name, "password") == 0)
            value = PQpass(connection->pg);
        if (value == NULL || *value == '\0')
            continue;
        if (option->envvar != NULL)
            add_variable(environment, option->envvar, value);
        else if (!append_rest(connection, option, conninfo, err))
            return false;
    }
    add_variable(environment, "PGAPPNAME", application != NULL && *application != '\0' ? application : fallback);
    return true;
}
