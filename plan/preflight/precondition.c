/* Takes what was found about a statement's rows into the plan, and what would fail into the warnings. */
#include "common/memory.h"
#include "plan/preflight/parts.h"

#include <inttypes.h>

void add_precondition(struct checks *checks, size_t number, const char *text, const char *rows_of,
                      struct finding *finding)
{
    struct plan_statement *statement = &checks->manifest->statements[number];

    statement->preconditions =
        reallocate(statement->preconditions, statement->precondition_count + 1, sizeof *statement->preconditions);
    struct plan_precondition *added = &statement->preconditions[statement->precondition_count++];
    *added = (struct plan_precondition){.condition = copy_string(text),
                                        .rows_of = copy_string(rows_of),
                                        .state = finding->state,
                                        .rows = finding->rows,
                                        .examples = finding->examples,
                                        .note = take(finding->note)};
    finding->examples = (struct string_list){0};
    if (added->state == PRECONDITION_HOLDS)
        return;
    cleanup(text_free) struct text warning = {0};
    text_appendf(&warning, "statement %" PRIu64 " (%s %s %s) needs %s, ", statement->id, action_name(statement->action),
                 statement->class, statement->object, text);
    if (added->state == PRECONDITION_UNKNOWN)
        text_appendf(&warning, "which could not be checked: %s", added->note != NULL ? added->note : "no reason given");
    else
        text_appendf(&warning, "which %" PRIu64 " row%s of %s break%s: it would fail", added->rows,
                     added->rows == 1 ? "" : "s", strcmp(rows_of, "both") == 0 ? "the two databases" : rows_of,
                     added->rows == 1 ? "s" : "");
    for (size_t i = 0; i < added->examples.count; i++)
        text_appendf(&warning, "%s%s", i == 0 ? ", for example at " : ", ", added->examples.items[i]);
    string_list_add(checks->warnings, warning.data);
}
