/*
 * The rows of one table and kind on their way into the plan: COPY text in parts of bounded raw size. The rows come in
 * order; whoever has them out of order holds them back (ordered.h).
 */
#pragma once

#include "common/text.h"
#include "format/plan_writer.h"

struct output {
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

void output_init(struct output *output, struct plan_writer *writer, struct plan_table *table, size_t number,
                 enum rows_kind kind);

/* Appends whole lines. */
bool output_write(struct output *output, const char *lines, size_t length, uint64_t rows, struct error *err) must_check;
bool output_close(struct output *output, struct error *err) must_check;

/* Begins the part of this number; for those who know the parts beforehand. */
bool output_open_part(struct output *output, unsigned number, struct error *err) must_check;

void output_abandon(struct output *output); /* after a failure; also after output_close() */
