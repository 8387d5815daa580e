/* One run of apply: what its stages hand on to each other. */
#pragma once

#include "apply/apply.h"
#include "common/catalog/catalog.h"
#include "common/connection.h"
#include "common/database_identity.h"
#include "common/text.h"
#include "format/plan_reader.h"
#include "format/touched.h"

/* What main does not have any longer as the plan saw it. */
struct moved {
    struct text lines; /* for people; a line for each table and kind, so many at most */
    size_t count;      /* of lines, also of those left out */
};

/* What became of a table, parallel to manifest->tables. */
struct table_result {
    uint64_t inserted, updated, deleted;
    uint64_t slices; /* proved equal to main's */
    bool proved;
    double seconds;
};

struct apply_job {
    const struct apply_options *options;
    struct plan plan;
    struct catalog *base, *main; /* as the plan has them */
    struct connection connection;
    struct connection main_connection; /* for a plan of --fdw-mode, else closed */
    struct database_identity standin;
    struct progress *progress;
    bool made_extension; /* postgres_fdw is ours, and goes before COMMIT */
    struct moved moved;
    bool may_replicate; /* the role may set session_replication_role: triggers and foreign keys need no other means */
    bool pre_committed; /* the pre-commit phase has run: the base state has its enum labels */
    char *touched;      /* the tables whose rows change, as JSON for our queries */
    char *base_touched; /* the same under the names that they have before the statements */
    char *compared;     /* those whose rows are read: with --verify=full every table that the plan compared */
    char *transaction_id, *start_lsn;
    double started; /* seconds_now() */

    struct table_result *tables;
    uint64_t sequences_set;
    size_t tables_proved, slices_proved;
    bool schema_proved;
    bool incomplete; /* a dry run that could not go on */
    uint64_t wal_bytes;
    struct string_list locks; /* "ACCESS EXCLUSIVE on public.t": those that keep others from writing or reading */
};

/* Opens and verifies the file, reads its catalogs. Release with job_close(), on failure too. */
bool job_open(struct apply_job *job, const struct apply_options *options, struct error *err) must_check;
bool job_connect(struct apply_job *job, struct error *err) must_check;
void job_close(struct apply_job *job); /* also for the cleanup attribute; rolls back what is open */

bool plan_has_phase(const struct plan *plan, enum phase phase);

double seconds_now(void); /* monotonic */

void job_note_moved(struct apply_job *job, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A breach of a constraint, or a value that an expression does not take, is a conflict with what the stand-in holds
 * (exit 9), whichever statement ran into it; one too large for an index or a page is refused (exit 13). */
bool explain_breach(struct error *err);
bool explain_rows_breach(struct error *err); /* the same where rows change: what an index cannot compare is refused */
/* The same for a statement; what the stand-in alone has may not go with it (exit 13). */
bool explain_statement_breach(const struct apply_job *job, const struct plan_statement *statement, struct error *err);
