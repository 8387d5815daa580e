/*
 * All rows of a table whose stand-in has none, straight through: one COPY per part. The parts are block ranges that
 * depend on the table alone, so they are the same with any number of workers, and each task writes its own.
 */
#include "plan/rows/pair.h"

#include "common/memory.h"
#include "common/quote.h"
#include "plan/rows/array_literal.h"
#include "plan/rows/sql.h"

/* What a part's rows take in the database; as COPY text it is of the same order. */
enum { PART_BYTES = 64 * 1024 * 1024 };

struct copy_part {
    struct comparison *comparison;
    struct pair *pair;
    struct row_output output;
    char *sql;
};

/* Does the table have rows that should be alone in memory? */
struct copy_size {
    struct pair *pair;
    uint64_t bytes;
    char *question;
    bool large;
};

static bool keep_row(struct task *task, const char *bytes, size_t length, struct error *err)
{
    struct copy_part *part = task->spec.context;

    return row_output_write(&part->output, bytes, length, 1, err);
}

static bool part_done(struct task *task, struct error *err)
{
    struct copy_part *part = task->spec.context;

    /* A range of blocks without rows is a part too: parts are numbered without gaps. */
    if (part->output.part == NULL && part->output.whole &&
        !row_output_open_part(&part->output, part->output.part_number + 1, err))
        return false;
    part->pair->table->inserts += part->output.rows;
    progress_step(part->comparison->progress, part->pair->table->shape.name, 1);
    return row_output_close(&part->output, err);
}

/* COPY takes no parameters: the block numbers, which are ours, stand in its text. */
static char *copy_statement(const struct pair *pair, const struct block_range *range)
{
    const struct table_shape *shape = &pair->table->shape;
    const char *separator = "";
    struct text sql = {0};

    text_append(&sql, "COPY (SELECT ");
    for (size_t i = 0; i < shape->column_count; i++) {
        if (shape->columns[i].generated)
            continue;
        text_append(&sql, separator);
        pair_column(&sql, pair, MAIN, i);
        separator = ", ";
    }
    partition_table(&sql, pair, MAIN, range->partition);
    text_appendf(&sql, " WHERE t.ctid >= '%s'::tid AND t.ctid < '%s'::tid) TO STDOUT", range->from, range->to);
    return text_take(&sql);
}

static void queue_pair(struct comparison *comparison, const struct copy_size *size)
{
    struct pair *pair = size->pair;
    const struct listed_table *main = pair->listed[MAIN];
    uint64_t per_block = size->bytes / main->blocks + 1;
    uint64_t blocks = PART_BYTES / per_block > 0 ? PART_BYTES / per_block : 1;
    struct block_range *ranges;

    pair->copy_count = pair_ranges(comparison, pair, MAIN, blocks, &ranges);
    pair->copies = allocate(pair->copy_count, sizeof *pair->copies);
    for (size_t i = 0; i < pair->copy_count; i++) {
        struct copy_part *part = &pair->copies[i];
        *part = (struct copy_part){.comparison = comparison, .pair = pair};
        row_output_init(&part->output, comparison->writer, pair->table, pair->number, ROWS_INSERT);
        part->output.whole = pair->copy_count > 1;
        part->output.part_number = (unsigned)i;
        part->sql = copy_statement(pair, &ranges[i]);
        const struct task_spec spec = {.sql = part->sql,
                                       .alone = size->large,
                                       .data = keep_row,
                                       .done = part_done,
                                       .context = part,
                                       .schema = pair->table->shape.schema,
                                       .table = pair->table->shape.name};
        pool_add(comparison->pool, MAIN, &spec, i);
    }
    free(ranges);
}

static bool ask_sizes(struct comparison *comparison, struct pair *const *pairs, size_t count, PGresult **sizes,
                      struct error *err)
{
    cleanup(text_free) struct text schemas = {0}, names = {0};

    for (size_t i = 0; i < count; i++) {
        array_literal_add(&schemas, pairs[i]->table->shape.schema);
        array_literal_add(&names, pairs[i]->table->shape.name);
    }
    array_literal_end(&schemas);
    array_literal_end(&names);
    const char *const parameters[] = {schemas.data, names.data};
    return connection_query(&comparison->databases[MAIN]->connections[0], sql_table_sizes, 2, parameters, sizes, err);
}

static bool keep_answer(struct task *task, const PGresult *result, int row, struct error *err)
{
    struct copy_size *size = task->spec.context;

    (void)err;
    size->large = strcmp(PQgetvalue(result, row, 0), "t") == 0;
    return true;
}

static void ask_whether_large(struct comparison *comparison, struct copy_size *size)
{
    struct text sql = {0};

    text_append(&sql, "SELECT EXISTS (SELECT");
    pair_table(&sql, size->pair, MAIN);
    text_append(&sql, " WHERE ");
    pair_large(&sql, size->pair, MAIN);
    text_append(&sql, ")");
    size->question = text_take(&sql);
    const struct task_spec spec = {.sql = size->question,
                                   .row = keep_answer,
                                   .context = size,
                                   .schema = size->pair->table->shape.schema,
                                   .table = size->pair->table->shape.name};
    pool_add(comparison->pool, MAIN, &spec, 0);
}

static bool write_sized(struct comparison *comparison, struct copy_size *sizes, size_t count, struct error *err)
{
    if (!pool_run(comparison->pool, err))
        return false;
    for (size_t i = 0; i < count; i++)
        queue_pair(comparison, &sizes[i]);
    return pool_run(comparison->pool, err);
}

static bool write_all(struct comparison *comparison, struct pair *const *pairs, size_t count, struct error *err)
{
    cleanup(result_clear) PGresult *answer = NULL;

    if (!ask_sizes(comparison, pairs, count, &answer, err))
        return false;
    struct copy_size *sizes = allocate(count, sizeof *sizes);
    for (size_t i = 0; i < count; i++) {
        sizes[i] = (struct copy_size){.pair = pairs[i], .bytes = strtoull(PQgetvalue(answer, (int)i, 0), NULL, 10)};
        if (pair_may_be_large(pairs[i]) && strcmp(PQgetvalue(answer, (int)i, 1), "t") == 0)
            ask_whether_large(comparison, &sizes[i]);
    }
    bool good = write_sized(comparison, sizes, count, err);
    for (size_t i = 0; i < count; i++)
        free(sizes[i].question);
    free(sizes);
    return good;
}

bool copies_write(struct comparison *comparison, struct pair *pairs, size_t count, struct error *err)
{
    struct pair **copied = allocate(count, sizeof(struct pair *));
    size_t copied_count = 0;

    for (size_t i = 0; i < count; i++) {
        if (pairs[i].table->strategy != STRATEGY_COPY)
            continue;
        if (pairs[i].table->fdw)
            pairs[i].table->inserts = pairs[i].table->main.rows; /* apply streams them */
        else
            copied[copied_count++] = &pairs[i];
    }
    bool good = copied_count == 0 || write_all(comparison, copied, copied_count, err);
    free(copied);
    return good;
}

void copy_release(struct pair *pair)
{
    for (size_t i = 0; i < pair->copy_count; i++) {
        row_output_abandon(&pair->copies[i].output);
        free(pair->copies[i].sql);
    }
    free(take(pair->copies));
    pair->copy_count = 0;
}
