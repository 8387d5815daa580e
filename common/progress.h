/*
 * The progress display on standard error: phase, table, rows, bytes, time left; at most ten updates a second. On a
 * terminal one line that is redrawn, with --log-format=json one object per event, else nothing but the phases
 * (--progress=always: lines).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum progress_mode { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

struct progress;

struct progress *progress_new(enum progress_mode mode);
void progress_free(struct progress *progress); /* NULL is fine, here and below */

/* Begins a phase ("rows"); the one before ends and its duration is kept. total is in the phase's units, 0 where it is
 * not known. */
void progress_phase(struct progress *progress, const char *phase, uint64_t total);
void progress_step(struct progress *progress, const char *what,
                   uint64_t units); /* `units` more are done, on `what` (a table) */
void progress_bytes(struct progress *progress, uint64_t bytes);
void progress_end(struct progress *progress);

/* Seconds of each phase so far, for the summary. Returns the number of phases; i counts from 0. */
unsigned progress_phases(const struct progress *progress);
double progress_phase_seconds(const struct progress *progress, unsigned i, const char **phase);
