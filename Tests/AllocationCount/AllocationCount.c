// Counts allocations by standing in for glibc's allocator: an executable that links this file defines malloc and its
// relatives itself, so the dynamic linker gives them to the Swift runtime too, and glibc's own are called by the other
// names that it exports. Replacing all of them together is what glibc's manual asks for ("Replacing malloc").

#define _GNU_SOURCE
#include "AllocationCount.h"
#include <errno.h>
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

// Of each thread, so that counting costs threads nothing of each other; in the executable itself, so that reading it
// allocates nothing.
static _Thread_local uint64_t count;

uint64_t allocations_of_this_thread(void) { return count; }

void *malloc(size_t size) {
    count++;
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
    count++;
    return __libc_calloc(items, size);
}

void *realloc(void *old, size_t size) {
    count++;
    return __libc_realloc(old, size);
}

void free(void *memory) { __libc_free(memory); }

void *memalign(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
    void *memory = memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *result = memory;
    return 0;
}
