/* The progress display on standard error. */
#include "common/progress.h"

#include "common/escape.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/text.h"

#include <inttypes.h>
#include <unistd.h>

enum display {
    DISPLAY_NONE,
    DISPLAY_PHASES,   /* a line when a phase begins */
    DISPLAY_LINES,    /* and a line per second */
    DISPLAY_TERMINAL, /* one line that is redrawn */
    DISPLAY_EVENTS,   /* JSON */
};

struct phase_time {
    char *name;
    double seconds;
};

struct progress {
    enum display display;
    bool running;   /* the last of `phases` is not over */
    double started; /* the running phase; as all times here, seconds of the monotonic clock */
    double shown;   /* when the display was last brought up to date */
    uint64_t total, done, bytes;
    char *what;
    struct phase_time *phases;
    size_t phase_count, phase_capacity;
};

static double clock_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct progress *progress_new(enum progress_mode mode)
{
    struct progress *progress = allocate(1, sizeof *progress);

    if (mode == PROGRESS_NEVER)
        progress->display = DISPLAY_NONE;
    else if (log_get_format() == LOG_JSON)
        progress->display = DISPLAY_EVENTS;
    else if (isatty(STDERR_FILENO))
        progress->display = DISPLAY_TERMINAL;
    else
        progress->display = mode == PROGRESS_ALWAYS ? DISPLAY_LINES : DISPLAY_PHASES;
    return progress;
}

void progress_free(struct progress *progress)
{
    if (progress == NULL)
        return;
    if (progress->display == DISPLAY_TERMINAL)
        log_set_status_line(NULL);
    for (size_t i = 0; i < progress->phase_count; i++)
        free(progress->phases[i].name);
    free(progress->phases);
    free(progress->what);
    free(progress);
}

/* Appends seconds as 4.2s, 3m05s or 2h07m. */
static void append_duration(struct text *text, double seconds)
{
    uint64_t whole = (uint64_t)seconds;

    if (seconds < 60)
        text_appendf(text, "%.1fs", seconds);
    else if (whole < 3600)
        text_appendf(text, "%" PRIu64 "m%02" PRIu64 "s", whole / 60, whole % 60);
    else
        text_appendf(text, "%" PRIu64 "h%02" PRIu64 "m", whole / 3600, whole / 60 % 60);
}

/* Seconds until the phase's end at the pace so far; negative where there is nothing to tell it from. */
static double seconds_left(const struct progress *progress, double now)
{
    if (progress->total == 0 || progress->done == 0 || progress->done > progress->total)
        return -1;
    return (now - progress->started) * (double)(progress->total - progress->done) / (double)progress->done;
}

static void append_state(struct text *text, const struct progress *progress, double now)
{
    double left = seconds_left(progress, now);

    text_append(text, progress->phases[progress->phase_count - 1].name);
    if (progress->total > 0)
        text_appendf(text, "  %" PRIu64 "/%" PRIu64 " (%.0f%%)", progress->done, progress->total,
                     100.0 * (double)progress->done / (double)progress->total);
    else if (progress->done > 0)
        text_appendf(text, "  %" PRIu64, progress->done);
    if (progress->bytes > 0)
        text_appendf(text, "  %.1f MiB", (double)progress->bytes / (1 << 20));
    text_append(text, "  ");
    append_duration(text, now - progress->started);
    if (left >= 0) {
        text_append(text, ", ");
        append_duration(text, left);
        text_append(text, " left");
    }
    if (progress->what != NULL) {
        text_append(text, "  ");
        escape_line(text, progress->what);
    }
}

static void send_event(const struct progress *progress, const char *event, double now)
{
    cleanup(text_free) struct text text = {0};
    double left = seconds_left(progress, now);

    text_append(&text, ",\"phase\":");
    escape_json(&text, progress->phases[progress->phase_count - 1].name);
    if (progress->what != NULL) {
        text_append(&text, ",\"what\":");
        escape_json(&text, progress->what);
    }
    text_appendf(&text, ",\"done\":%" PRIu64 ",\"total\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"seconds\":%.3f",
                 progress->done, progress->total, progress->bytes, now - progress->started);
    if (left >= 0)
        text_appendf(&text, ",\"seconds_left\":%.1f", left);
    log_event(event, text.data);
}

static void update(struct progress *progress)
{
    cleanup(text_free) struct text text = {0};
    double now, pause = progress->display == DISPLAY_LINES ? 1.0 : 0.1;

    if (!progress->running || progress->display == DISPLAY_NONE || progress->display == DISPLAY_PHASES)
        return;
    now = clock_seconds();
    if (now - progress->shown < pause)
        return;
    progress->shown = now;
    if (progress->display == DISPLAY_EVENTS) {
        send_event(progress, "progress", now);
        return;
    }
    append_state(&text, progress, now);
    if (progress->display == DISPLAY_TERMINAL)
        log_set_status_line(text.data);
    else
        log_notice("%s", text.data);
}

static void end_phase(struct progress *progress)
{
    double now = clock_seconds();

    if (!progress->running)
        return;
    progress->phases[progress->phase_count - 1].seconds = now - progress->started;
    progress->running = false;
    if (progress->display == DISPLAY_EVENTS)
        send_event(progress, "phase-end", now);
    else if (progress->display == DISPLAY_TERMINAL)
        log_set_status_line(NULL);
}

void progress_phase(struct progress *progress, const char *phase, uint64_t total)
{
    if (progress == NULL)
        return;
    end_phase(progress);
    array_reserve((void **)&progress->phases, &progress->phase_capacity, progress->phase_count + 1,
                  sizeof *progress->phases);
    progress->phases[progress->phase_count++] = (struct phase_time){.name = copy_string(phase)};
    progress->running = true;
    progress->started = clock_seconds();
    progress->shown = 0;
    progress->total = total;
    progress->done = progress->bytes = 0;
    free_string(&progress->what);
    if (progress->display == DISPLAY_EVENTS)
        send_event(progress, "phase", progress->started);
    else if (progress->display == DISPLAY_PHASES || progress->display == DISPLAY_LINES)
        log_notice("%s", phase);
    else
        update(progress);
}

void progress_step(struct progress *progress, const char *what, uint64_t units)
{
    if (progress == NULL)
        return;
    progress->done += units;
    if (what != NULL && (progress->what == NULL || strcmp(progress->what, what) != 0)) {
        free(progress->what);
        progress->what = copy_string(what);
    }
    update(progress);
}

void progress_bytes(struct progress *progress, uint64_t bytes)
{
    if (progress == NULL)
        return;
    progress->bytes += bytes;
    update(progress);
}

void progress_end(struct progress *progress)
{
    if (progress != NULL)
        end_phase(progress);
}

unsigned progress_phases(const struct progress *progress)
{
    return progress != NULL ? (unsigned)progress->phase_count : 0;
}

double progress_phase_seconds(const struct progress *progress, unsigned i, const char **phase)
{
    const struct phase_time *time = &progress->phases[i];
    bool last = i + 1 == progress->phase_count;

    *phase = time->name;
    return last && progress->running ? clock_seconds() - progress->started : time->seconds;
}
