/* A security label provider for the tests: takes every label on everything. */
#include "postgres.h"

#include "commands/seclabel.h"
#include "fmgr.h"

PG_MODULE_MAGIC;

void _PG_init(void);

static void take_label(const ObjectAddress *object, const char *label)
{
    (void)object, (void)label;
}

void _PG_init(void)
{
    register_label_provider("pgsyncer_test", take_label);
}
