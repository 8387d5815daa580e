/* The question before anything is changed. */
#include "apply/confirm.h"

#include "common/interrupt.h"
#include "format/show.h"

#include <unistd.h>

/* The plan itself may come on standard input. */
static FILE *open_terminal(const struct apply_job *job)
{
    if (plan_is_standard_input(job->options->plan_path))
        return fopen("/dev/tty", "re");
    return isatty(STDIN_FILENO) ? stdin : NULL;
}

static bool ask(const struct apply_job *job, FILE *terminal, struct error *err)
{
    char answer[16] = "";

    if (!show_summary(&job->plan, stderr, err))
        return false;
    fputs("\nApply this plan? Only \"yes\" will do it: ", stderr);
    if (fgets(answer, sizeof answer, terminal) == NULL && !interrupt_check(err))
        return false;
    return strcmp(answer, "yes\n") == 0 || error_set(err, ERROR_DECLINED, "declined; nothing was changed");
}

bool confirm(const struct apply_job *job, struct error *err)
{
    if (job->options->yes || job->options->dry_run)
        return true;

    FILE *terminal = open_terminal(job);
    if (terminal == NULL) {
        error_set(err, ERROR_DECLINED, "nobody was asked: there is no terminal");
        return error_hint(err, "Give --yes to apply without a question, or --dry-run to see what would happen.");
    }
    bool confirmed = ask(job, terminal, err);
    if (terminal != stdin)
        fclose(terminal);
    return confirmed;
}
