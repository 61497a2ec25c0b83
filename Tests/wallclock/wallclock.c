// A wall clock that a test can set for one process: loaded before everything else (LD_PRELOAD), it adds to the time of
// day the seconds that the file $SUSPECTD_TEST_CLOCK names. Every other clock, and every timer, stays as it is:
// libfaketime would move the timers as well, so that a test of deadlines would test libfaketime.
//
//   cc -shared -fPIC -o wallclock.so wallclock.c
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long seconds_ahead(void) {
    char text[32] = {0};
    const char *path = getenv("SUSPECTD_TEST_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return 0;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    return count > 0 ? strtol(text, NULL, 10) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int status = (int)syscall(SYS_clock_gettime, clock, now);
    if (status == 0 && clock == CLOCK_REALTIME) {
        int error = errno;
        now->tv_sec += seconds_ahead();
        errno = error;
    }
    return status;
}
