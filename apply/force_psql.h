/*
 * --force-psql: the whole plan as one script that psql runs in one transaction. Our own connection has done preflight,
 * and looks at what psql's locks keep as it is; psql's session shows it the schema before COMMIT.
 */
#pragma once

#include "apply/proof.h"

/* In place of the transaction of apply_plan(), the pre-commit phase included; errors and `failures` are as there. */
bool force_psql(struct apply_job *job, struct proof_failures *failures, struct error *err) must_check;
