/* The job, in order. */
#include "plan/rows/rows.h"
