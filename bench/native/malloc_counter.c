/*
 * A preloaded library that counts what a process allocates, and remembers from where.
 *
 * The counters live in the file that $MALLOC_COUNTER names, so that another process reads them while this one runs.
 * The reader sets `trace` to have the call stacks of the next allocations written down.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { DEPTH = 24, STACKS = 4096 };

struct stack {
    uint64_t size;
    uint64_t depth;
    void *frames[DEPTH];
};

/* The layout is read by idle.py too. */
struct shared {
    _Atomic uint64_t allocations;
    _Atomic uint64_t frees;
    _Atomic uint64_t allocated_bytes;
    _Atomic uint64_t freed_bytes;
    _Atomic uint64_t trace;
    _Atomic uint64_t traced;
    struct stack stacks[STACKS];
};

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static struct shared *shared;
static __thread int is_tracing;

__attribute__((constructor)) static void begin(void) {
    void *warm[2];
    const char *path = getenv("MALLOC_COUNTER");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *place = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    backtrace(warm, 2); /* Loads the unwinder, which allocates, before anything is counted. */
    if (place != MAP_FAILED) shared = place;
}

static void trace(size_t size) {
    is_tracing = 1;
    uint64_t index = atomic_fetch_add(&shared->traced, 1);
    if (index < STACKS) {
        struct stack *stack = &shared->stacks[index];
        stack->size = size;
        stack->depth = (uint64_t)backtrace(stack->frames, DEPTH);
    }
    is_tracing = 0;
}

static void *counted(void *block, size_t size) {
    if (!shared || !block) return block;
    atomic_fetch_add(&shared->allocations, 1);
    atomic_fetch_add(&shared->allocated_bytes, malloc_usable_size(block));
    if (atomic_load(&shared->trace) && !is_tracing) trace(size);
    return block;
}

static void uncounted(void *block) {
    if (!shared || !block) return;
    atomic_fetch_add(&shared->frees, 1);
    atomic_fetch_add(&shared->freed_bytes, malloc_usable_size(block));
}

void *malloc(size_t size) {
    return counted(__libc_malloc(size), size);
}
void *calloc(size_t count, size_t size) {
    return counted(__libc_calloc(count, size), count * size);
}
void *memalign(size_t alignment, size_t size) {
    return counted(__libc_memalign(alignment, size), size);
}
void *aligned_alloc(size_t alignment, size_t size) {
    return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    *block = memalign(alignment, size);
    return *block ? 0 : ENOMEM;
}

void free(void *block) {
    uncounted(block);
    __libc_free(block);
}

void *realloc(void *block, size_t size) {
    uncounted(block);
    return counted(__libc_realloc(block, size), size);
}
