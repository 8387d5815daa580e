/*
 * Main and the stand-in on different major versions: what both hold but word or keep differently is brought to the
 * stand-in's terms, so that the rest of the comparison need not know, and what the stand-in's version cannot hold is
 * refused. Between servers of one major version nothing is refused, and only wordings are brought to the stand-in's.
 */
#pragma once

#include "common/catalog/catalog.h"

/* adapt.c: values of main's catalog become the stand-in's where they mean the same. */
void versions_adapt(struct catalog *main, const struct catalog *standin);

/* versions.c: ERROR_REFUSED, with every object named, where main has what a server of the version lacks. */
bool versions_check(const struct catalog *main, int standin_version, struct error *err) must_check;
