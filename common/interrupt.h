/*
 * SIGINT and SIGTERM. The handler only notes the signal; whoever waits on a server also waits on interrupt_fd(),
 * cancels the running statement and returns ERROR_INTERRUPTED, so that the way out is the ordinary one: roll back,
 * clean up, exit 130.
 */
#pragma once

#include "common/error.h"

void interrupt_install(void); /* once, at the start of main() */
bool interrupt_requested(void);
int interrupt_fd(void); /* becomes readable when a signal came; never read from it. -1 before interrupt_install() */

/* Sets ERROR_INTERRUPTED when a signal came: for loops that do not wait on a server. True means: go on. */
bool interrupt_check(struct error *err) must_check;
