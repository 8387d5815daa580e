/* The rows of one table and kind on their way into the plan. */
#include "plan/rows/row_output.h"

#include "common/memory.h"
#include "format/entry_name.h"

/* Raw bytes: a part is what a reader checks, undoes or sends at a time; lines are gathered before they are compressed.
 */
enum { PART_SIZE = 64 * 1024 * 1024, GATHERED_SIZE = 64 * 1024 };

void row_output_init(struct row_output *output, struct plan_writer *writer, struct plan_table *table, size_t number,
                     enum rows_kind kind)
{
    *output = (struct row_output){.writer = writer, .table = table, .number = number, .kind = kind};
}

bool row_output_open_part(struct row_output *output, unsigned number, struct error *err)
{
    const struct table_shape *shape = &output->table->shape;
    cleanup(free_string) char *name = entry_name_rows(output->number, shape->schema, shape->name, output->kind, number);

    output->part_number = number;
    output->part_rows = output->part_size = 0;
    return plan_part_open(output->writer, name, &output->part, err);
}

static bool put_gathered(struct row_output *output, struct error *err)
{
    if (output->pending.length == 0)
        return true;
    if (!plan_part_write(output->part, output->pending.data, output->pending.length, err))
        return false;
    text_clear(&output->pending);
    return true;
}

bool row_output_write(struct row_output *output, const char *lines, size_t length, uint64_t rows, struct error *err)
{
    if (output->part == NULL && !row_output_open_part(output, output->part_number + 1, err))
        return false;
    output->rows += rows;
    output->part_rows += rows;
    output->part_size += length;
    output->table->bytes += length;
    if (length < GATHERED_SIZE)
        text_append_bytes(&output->pending, lines, length);
    if ((length >= GATHERED_SIZE || output->pending.length >= GATHERED_SIZE) && !put_gathered(output, err))
        return false;
    if (length >= GATHERED_SIZE && !plan_part_write(output->part, lines, length, err))
        return false;
    bool ends_line = length > 0 && lines[length - 1] == '\n'; /* one within a value is escaped */
    return output->whole || output->part_size < PART_SIZE || !ends_line || row_output_close(output, err);
}

bool row_output_close(struct row_output *output, struct error *err)
{
    if (output->part == NULL)
        return true;
    bool put = put_gathered(output, err);
    text_free(&output->pending);
    return put && plan_part_close(take(output->part), output->part_rows, err);
}

void row_output_abandon(struct row_output *output)
{
    struct error ignored = {0};

    if (output->part != NULL)
        (void)!plan_part_close(take(output->part), output->part_rows, &ignored);
    error_clear(&ignored);
    text_free(&output->pending);
}
