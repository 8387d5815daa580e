/* What a plan's options choose of a database: for the reader of its catalog. */
#pragma once

#include "common/catalog/reader.h"
#include "format/manifest.h"

/* Borrows from the manifest. */
struct catalog_options manifest_choice(const struct manifest *manifest);
