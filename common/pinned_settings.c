/* What is set in every session. */
#include "common/pinned_settings.h"

#include "common/memory.h"

const struct pinned_setting pinned_settings[] = {
    {"client_encoding", "UTF8", 0},
    {"DateStyle", "ISO, YMD", 0},
    {"IntervalStyle", "postgres", 0},
    {"TimeZone", "UTC", 0},
    {"extra_float_digits", "3", 0},
    {"bytea_output", "hex", 0},
    {"xmlbinary", "base64", 0},
    {"xmloption", "content", 0},
    {"lc_monetary", "C", 0},
    {"lc_numeric", "C", 0},
    {"lc_time", "C", 0},
    {"array_nulls", "on", 0},
    {"transform_null_equals", "off", 0},
    {"search_path", "", 0},
    {"row_security", "off", 0},
    {"synchronize_seqscans", "off", 0},
    {"standard_conforming_strings", "on", 0},
    {"default_transaction_isolation", "read committed", 0},
    {"statement_timeout", "0", 0},
    {"lock_timeout", "0", 0},
    {"idle_in_transaction_session_timeout", "0", 0},
    {"transaction_timeout", "0", 170000},
    {"idle_session_timeout", "0", 140000},
    {"jit", "off", 110000},
    {"check_function_bodies", "off", 0},
    {"client_min_messages", "warning", 0},
    {"quote_all_identifiers", "off", 0},
};

const size_t pinned_setting_count = array_length(pinned_settings);
