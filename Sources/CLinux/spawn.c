#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Between vfork and execve the child runs in our memory, so it calls nothing but the kernel.
static int become(
    const char *path, char *const arguments[], char *const environment[], int output, int errors, bool own_group) {
    sigset_t none;
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return errno;
    if (own_group && setpgid(0, 0) < 0) return errno;
    if (output >= 0 && dup2(output, STDOUT_FILENO) < 0) return errno;
    if (errors >= 0 && dup2(errors, STDERR_FILENO) < 0) return errno;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(path, arguments, environment);
    return errno;
}

int clinux_spawn(const char *path, char *const arguments[], char *const environment[], int output, int errors,
    bool own_group, int *child) {
    sigset_t all, before;
    volatile int failure = 0;
    // No handler of ours may run in the child.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = vfork();
    if (pid == 0) {
        failure = become(path, arguments, environment, output, errors, own_group);
        _exit(127);
    }
    if (pid < 0) failure = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid > 0 && failure != 0) waitpid(pid, NULL, 0);
    *child = pid;
    return failure;
}
