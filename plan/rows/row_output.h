/*
 * The rows of one table and kind on their way into the plan: COPY text in parts of bounded raw size. The rows come in
 * order; whoever has them out of order holds them back (fetch.c).
 */
#pragma once

#include "common/text.h"
#include "format/plan_writer.h"

struct row_output {
    struct plan_writer *writer;
    struct plan_table *table;
    size_t number; /* of the table in the manifest */
    enum rows_kind kind;
    bool whole;             /* one part, whatever its size */
    struct plan_part *part; /* the open one; NULL: none */
    unsigned part_number;   /* of the last one opened, from 1 */
    uint64_t part_rows, part_size;
    struct text pending;
    uint64_t rows; /* altogether */
};

void row_output_init(struct row_output *output, struct plan_writer *writer, struct plan_table *table, size_t number,
                     enum rows_kind kind);

/* Appends lines, or a piece of one: a part ends with a line. rows: those that end here. */
bool row_output_write(struct row_output *output, const char *lines, size_t length, uint64_t rows,
                      struct error *err) must_check;
bool row_output_close(struct row_output *output, struct error *err) must_check;

/* Begins the part of this number; for those who know the parts beforehand. */
bool row_output_open_part(struct row_output *output, unsigned number, struct error *err) must_check;

void row_output_abandon(struct row_output *output); /* after a failure; also after row_output_close() */
