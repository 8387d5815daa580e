/*
 * manifest.json: what a plan file holds, and what was known when it was made. The first entry of the file; everything
 * else hangs on it by SHA-256. docs/format.md is its specification. All strings are owned by the manifest.
 */
#pragma once

#include "common/database_identity.h"
#include "common/error.h"
#include "common/table_shape.h"
#include "format/sha256.h"

#include <stddef.h>
#include <stdint.h>

enum { FORMAT_MAJOR = 1, FORMAT_MINOR = 0 };

enum phase { PHASE_PRE_COMMIT, PHASE_PRE_DATA, PHASE_POST_DATA };
enum action { ACTION_CREATE, ACTION_ALTER, ACTION_DROP, ACTION_REPLACE };

/* How a table's rows were found. */
enum strategy {
    STRATEGY_CHUNK,      /* fingerprints of key chunks */
    STRATEGY_COPY,       /* the stand-in's table is new or empty: all rows, straight through */
    STRATEGY_MULTISET,   /* no key: n copies of a row more or fewer */
    STRATEGY_SKIP,       /* not compared: --sync-data=false */
    STRATEGY_UPDATED_AT, /* key sets, and rows of main that are newer than options.last_sync_time */
};

struct string_list {
    char **items;
    size_t count, capacity;
};

/* A table of the stand-in that a statement locks, reads or writes, as it was when the plan was made. */
struct plan_touched {
    char *table;    /* quoted and qualified */
    uint64_t bytes; /* of its rows and those of its partitions and children, TOAST included */
    uint64_t rows;  /* the server's estimate */
    bool rows_known;
};

/* What rows must be like for a statement to succeed, and what was found. */
enum precondition_state { PRECONDITION_HOLDS, PRECONDITION_BROKEN, PRECONDITION_UNKNOWN };

struct plan_precondition {
    char *condition; /* for people: "public.t: no NULL in qty" */
    char *rows_of;   /* whose rows were looked at: "main", "stand-in" or "both" */
    enum precondition_state state;
    uint64_t rows;               /* that break it */
    struct string_list examples; /* a few of them, by their keys */
    char *note;                  /* for people, such as why nobody knows; may be NULL */
};

struct plan_statement {
    uint64_t id; /* from 1, in the order of execution over all phases */
    enum phase phase;
    enum action action;
    char *class, *object;     /* "table", "public.t" */
    char *entry;              /* statements/NNNN.sql */
    struct string_list risks; /* "destructive", "rewrite", "scan", "catalog", "lock:ACCESS EXCLUSIVE" */
    struct plan_touched *touches;
    size_t touched_count;
    struct plan_precondition *preconditions;
    size_t precondition_count;
};

/* One file entry of a table's rows, in COPY text. */
enum rows_kind { ROWS_DELETE, ROWS_UPDATE, ROWS_INSERT, ROWS_BEFORE, ROWS_KINDS };

/* A partition of the stand-in's, of any level, whose rows the plan changes by its partitioned table. */
struct plan_partition {
    char *schema, *name;
    uint64_t level; /* from 1 */
};

struct plan_table {
    struct table_shape shape;
    struct plan_partition *partitions; /* where shape.partitioned: by level, schema and name */
    size_t partition_count;
    struct chunking chunking; /* its bounds are not in the manifest: plan_load_digest() fills them in */
    enum strategy strategy;
    bool fdw;        /* --fdw-mode: main's rows are not in the plan, apply fetches them */
    bool created;    /* by this plan's DDL: empty when the rows come */
    char *extension; /* whose configuration table it is (pg_extension_config_dump); NULL: none's */
    bool emptied;    /* by this plan's CREATE EXTENSION, and maybe not empty: those rows go before the plan's come */
    char *base_name; /* what the stand-in calls it until the statements rename it or columns of it; NULL: they do not */
    struct string_list kept; /* columns that only the stand-in has, and keeps: moved rows must not lose their values */
    uint64_t inserts, updates, deletes;
    uint64_t bytes;                /* raw size of its row entries */
    struct fingerprint main, base; /* of all rows */
    bool main_partly, base_partly; /* not all rows were read: no fingerprint of them is known */
    char *digest_entry;            /* digest/NNNN-SCHEMA.TABLE.zst; NULL where nothing was compared */
    char *note;                    /* for people; may be NULL */
};

struct plan_sequence {
    char *schema, *name;
    char *last_value; /* decimal */
    bool is_called;
};

struct plan_entry {
    char *name;
    uint64_t stored_size, raw_size, rows;
    unsigned char sha256[SHA256_SIZE];     /* of the stored bytes */
    unsigned char raw_sha256[SHA256_SIZE]; /* of the raw bytes: the content root is over these */
};

struct manifest {
    int format_major, format_minor;
    char *plan_id; /* 32 hex digits */
    unsigned char content_root[SHA256_SIZE];
    char *created; /* RFC 3339, UTC, "…Z" */
    char *tool;    /* "pgsyncer-plan 0.1.0" */
    struct database_identity main, standin;
    char *standin_source; /* "live" */
    char *fingerprint_algorithm;
    unsigned char main_schema[SHA256_SIZE], base_schema[SHA256_SIZE]; /* of the raw schema entries */
    struct {
        bool sync_schema, sync_data, clean_extra, delete_rows, before_images, owners, privileges, comments,
            large_objects, fdw_mode;
        struct string_list schemas;                 /* the patterns */
        struct string_list tables, excluded_tables; /* patterns too; none: every table of the schemas */
        struct string_list renames;                 /* OLD=NEW, as identities */
        char *hash;                                 /* "auto", "server" or "client", as asked for; may be NULL */
        char *updated_at_column;                    /* with --use-updated-at; else NULL, and so are these */
        char *last_sync_time, *time_zone; /* "2026-11-28 10:00:00+01" in main's session time zone, and its name */
        uint64_t chunk_size;
    } options;
    struct {
        uint64_t create, alter, drop; /* objects that the statements touch; one counts once */
    } objects;
    struct plan_statement *statements;
    size_t statement_count;
    struct plan_table *tables; /* every table that was compared, in order of schema and name */
    size_t table_count;
    struct plan_sequence *sequences; /* those whose state differs */
    size_t sequence_count;
    struct plan_entry *entries; /* all but the manifest and signatures, in the order of the file */
    size_t entry_count;
    struct string_list warnings;
};

struct manifest *manifest_new(void);
void manifest_free(struct manifest *manifest);
void manifest_cleanup(struct manifest **manifest);

/* Canonical JSON: UTF-8, keys sorted, no white space. free() it. A text that is not UTF-8 is ERROR_REFUSED. */
bool manifest_write(const struct manifest *manifest, char **json, size_t *length, struct error *err) must_check;

/* Everything that a manifest can say wrongly by itself: bounds, names of entries, cross references. ERROR_ARCHIVE. */
bool manifest_check(const struct manifest *manifest, struct error *err) must_check;

/* Reads what manifest_write() writes, and checks it as manifest_check() does. ERROR_ARCHIVE. */
bool manifest_read(const char *json, size_t length, struct manifest **manifest, struct error *err) must_check;

const struct plan_entry *manifest_find_entry(const struct manifest *manifest, const char *name); /* NULL: none */

#define STRATEGY_FDW_NAME "fdw"

const char *phase_name(enum phase phase);    /* "pre-data" */
const char *action_name(enum action action); /* "alter" */

/* Does the server read the rows of two tables for it? Forced row security must not hide them from their owner then. */
bool statement_checks_foreign_key(const struct plan_statement *statement, const char *sql);
const char *strategy_name(enum strategy strategy);
const char *table_strategy_name(const struct plan_table *table); /* "fdw" where rows are fetched, whatever found them */
const char *precondition_state_name(enum precondition_state state); /* "broken" */
const char *rows_kind_name(enum rows_kind kind);                    /* "insert" */

/*
 * What the row entries of a kind hold, a line each. With ROWS_KEYED a line is the key and main's fingerprint of the
 * row; with ROWS_FINGERPRINTS a fingerprint for each copy of a row that has no key.
 */
enum rows_form {
    ROWS_WHOLE,        /* all columns but the generated ones */
    ROWS_KEYS,         /* the key */
    ROWS_KEYED,        /* the key, fingerprint */
    ROWS_FINGERPRINTS, /* fingerprint */
    ROWS_NONE,         /* nothing: all of main's rows */
};
enum rows_form rows_form(const struct plan_table *table, enum rows_kind kind, bool before_images);

void string_list_add(struct string_list *list, const char *item);
void string_list_free(struct string_list *list);

/* Does a server of the version (150018 for 15.18) take ALTER TYPE … ADD VALUE, the pre-commit phase, in a transaction?
 */
bool labels_in_transactions(int server_version);
