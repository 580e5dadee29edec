#pragma once
#include <sodium.h>

#ifdef __linux__
#include <sys/prctl.h>

// prctl is variadic, which Swift does not import.
static inline int switchboard_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
static inline int switchboard_may_dump(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
#else
static inline int switchboard_forbid_dumps(void) { return 0; }
static inline int switchboard_may_dump(void) { return 0; }
#endif
