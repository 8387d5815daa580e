/* An event loop over the connections of a few databases. */
#include "common/pool.h"

#include "common/interrupt.h"
#include "common/memory.h"

#include <errno.h>
#include <poll.h>

struct queued {
    struct task task;
    struct queued *next;
};

struct worker {
    struct connection *connection;
    size_t side;
    struct queued *running; /* NULL: idle */
    bool copying, flushing;
    bool held; /* its task was found paused: rows may wait in libpq's buffer */
};

struct queue {
    struct queued *first, **last;
};

struct pool {
    struct worker *workers;
    size_t worker_count;
    struct queue *queues; /* one per database */
    size_t side_count;
    struct pollfd *waits; /* one per worker, and the interrupt */
};

struct pool *pool_new(struct database *const *databases, size_t count)
{
    struct pool *pool = allocate(1, sizeof *pool);

    for (size_t side = 0; side < count; side++)
        pool->worker_count += databases[side]->connection_count;
    pool->workers = allocate(pool->worker_count, sizeof *pool->workers);
    pool->waits = allocate(pool->worker_count + 1, sizeof *pool->waits);
    pool->queues = allocate(count, sizeof *pool->queues);
    pool->side_count = count;
    struct worker *worker = pool->workers;
    for (size_t side = 0; side < count; side++) {
        pool->queues[side].last = &pool->queues[side].first;
        for (size_t i = 0; i < databases[side]->connection_count; i++)
            *worker++ = (struct worker){.connection = &databases[side]->connections[i], .side = side};
    }
    return pool;
}

static struct queued *take_first(struct queue *queue)
{
    struct queued *first = queue->first;

    if (first != NULL) {
        queue->first = first->next;
        if (queue->first == NULL)
            queue->last = &queue->first;
    }
    return first;
}

static void empty_queues(struct pool *pool)
{
    for (size_t side = 0; side < pool->side_count; side++)
        for (struct queued *queued; (queued = take_first(&pool->queues[side])) != NULL;)
            free(queued);
}

void pool_free(struct pool *pool)
{
    if (pool == NULL)
        return;
    empty_queues(pool);
    free(pool->workers);
    free(pool->waits);
    free(pool->queues);
    free(pool);
}

void pool_cleanup(struct pool **pool)
{
    pool_free(*pool);
    *pool = NULL;
}

void pool_add(struct pool *pool, size_t side, const struct task_spec *spec, uint64_t payload)
{
    struct queued *queued = allocate(1, sizeof *queued);
    struct queue *queue = &pool->queues[side];

    queued->task = (struct task){.spec = *spec, .side = side, .payload = payload};
    *queue->last = queued;
    queue->last = &queued->next;
}

static bool start(struct worker *worker, struct queued *queued, struct error *err)
{
    const struct task_spec *spec = &queued->task.spec;
    PGconn *pg = worker->connection->pg;

    worker->running = queued;
    worker->copying = worker->held = false;
    worker->flushing = true;
    if (!PQsendQueryParams(pg, spec->sql, (int)spec->parameter_count, NULL, spec->parameters, NULL, NULL, 0))
        return connection_check(worker->connection, NULL, err);
    if (spec->single_rows && !PQsetSingleRowMode(pg))
        return error_set(err, ERROR_INTERNAL, "a result cannot be read row by row");
    return true;
}

static bool finish_task(struct worker *worker, struct error *err)
{
    struct queued *queued = take(worker->running);
    bool done = queued->task.spec.done == NULL || queued->task.spec.done(&queued->task, err);

    free(queued);
    return done;
}

static bool deliver_rows(struct task *task, const PGresult *result, struct error *err)
{
    int count = task->spec.row != NULL ? PQntuples(result) : 0;

    for (int row = 0; row < count; row++)
        if (!task->spec.row(task, result, row, err))
            return false;
    return true;
}

/* Takes the rows of a COPY that have come; false with no error set means: wait for more. */
static bool take_copied(struct worker *worker, struct error *err)
{
    struct task *task = &worker->running->task;

    while (!task->paused) {
        char *bytes = NULL;
        int length = PQgetCopyData(worker->connection->pg, &bytes, 1);

        if (length == 0)
            return false;
        if (length < 0) { /* the end, or a failure that the next result tells */
            worker->copying = false;
            return true;
        }
        bool taken = task->spec.data == NULL || task->spec.data(task, bytes, (size_t)length, err);
        PQfreemem(bytes);
        if (!taken)
            return false;
    }
    return false;
}

/* SQL_ASCII keeps bytes out of no table, and some encodings have characters that UTF8 has not. */
static void explain_table(const struct task_spec *spec, struct error *err)
{
    error_context(err, "rows of %s.%s", spec->schema, spec->table);
    if (strcmp(err->sqlstate, "22021") != 0 && strcmp(err->sqlstate, "22P05") != 0)
        return;
    err->code = ERROR_REFUSED;
    error_hint(err, "Rows are read as text in UTF8, and this one is none. Mend it, or leave its table out "
                    "(--exclude-table).");
}

/* Takes what has come; returns when more must be waited for, the task is over, or it paused. */
static bool advance(struct worker *worker, struct error *err)
{
    PGconn *pg = worker->connection->pg;

    while (worker->running != NULL && !worker->running->task.paused) {
        if (worker->copying) {
            if (!take_copied(worker, err))
                return err->code == ERROR_NONE;
            continue;
        }
        if (PQisBusy(pg))
            return true;
        PGresult *result = PQgetResult(pg);
        if (result == NULL)
            return finish_task(worker, err);
        const struct task_spec *spec = &worker->running->task.spec;
        bool good = connection_check(worker->connection, result, err);
        if (!good && spec->table != NULL)
            explain_table(spec, err);
        if (good && PQresultStatus(result) == PGRES_COPY_OUT)
            worker->copying = true;
        else if (good)
            good = deliver_rows(&worker->running->task, result, err);
        PQclear(result);
        if (!good)
            return false;
    }
    return true;
}

static bool is_alone(const struct queued *queued)
{
    return queued != NULL && queued->task.spec.alone;
}

/* May a task be started on this worker now? One that must be alone is the next as soon as it is the first of a queue.
 */
static bool may_start(const struct pool *pool, const struct worker *worker)
{
    bool running = false, alone_runs = false, alone_waits = false;

    for (size_t i = 0; i < pool->worker_count; i++) {
        running = running || pool->workers[i].running != NULL;
        alone_runs = alone_runs || is_alone(pool->workers[i].running);
    }
    for (size_t side = 0; side < pool->side_count; side++)
        alone_waits = alone_waits || is_alone(pool->queues[side].first);
    if (worker->running != NULL || alone_runs)
        return false;
    return !alone_waits || (!running && is_alone(pool->queues[worker->side].first));
}

static bool dispatch(struct pool *pool, bool *busy, struct error *err)
{
    *busy = false;
    for (size_t i = 0; i < pool->worker_count; i++) {
        struct worker *worker = &pool->workers[i];
        struct queued *queued = may_start(pool, worker) ? take_first(&pool->queues[worker->side]) : NULL;

        if (queued != NULL && !start(worker, queued, err))
            return false;
        *busy = *busy || worker->running != NULL;
    }
    return true;
}

static bool flush_out(struct worker *worker, struct error *err)
{
    int pending = PQflush(worker->connection->pg);

    worker->flushing = pending > 0;
    return pending >= 0 || connection_check(worker->connection, NULL, err);
}

/* Waits for any connection that can go on. Paused ones are not read; resumed ones may have rows in hand already. */
static bool wait_for_any(struct pool *pool, struct error *err)
{
    for (size_t i = 0; i < pool->worker_count; i++) {
        struct worker *worker = &pool->workers[i];
        bool reads = worker->running != NULL && !worker->running->task.paused;

        if (worker->flushing && !flush_out(worker, err))
            return false;
        pool->waits[i] = (struct pollfd){
            .fd = reads || worker->flushing ? PQsocket(worker->connection->pg) : -1,
            .events = (short)((reads ? POLLIN : 0) | (worker->flushing ? POLLOUT : 0)),
        };
    }
    pool->waits[pool->worker_count] = (struct pollfd){.fd = interrupt_fd(), .events = POLLIN};
    if (poll(pool->waits, pool->worker_count + 1, -1) < 0 && errno != EINTR)
        return error_set(err, ERROR_INTERNAL, "poll: %s", strerror(errno));
    return interrupt_check(err);
}

/*
 * Also those that were not readable: a callback of another may have resumed them, and what waits in libpq's buffer
 * would not wake poll().
 */
static bool advance_all(struct pool *pool, struct error *err)
{
    bool again;

    do {
        again = false;
        for (size_t i = 0; i < pool->worker_count; i++) {
            struct worker *worker = &pool->workers[i];

            if (worker->running != NULL && !advance(worker, err))
                return false;
            worker->held = worker->running != NULL && worker->running->task.paused;
        }
        for (size_t i = 0; i < pool->worker_count; i++)
            again = again || (pool->workers[i].held && !pool->workers[i].running->task.paused);
    } while (again);
    return true;
}

static bool run_step(struct pool *pool, bool *busy, struct error *err)
{
    if (!dispatch(pool, busy, err))
        return false;
    if (!*busy)
        return true;
    if (!wait_for_any(pool, err))
        return false;
    for (size_t i = 0; i < pool->worker_count; i++) {
        struct worker *worker = &pool->workers[i];

        if (pool->waits[i].fd < 0 || (pool->waits[i].revents & ~POLLOUT) == 0)
            continue;
        if (!PQconsumeInput(worker->connection->pg))
            return connection_check(worker->connection, NULL, err);
    }
    return advance_all(pool, err);
}

/* After a failure: nothing of ours runs on any server, and each connection can be used again. */
static void stop(struct pool *pool)
{
    char message[256];

    empty_queues(pool);
    for (size_t i = 0; i < pool->worker_count; i++) {
        PGcancel *cancel = pool->workers[i].running != NULL ? PQgetCancel(pool->workers[i].connection->pg) : NULL;
        if (cancel != NULL) {
            PQcancel(cancel, message, sizeof message);
            PQfreeCancel(cancel);
        }
    }
    for (size_t i = 0; i < pool->worker_count; i++) {
        struct worker *worker = &pool->workers[i];
        PGresult *result;

        while (worker->running != NULL && (result = PQgetResult(worker->connection->pg)) != NULL) {
            char *bytes;
            if (PQresultStatus(result) == PGRES_COPY_OUT)
                while (PQgetCopyData(worker->connection->pg, &bytes, 0) > 0)
                    PQfreemem(bytes);
            PQclear(result);
            if (PQstatus(worker->connection->pg) == CONNECTION_BAD)
                break;
        }
        free(take(worker->running));
        worker->flushing = false;
    }
}

bool pool_run(struct pool *pool, struct error *err)
{
    bool busy = true;

    while (busy)
        if (!run_step(pool, &busy, err)) {
            stop(pool);
            return false;
        }
    return true;
}

bool pool_run_everywhere(struct pool *pool, const char *sql, struct error *err)
{
    for (size_t i = 0; i < pool->worker_count; i++)
        if (!connection_query(pool->workers[i].connection, sql, 0, NULL, NULL, err))
            return false;
    return true;
}
