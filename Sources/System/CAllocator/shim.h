#pragma once
#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

// What a request has freed stays with the process, up to 8 MB for each of glibc's arenas, for the next request to use.
// By its own rule glibc gives most of it back, and the kernel then has to clear each page anew for the next request: a
// tenth of the time in which a document of 400 KB is parsed and validated.
//
// Blocks of more than 4 MB still come and go one by one.
//
// Returns 0 where glibc has refused.
static inline int switchboard_keep_freed_memory(void) {
    return mallopt(M_MMAP_THRESHOLD, 4 << 20) & mallopt(M_TRIM_THRESHOLD, 8 << 20);
}
#else
static inline int switchboard_keep_freed_memory(void) { return 1; }
#endif
