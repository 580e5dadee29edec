#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdint.h>

/// How often this thread has asked the C library for memory: malloc, calloc, realloc and the aligned ones.
uint64_t allocations_of_this_thread(void);

#endif
