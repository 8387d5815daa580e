/* The question before anything is changed. */
#include "apply/confirm.h"

#include "common/interrupt.h"
#include "format/show.h"

#include <unistd.h>

bool confirm(const struct apply_job *job, struct error *err)
{
    char answer[16] = "";

    if (job->options->yes || job->options->dry_run)
        return true;
    if (!isatty(STDIN_FILENO)) {
        error_set(err, ERROR_DECLINED, "nobody was asked: standard input is no terminal");
        return error_hint(err, "Give --yes to apply without a question, or --dry-run to see what would happen.");
    }
    if (!show_summary(&job->plan, stderr, err))
        return false;
    fputs("\nApply this plan? Only \"yes\" will do it: ", stderr);
    if (fgets(answer, sizeof answer, stdin) == NULL && !interrupt_check(err))
        return false;
    return strcmp(answer, "yes\n") == 0 || error_set(err, ERROR_DECLINED, "declined; nothing was changed");
}
