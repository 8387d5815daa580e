/*
 * Every bound that a plan file is held to. The writer refuses to exceed them, the reader refuses what does;
 * docs/format.md repeats them. Sizes are bytes.
 */
#pragma once

#include <stdint.h>

#define LIMIT_KIB UINT64_C(1024)
#define LIMIT_MIB (1024 * LIMIT_KIB)
#define LIMIT_GIB (1024 * LIMIT_MIB)

#define LIMIT_MANIFEST_SIZE (16 * LIMIT_MIB)
#define LIMIT_ENTRIES UINT64_C(100000) /* of one file */
#define LIMIT_ENTRY_NAME 100           /* what an ustar header holds without a prefix */
#define LIMIT_FOLDER_NAME 64           /* of an entry's name: SCHEMA.TABLE, escaped, cut to this */
#define LIMIT_TABLES UINT64_C(99999)
#define LIMIT_PARTS UINT64_C(99999)           /* of one table and kind */
#define LIMIT_STORED_SIZE (8 * LIMIT_GIB - 1) /* of an entry: eleven octal digits */
#define LIMIT_RAW_SIZE (8 * LIMIT_GIB - 1)
#define LIMIT_LOADED_SIZE (64 * LIMIT_MIB) /* raw, of an entry that is used as a whole: a statement, a digest */

/*
 * Raw bytes per stored byte. An honest row entry of many equal rows comes close to what zstd can do at all (a block of
 * 128 KiB in about a dozen bytes), so this only stops what no compressor writes; raw sizes are what bounds a bomb.
 */
#define LIMIT_RATIO UINT64_C(20000)
#define LIMIT_RATIO_FREE LIMIT_MIB /* raw size up to which no ratio is looked at */
#define LIMIT_WINDOW_LOG 23        /* zstd -2 uses 20, zstd -3 21 */

#define LIMIT_STATEMENTS UINT64_C(99999)
#define LIMIT_SEQUENCES UINT64_C(100000)
#define LIMIT_WARNINGS UINT64_C(100000)
#define LIMIT_LIST UINT64_C(10000)   /* patterns, risks */
#define LIMIT_COLUMNS UINT64_C(1664) /* PostgreSQL's bound on a row */
#define LIMIT_SLICES (UINT64_C(1) << 30)
#define LIMIT_NAME LIMIT_KIB                  /* of a schema, table, column, type */
#define LIMIT_STRING (64 * LIMIT_KIB)         /* of any other text in the manifest */
#define LIMIT_COUNT ((UINT64_C(1) << 53) - 1) /* of any number in JSON: what every implementation holds exactly */

#define LIMIT_JSON_DEPTH 16
#define LIMIT_JSON_LINE (64 * LIMIT_MIB) /* of a catalog: an object with the text of its definition */
#define LIMIT_DIGEST_LINE (64 * LIMIT_KIB)
