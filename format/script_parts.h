/*
 * The parts of the script for psql.
 *
 * A plan is not trusted just because somebody runs its script, and psql acts on more than SQL: a backslash outside of
 * quotes starts a command of its own (`\!` runs a shell), a colon before a name is replaced by a variable (arr[1:n]),
 * and `\.` ends the data of a COPY, after which lines are commands again. So nothing of the plan stands where psql
 * looks for those: statements go to the server as a dollar-quoted text by \gexec, whose results psql sends without
 * looking into them, or by EXECUTE in a dollar-quoted block; names stand in double quotes; comments are escaped to one
 * line; rows that hold `\.` are refused.
 */
#pragma once

#include "common/text.h"
#include "format/script.h"

/* Appends the text in dollar quotes whose tag it does not contain. Newlines keep it from touching the quotes. */
void script_quote(struct text *sql, const char *text);

/* A block of PL/pgSQL. */
void script_block(FILE *out, const char *body);

/* A comment on one line, whatever its text holds. */
void script_comment(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends RAISE EXCEPTION with the SQLSTATE and the message. */
void script_raise(struct text *body, const char *sqlstate, const char *message);

/* Appends RAISE INFO 'pgsyncer: …', whose text is `words` and after a space the value of the SQL expression. */
void script_info(struct text *body, const char *words, const char *expression);

/* A block that does nothing but say so: script_info(). */
void script_say(FILE *out, const char *words);

/* The touched tables' rows: in, checked and applied, while triggers and their like are silent. */
bool script_rows(const struct plan *plan, bool report, FILE *out, struct error *err) must_check;

/* The proof of the rows, as `verify` says. */
bool script_proof(const struct plan *plan, enum verify_scope verify, FILE *out, struct error *err) must_check;

/* A value as COPY's text has it. */
bool script_copy_value(FILE *out, const char *value, struct error *err) must_check;

/* The schema, before anything is changed and after everything was; the second uses what the first has made. */
bool script_base_schema(const struct plan *plan, FILE *out, struct error *err) must_check;
bool script_result_schema(const struct plan *plan, FILE *out, struct error *err) must_check;
