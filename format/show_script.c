/* `show --sql`: a plan as one script that psql can run in place of apply. */
#include "common/escape.h"
#include "format/script.h"
#include "format/show.h"
#include "format/show_parts.h"

#include <unistd.h>

/* As pgsyncer-apply does it without options. */
static const struct script_options defaults = {
    .lock_timeout = "10s",
    .statement_timeout = "0",
    .verify = VERIFY_TOUCHED,
    .journal = true,
    .tool = "psql, script of PGSyncer " PGSYNCER_VERSION,
};

bool show_script(const struct plan *plan, FILE *out, struct error *err)
{
    if (!script_check(plan, defaults.verify, err))
        return false;
    if (!isatty(fileno(out)))
        return script_print(plan, &defaults, out, err);

    /* A terminal gets it escaped: to be read, not to be run. */
    FILE *escaped = escape_open(out);
    if (escaped == NULL)
        return error_set(err, ERROR_INTERNAL, "cannot write the output");
    bool printed = script_print(plan, &defaults, escaped, err);
    fclose(escaped);
    return printed && finish_output(out, err);
}
