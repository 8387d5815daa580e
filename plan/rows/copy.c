/*
 * All rows of a table whose stand-in has none, straight through: one COPY per part. The parts are block ranges that
 * depend on the table alone, so they are the same with any number of workers, and each task writes its own.
 */
#include "plan/rows/pair.h"

#include "common/memory.h"
#include "common/quote.h"

/* What a part's rows take in the database; as COPY text it is of the same order. */
enum { PART_BYTES = 64 * 1024 * 1024 };

struct copy_part {
    struct comparison *comparison;
    struct pair *pair;
    struct row_output output;
    char *sql;
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
    text_append(&sql, " FROM ONLY ");
    quote_qualified(&sql, shape->schema, shape->name);
    text_appendf(&sql, " AS t WHERE t.ctid >= '%s'::tid AND t.ctid < '%s'::tid) TO STDOUT", range->from, range->to);
    return text_take(&sql);
}

void copy_pair(struct comparison *comparison, struct pair *pair)
{
    const struct listed_table *main = pair->listed[MAIN];
    uint64_t per_block = main->bytes / main->blocks;
    uint64_t blocks = PART_BYTES / per_block > 0 ? PART_BYTES / per_block : 1;
    struct block_range range;

    pair->copy_count = pair_range_count(comparison, pair, MAIN, blocks);
    pair->copies = allocate(pair->copy_count, sizeof *pair->copies);
    for (size_t i = 0; i < pair->copy_count; i++) {
        struct copy_part *part = &pair->copies[i];
        *part = (struct copy_part){.comparison = comparison, .pair = pair};
        row_output_init(&part->output, comparison->writer, pair->table, pair->number, ROWS_INSERT);
        part->output.whole = pair->copy_count > 1;
        part->output.part_number = (unsigned)i;
        block_range_set(&range, i, pair->copy_count, blocks);
        part->sql = copy_statement(pair, &range);
        const struct task_spec spec = {.sql = part->sql, .data = keep_row, .done = part_done, .context = part};
        pool_add(comparison->pool, MAIN, &spec, i);
    }
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
