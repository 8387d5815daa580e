/* One hash for all that a plan holds: SHA-256 over a line `RAW_SHA256 RAW_SIZE NAME\n` for each entry, in order. */
#pragma once

#include "format/manifest.h"

void content_root(const struct manifest *manifest, unsigned char root[SHA256_SIZE]);
