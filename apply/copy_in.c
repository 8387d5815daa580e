/*
 * Rows of the plan into a COPY. They are lines of text there; where the columns' types allow it they go in the binary
 * format, up to the first row that has no such form: from it on, a second COPY takes text.
 */
#include "apply/copy_in.h"

#include "apply/copy_binary.h"
#include "common/memory.h"

/* A line is here as a whole to be put in the binary format: not one that is longer. */
enum { LONGEST_LINE = 1024 * 1024 };

struct row_stream {
    struct apply_job *job;
    const char *what; /* the table, for the progress display */
    const char *sql;
    uint64_t rows; /* that the server took */
    bool is_binary;
    struct binary_columns columns;
    struct text started; /* a line whose end has not come */
    struct text out;
};

static void stream_close(struct row_stream *stream)
{
    binary_columns_free(&stream->columns);
    text_free(&stream->started);
    text_free(&stream->out);
}

static bool send(struct row_stream *stream, const char *bytes, size_t length, struct error *err)
{
    return connection_copy_put(&stream->job->connection, bytes, length, err);
}

static bool end_copy(struct row_stream *stream, struct error *err)
{
    uint64_t rows = 0;

    if (stream->is_binary) {
        copy_binary_end(&stream->out);
        if (!send(stream, stream->out.data, stream->out.length, err))
            return false;
        text_clear(&stream->out);
    }
    if (!connection_copy_end(&stream->job->connection, &rows, err))
        return false;
    stream->rows += rows;
    return true;
}

/* From what has not been sent on: a line that has begun, and more bytes. */
static bool go_on_as_text(struct row_stream *stream, const char *bytes, size_t length, struct error *err)
{
    if (!end_copy(stream, err))
        return false;
    stream->is_binary = false;
    return connection_query(&stream->job->connection, stream->sql, 0, NULL, NULL, err) &&
           send(stream, stream->started.data, stream->started.length, err) && send(stream, bytes, length, err);
}

static bool put_lines(struct row_stream *stream, const char *bytes, size_t length, struct error *err)
{
    const char *at = bytes, *end = bytes + length, *newline;

    while (at < end && (newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        const char *line = at;
        size_t line_length = (size_t)(newline - at);

        if (stream->started.length > 0) {
            text_append_bytes(&stream->started, at, line_length);
            line = stream->started.data;
            line_length = stream->started.length;
        }
        if (!copy_binary_row(&stream->columns, line, line_length, &stream->out)) {
            if (stream->started.length > 0) /* as it was before its end came */
                stream->started.length -= (size_t)(newline - at);
            return go_on_as_text(stream, at, (size_t)(end - at), err);
        }
        text_clear(&stream->started);
        at = newline + 1;
    }
    if (stream->started.length + (size_t)(end - at) > LONGEST_LINE)
        return go_on_as_text(stream, at, (size_t)(end - at), err);
    if (at < end)
        text_append_bytes(&stream->started, at, (size_t)(end - at));
    if (!send(stream, stream->out.data, stream->out.length, err))
        return false;
    text_clear(&stream->out);
    return true;
}

static bool put_rows(void *context, const char *bytes, size_t length, struct error *err)
{
    struct row_stream *stream = context;

    progress_bytes(stream->job->progress, length);
    return stream->is_binary ? put_lines(stream, bytes, length, err) : send(stream, bytes, length, err);
}

static bool put_part(void *context, const struct plan_entry *entry, struct error *err)
{
    struct row_stream *stream = context;

    if (!plan_read_entry(&stream->job->plan, entry, put_rows, stream, err))
        return false;
    progress_step(stream->job->progress, stream->what, entry->rows);
    return true;
}

/* A line without its end, at the end of all, is the server's to refuse. */
static bool put_rest(struct row_stream *stream, struct error *err)
{
    return !stream->is_binary || stream->started.length == 0 || go_on_as_text(stream, NULL, 0, err);
}

bool copy_in(struct apply_job *job, size_t table, enum rows_kind kind, const char *sql, const char *binary,
             uint64_t *rows, struct error *err)
{
    const struct table_shape *shape = &job->plan.manifest->tables[table].shape;
    cleanup(stream_close) struct row_stream stream = {.job = job, .what = shape->name, .sql = sql};

    stream.is_binary = binary != NULL && binary_columns_of(shape, &stream.columns);
    if (stream.is_binary)
        copy_binary_begin(&stream.out);
    if (!connection_query(&job->connection, stream.is_binary ? binary : sql, 0, NULL, NULL, err) ||
        !plan_visit_rows(&job->plan, table, kind, put_part, &stream, err) || !put_rest(&stream, err) ||
        !end_copy(&stream, err))
        return false;
    *rows = stream.rows;
    return true;
}
