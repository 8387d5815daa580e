/* --use-updated-at: since when rows count as newer. */
#pragma once

#include "common/connection.h"

struct since {
    const char *column; /* which says when a row was updated; borrowed */
    char *moment;       /* a timestamptz that every session takes alike */
    char *local;        /* the same as a timestamp in main's session time zone, for columns without a zone */
    char *shown;        /* with the offset of main's session time zone, for people */
    char *time_zone;    /* its name */
};

/*
 * Reads the text of --last-sync-time as a session of the user on main would, in the time zone that the server, the
 * database or the role set for it (ours is pinned to UTC). No time is ERROR_USAGE. The connection is in a transaction.
 */
bool since_read(struct connection *main, const char *column, const char *time, struct since *since,
                struct error *err) must_check;
void since_free(struct since *since); /* also for the cleanup attribute */
