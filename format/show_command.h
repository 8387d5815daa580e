/* `show FILE` and `verify FILE`, which both programs have. Neither connects to anything. */
#pragma once

#include "common/program.h"

bool show_command(const struct command_words *words, int *status, struct error *err) must_check;
bool verify_command(const struct command_words *words, int *status, struct error *err) must_check;
