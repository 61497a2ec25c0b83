/*
 * Sends junk datagrams at an even rate: flood ADDRESS PORT PER_SECOND SECONDS. Prints how many the kernel took.
 *
 * Half of them are random bytes, half begin like a datagram of ours, so that more than the first check has work.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 100, LENGTH = 120 };

static unsigned char bytes[BATCH][LENGTH];
static struct iovec pieces[BATCH];
static struct mmsghdr messages[BATCH];

static void prepare(void) {
    for (int index = 0; index < BATCH; index++) {
        for (int place = 0; place < LENGTH; place++) bytes[index][place] = (unsigned char)random();
        if (index % 2) {
            bytes[index][0] = 1;
            bytes[index][1] = 0;
        }
        pieces[index] = (struct iovec){bytes[index], LENGTH};
        messages[index].msg_hdr.msg_iov = &pieces[index];
        messages[index].msg_hdr.msg_iovlen = 1;
    }
}

int main(int count, char **words) {
    if (count != 5) {
        fprintf(stderr, "usage: flood ADDRESS PORT PER_SECOND SECONDS\n");
        return 64;
    }
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(words[2]))};
    inet_pton(AF_INET, words[1], &target.sin_addr);
    long per_second = atol(words[3]), batches = per_second * atol(words[4]) / BATCH, sent = 0;
    int file = socket(AF_INET, SOCK_DGRAM, 0);
    if (connect(file, (struct sockaddr *)&target, sizeof target)) {
        perror("connect");
        return 1;
    }
    prepare();
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (long batch = 0; batch < batches; batch++) {
        int taken = sendmmsg(file, messages, BATCH, 0);
        if (taken > 0) sent += taken;
        next.tv_nsec += 1000000000L / (per_second / BATCH);
        while (next.tv_nsec >= 1000000000L) {
            next.tv_nsec -= 1000000000L;
            next.tv_sec++;
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
    printf("%ld\n", sent);
    return 0;
}
