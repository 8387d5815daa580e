/* What pg_dump does not say, asked of the server in the same snapshot. */
#pragma once

#include "plan/dump/entries.h"

bool rest_read_columns(struct dump *dump, struct error *err) must_check;
bool rest_read_views(struct dump *dump, struct error *err) must_check;
bool rest_read_identity_types(struct dump *dump, struct error *err) must_check;

/* Names and comments of domains' NOT NULL. After the domains are read. */
bool rest_read_domains(struct dump *dump, struct error *err) must_check;

/* Gives the constraints their addresses, and adds those that a table inherits. After the tables are read. */
bool rest_read_constraints(struct dump *dump, struct error *err) must_check;

/* Gives user mappings their addresses. */
bool rest_read_user_mappings(struct dump *dump, struct error *err) must_check;

/* pg_dump leaves out an index that is not valid, but for those of partitioned tables. */
bool rest_check_indexes(struct dump *dump, struct error *err) must_check;
