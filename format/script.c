/* A plan as one script that psql runs: its steps, in apply's order. */
#include "format/script.h"

#include "common/escape.h"
#include "common/fingerprint.h"
#include "common/memory.h"
#include "common/pinned_settings.h"
#include "common/quote.h"
#include "format/advancing.h"
#include "format/catalog_json.h"
#include "format/entry_name.h"
#include "format/journal_entry.h"
#include "format/large_objects.h"
#include "format/script_parts.h"
#include "format/show_parts.h"
#include "format/sql.h"
#include "format/touched.h"

#include <inttypes.h>

static void append_setting(struct text *body, const char *name, const char *value)
{
    text_appendf(body, "PERFORM pg_catalog.set_config('%s', ", name);
    quote_literal(body, value != NULL ? value : "");
    text_append(body, ", true);\n");
}

static void append_query(struct text *body, const char *name, const char *query)
{
    text_appendf(body, "PERFORM set_config('%s', ", name);
    script_quote(body, query);
    text_append(body, ", true);\n");
}

/* Those that this server does not know are passed over; client_encoding is psql's, by \encoding. */
static void append_pinned_settings(struct text *body)
{
    text_append(body, "PERFORM pg_catalog.set_config(s.name, v.value, true) FROM (VALUES ");
    for (size_t i = 0; i < pinned_setting_count; i++) {
        if (strcmp(pinned_settings[i].name, "client_encoding") == 0)
            continue;
        text_append_char(body, '(');
        quote_literal(body, pinned_settings[i].name);
        text_append(body, ", ");
        quote_literal(body, pinned_settings[i].value);
        text_append(body, "), ");
    }
    text_append(body, "('default_tablespace', '')) AS v(name, value)\nJOIN pg_catalog.pg_settings AS s ON s.name "
                      "OPERATOR(pg_catalog.=) v.name;\n");
}

/* What the blocks of format/sql look for in settings. */
static void print_settings(const struct plan *plan, const struct script_options *options, FILE *out)
{
    const struct manifest *manifest = plan->manifest;
    cleanup(text_free) struct text body = {0};
    cleanup(free_string) char *version = format_string("%d", manifest->standin.server_version_number);

    text_append(&body, "BEGIN\n");
    append_pinned_settings(&body);
    append_setting(&body, "lock_timeout", options->lock_timeout);
    append_setting(&body, "statement_timeout", options->statement_timeout);
    append_setting(&body, "pgsyncer.plan_id", manifest->plan_id);
    append_setting(&body, "pgsyncer.server_version_num", version);
    append_setting(&body, "pgsyncer.server_version", manifest->standin.server_version);
    append_setting(&body, "pgsyncer.encoding", manifest->standin.encoding);
    append_query(&body, "pgsyncer.journal_readable_query", sql_journal_readable);
    text_append(&body, "END");
    script_block(out, body.data);
}

static bool print_row_settings(const struct plan *plan, const struct script_options *options, FILE *out,
                               struct error *err)
{
    const struct manifest *manifest = plan->manifest;
    cleanup(text_free) struct text body = {0};
    cleanup(free_string) char *touched = touched_describe(manifest, TOUCHED_AFTER),
                              *base_touched = touched_describe(manifest, TOUCHED_BEFORE),
                              *compared = touched_describe(manifest, options->verify == VERIFY_FULL ? TOUCHED_COMPARED
                                                                                                    : TOUCHED_AFTER);

    cleanup(catalog_cleanup) struct catalog *main = NULL;
    cleanup(free_string) char *advancing = NULL;

    if (!catalog_json_read(plan, ENTRY_MAIN_SCHEMA, &main, err) || !advancing_describe(plan, &advancing, err))
        return false;
    cleanup(free_string) char *unchecked = unchecked_describe(main);
    text_append(&body, "BEGIN\n");
    append_setting(&body, "pgsyncer.unchecked", unchecked);
    append_setting(&body, "pgsyncer.touched", touched);
    append_setting(&body, "pgsyncer.base_touched", base_touched);
    append_setting(&body, "pgsyncer.compared", compared);
    append_query(&body, "pgsyncer.may_replicate_query",
                 manifest->standin.server_version_number >= 150000 ? sql_may_replicate : sql_may_replicate_14);
    append_query(&body, "pgsyncer.touched_query", sql_touched);
    append_query(&body, "pgsyncer.neighbours_query", sql_neighbours);
    append_query(&body, "pgsyncer.advancing", advancing);
    append_query(&body, "pgsyncer.advancing_query", sql_advancing);
    append_query(&body, "pgsyncer.row_security_query", sql_row_security);
    append_query(&body, "pgsyncer.configuration_query", sql_configuration);
    append_query(&body, "pgsyncer.silence_query", sql_silence);
    append_query(&body, "pgsyncer.constraints_query", sql_silenced_constraints);
    text_append(&body, "END");
    script_block(out, body.data);
    return true;
}

static bool print_statements(const struct plan *plan, const struct script_options *options, enum phase phase, FILE *out,
                             struct error *err)
{
    for (size_t i = 0; i < plan->manifest->statement_count; i++) {
        const struct plan_statement *statement = &plan->manifest->statements[i];
        cleanup(free_string) char *sql = NULL;
        cleanup(text_free) struct text query = {0};

        if (statement->phase != phase)
            continue;
        if (!load_statement_of_plan(plan, i, &sql, err))
            return false;
        script_comment(out, "%" PRIu64 ". %s, %s %s %s", statement->id, phase_name(phase),
                       action_name(statement->action), statement->class, statement->object);
        if (options->report) {
            cleanup(free_string) char *words = format_string("statement %" PRIu64, statement->id);
            script_say(out, words);
        }
        bool lift = phase != PHASE_PRE_COMMIT && statement_checks_foreign_key(statement, sql);
        text_append(&query, "SELECT ");
        script_quote(&query, sql);
        fprintf(out, "%s%s \\gexec\n%s", lift ? sql_script_lift : "", query.data, lift ? sql_script_restore : "");
    }
    return true;
}

/* Statements of a plan must not have left the transaction for another one. */
static bool print_phase(const struct plan *plan, const struct script_options *options, enum phase phase, FILE *out,
                        struct error *err)
{
    if (!print_statements(plan, options, phase, out, err))
        return false;
    fputs(sql_script_same, out);
    return true;
}

static bool has_phase(const struct manifest *manifest, enum phase phase)
{
    for (size_t i = 0; i < manifest->statement_count; i++)
        if (manifest->statements[i].phase == phase)
            return true;
    return false;
}

/* Without a journal nobody looks for one. */
static void print_applied(const struct script_options *options, FILE *out)
{
    if (options->journal)
        fputs(sql_script_applied, out);
}

static bool print_pre_commit(const struct plan *plan, const struct script_options *options, FILE *out,
                             struct error *err)
{
    if (!has_phase(plan->manifest, PHASE_PRE_COMMIT) || options->pre_committed || options->dry_run)
        return true;
    script_comment(out, "First, and in a transaction of its own, what the rest can use only once it is committed.");
    fputs(sql_script_begin, out);
    print_settings(plan, options, out);
    fputs(sql_script_server, out);
    fputs(sql_script_alone, out);
    print_applied(options, out);
    bool together = labels_in_transactions(plan->manifest->standin.server_version_number);
    if (!together)
        fputs("COMMIT;\n", out);
    if (!print_statements(plan, options, PHASE_PRE_COMMIT, out, err))
        return false;
    if (together)
        fputs("COMMIT;\n", out);
    return true;
}

static void print_sequences(const struct manifest *manifest, FILE *out)
{
    if (manifest->sequence_count == 0)
        return;
    fprintf(out, "\n%s", sql_script_silent);
    for (size_t i = 0; i < manifest->sequence_count; i++) {
        const struct plan_sequence *sequence = &manifest->sequences[i];
        cleanup(text_free) struct text name = {0}, body = {0};

        quote_qualified(&name, sequence->schema, sequence->name);
        text_append(&body, "BEGIN PERFORM pg_catalog.setval(");
        quote_literal(&body, name.data);
        text_appendf(&body, "::regclass, %s, %s); END", sequence->last_value, sequence->is_called ? "true" : "false");
        /* RESTART gives the sequence a new file, so that what setval writes there is rolled back with the transaction.
         */
        fprintf(out, "ALTER SEQUENCE %s RESTART;\n", name.data);
        script_block(out, body.data);
    }
    fputs(sql_script_aloud, out);
}

static void print_journal(const struct plan *plan, const struct script_options *options, FILE *out)
{
    cleanup(json_release) json_t *entry = journal_entry(plan->manifest, options->verify, options->tool);
    cleanup(text_free) struct text body = {0};
    size_t length;
    cleanup(free_string) char *json = json_print(entry, &length);

    text_append(&body, "BEGIN\n");
    append_setting(&body, "pgsyncer.entry", json);
    append_setting(&body, "pgsyncer.makes_journal", plan->manifest->options.sync_data ? "true" : "false");
    append_query(&body, "pgsyncer.journal_query", sql_journal);
    append_query(&body, "pgsyncer.journal_insert_query", sql_journal_insert);
    text_append(&body, "END");
    fprintf(out, "\n%s", sql_script_silent);
    script_block(out, body.data);
    fprintf(out, "%s%s", sql_script_journal, sql_script_aloud);
}

static void print_measure(FILE *out)
{
    cleanup(text_free) struct text body = {0};

    text_append(&body, "BEGIN\n");
    append_query(&body, "pgsyncer.locks_query", sql_locks);
    text_append(&body, "END");
    script_block(out, body.data);
    fputs(sql_script_measure, out);
}

/* Whoever pauses the script reads the schema as apply does; else SQL does it as far as it can. */
static bool reach(const struct plan *plan, const struct script_options *options, enum script_point point, FILE *out,
                  struct error *err)
{
    if (ferror(out))
        return error_set(err, ERROR_INTERNAL, "cannot write the output");
    if (options->pause != NULL)
        return options->pause(options->context, point, out, err);
    fprintf(out, "\n%s", sql_script_silent);
    if (!(point == SCRIPT_LOCKED ? script_base_schema : script_result_schema)(plan, out, err))
        return false;
    fputs(sql_script_aloud, out);
    return true;
}

static bool print_transaction(const struct plan *plan, const struct script_options *options, FILE *out,
                              struct error *err)
{
    fprintf(out, "\n%s", sql_script_begin);
    print_settings(plan, options, out);
    if (!print_row_settings(plan, options, out, err))
        return false;
    fputs(sql_script_server, out);
    fputs(sql_script_alone, out);
    fprintf(out, "%s%s%s%s", sql_script_locks, sql_script_silent, sql_script_sequences, sql_script_aloud);
    print_applied(options, out);
    if (!reach(plan, options, SCRIPT_LOCKED, out, err) ||
        (options->dry_run && !options->pre_committed && !print_statements(plan, options, PHASE_PRE_COMMIT, out, err)) ||
        !print_phase(plan, options, PHASE_PRE_DATA, out, err) || !script_rows(plan, options->report, out, err) ||
        !print_phase(plan, options, PHASE_POST_DATA, out, err))
        return false;
    print_sequences(plan->manifest, out);
    if (!script_proof(plan, options->verify, out, err))
        return false;
    if (plan->manifest->options.large_objects)
        fputs(large_objects_drop, out);
    if (!reach(plan, options, SCRIPT_PROVED, out, err))
        return false;
    if (options->journal && !options->dry_run)
        print_journal(plan, options, out);
    if (options->report)
        print_measure(out);
    fputs(sql_script_same, out);
    /* Said by psql: what the server could still refuse after COMMIT would look as if nothing were committed. */
    fputs(options->dry_run ? "ROLLBACK;\n\\echo pgsyncer: rolled back\n"
                           : "COMMIT;\n\\echo pgsyncer: committed: the plan is applied\n",
          out);
    return true;
}

/* A script proves by SQL that its rows are those that the plan was made for, and main's in the end. */
static bool check_algorithm(const struct manifest *manifest, enum verify_scope verify, struct error *err)
{
    enum fingerprint_algorithm algorithm;
    bool any = verify == VERIFY_FULL && manifest->table_count > 0;

    for (size_t i = 0; i < manifest->table_count; i++)
        any = any || table_is_touched(&manifest->tables[i]);
    if (!any || !fingerprint_algorithm_from_name(manifest->fingerprint_algorithm, &algorithm) ||
        algorithm != FINGERPRINT_COPY)
        return true;
    error_set(err, ERROR_REFUSED, "the rows of this plan cannot be checked by psql");
    error_detail(err, "Their fingerprints (%s) are not computed in SQL.", manifest->fingerprint_algorithm);
    return error_hint(err, "Use pgsyncer-apply without psql, or make the plan with --hash=server.");
}

bool script_check(const struct plan *plan, enum verify_scope verify, struct error *err)
{
    if (!plan->manifest->options.fdw_mode)
        return check_algorithm(plan->manifest, verify, err);
    error_set(err, ERROR_REFUSED, "the plan was made with --fdw-mode: it holds no rows of main for a script");
    return error_hint(err,
                      "pgsyncer-apply fetches them from --maindsn, without --force-psql. review/plan.sql.zst in the "
                      "file has the statements.");
}

bool script_print(const struct plan *plan, const struct script_options *options, FILE *out, struct error *err)
{
    fprintf(out, "-- Plan %s, made ", plan->manifest->plan_id);
    print_escaped(out, plan->manifest->created);
    fputs(" by ", out);
    print_escaped(out, plan->manifest->tool);
    fprintf(out, "\n%s", sql_script_head);
    return print_pre_commit(plan, options, out, err) && print_transaction(plan, options, out, err) &&
           finish_output(out, err);
}
