#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

const uint32_t clinux_epoll_read = EPOLLIN;
const uint32_t clinux_epoll_write = EPOLLOUT;
const uint32_t clinux_epoll_error = EPOLLERR;
const uint32_t clinux_epoll_hangup = EPOLLHUP | EPOLLRDHUP;
const int clinux_clock_boottime = CLOCK_BOOTTIME;

int clinux_epoll_create(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

static int control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return epoll_ctl(epoll, operation, descriptor, &event);
}

int clinux_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t token) {
    return control(epoll, EPOLL_CTL_ADD, descriptor, events, token);
}

int clinux_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t token) {
    return control(epoll, EPOLL_CTL_MOD, descriptor, events, token);
}

int clinux_epoll_remove(int epoll, int descriptor) {
    return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
}

int clinux_epoll_wait(int epoll, struct clinux_ready *ready, int capacity, int timeout_ms) {
    // struct epoll_event is packed on some machines only: it is unpacked here, not in Swift.
    struct epoll_event events[256];
    const int room = capacity < 256 ? capacity : 256;
    const int count = epoll_wait(epoll, events, room, timeout_ms);
    for (int index = 0; index < count; index++)
        ready[index] = (struct clinux_ready){.token = events[index].data.u64, .events = events[index].events};
    return count;
}

int clinux_timer_create(void) {
    return timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
}

int clinux_timer_set(int timer, int64_t nanoseconds) {
    const struct itimerspec when = {
        .it_value = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000}};
    return timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

int clinux_eventfd_create(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

int clinux_signalfd_create(const int *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < count; index++)
        if (sigaddset(&set, signals[index]) < 0) return -1;
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int clinux_signalfd_next(int descriptor, struct clinux_signal *out) {
    struct signalfd_siginfo info;
    const ssize_t length = read(descriptor, &info, sizeof info);
    if (length < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    *out = (struct clinux_signal){
        .number = (int)info.ssi_signo,
        .sender_pid = (int)info.ssi_pid,
        .sender_uid = info.ssi_uid,
    };
    return length == sizeof info;
}

int clinux_pidfd_open(int pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int64_t clinux_clock(int clock) {
    struct timespec time = {0};
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

const char *clinux_error_text(int error) {
    return strerrordesc_np(error);
}

int clinux_peer_credentials(int descriptor, int *pid, uint32_t *uid, uint32_t *gid) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0) return -1;
    *pid = credentials.pid;
    *uid = credentials.uid;
    *gid = credentials.gid;
    return 0;
}

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

int clinux_peer_pidfd(int descriptor) {
    int pidfd = -1;
    socklen_t length = sizeof pidfd;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &length) < 0) return -1;
    return pidfd;
}

int clinux_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

int clinux_socket_pair(int ends[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
}

int clinux_accept(int listener) {
    return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int clinux_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC);
}

int clinux_lock_memory(void) {
    return mlockall(MCL_CURRENT | MCL_FUTURE);
}

bool clinux_is_realtime(void) {
    const int policy = sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
    return policy == SCHED_FIFO || policy == SCHED_RR;
}

bool clinux_may_lock_all_memory(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
}

int clinux_name_thread(const char *name) {
    return pthread_setname_np(pthread_self(), name);
}

int clinux_leave_realtime(void) {
    const struct sched_param parameter = {0};
    return sched_setscheduler(0, SCHED_OTHER, &parameter);
}

int clinux_open_name(const char *path) {
    return open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}
