/* Which database, and as of which moment. */
#include "common/database_identity.h"

#include <stdlib.h>

void database_identity_free(struct database_identity *identity)
{
    free(identity->dbname);
    free(identity->server_version);
    free(identity->system_identifier);
    free(identity->encoding);
    free(identity->collate);
    free(identity->ctype);
    free(identity->collation_version);
    free(identity->snapshot);
    free(identity->lsn);
    *identity = (struct database_identity){0};
}
