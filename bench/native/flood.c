/*
 * Sends junk datagrams at an even rate: flood ADDRESS PORT PER_SECOND SECONDS KIND SOURCES [FILE]. Prints how many
 * the kernel took.
 *
 * KIND says what they are: "random" bytes; "headed", which begin like a datagram of ours; or "replayed", all the same
 * as the contents of FILE. They come from so many SOURCES, addresses from 127.2.0.0 on; 1 is one ordinary socket.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 100, LENGTH = 120, ROOM = 1400 };

static unsigned char bytes[BATCH][ROOM];
static struct iovec pieces[BATCH];
static struct mmsghdr messages[BATCH];
static union {
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct cmsghdr align;
} controls[BATCH];
static struct sockaddr_in target = {.sin_family = AF_INET};

static size_t read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return 0;
    size_t length = fread(bytes[0], 1, ROOM, file);
    fclose(file);
    return length;
}

/* Returns whether there is something to send. */
static int prepare(const char *kind, const char *path) {
    size_t length = path ? read_file(path) : LENGTH;
    for (int index = 0; index < BATCH; index++) {
        for (int place = 0; !path && place < LENGTH; place++) bytes[index][place] = (unsigned char)random();
        if (path && index) memcpy(bytes[index], bytes[0], length);
        if (kind[0] == 'h') memcpy(bytes[index], "\1\0", 2);
        pieces[index] = (struct iovec){bytes[index], length};
        messages[index].msg_hdr = (struct msghdr){
            .msg_iov = &pieces[index], .msg_iovlen = 1, .msg_name = &target, .msg_namelen = sizeof target};
    }
    return length > 0;
}

static void disguise(unsigned sources) {
    for (int index = 0; index < BATCH; index++) {
        struct msghdr *header = &messages[index].msg_hdr;
        header->msg_control = controls[index].bytes;
        header->msg_controllen = sizeof controls[index];
        struct cmsghdr *control = CMSG_FIRSTHDR(header);
        *control = (struct cmsghdr){
            .cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo)), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
        struct in_pktinfo from = {.ipi_spec_dst.s_addr = htonl(0x7F020000u + (unsigned)random() % sources)};
        memcpy(CMSG_DATA(control), &from, sizeof from);
    }
}

int main(int count, char **words) {
    if (count != 7 && count != 8) {
        fprintf(stderr, "usage: flood ADDRESS PORT PER_SECOND SECONDS random|headed|replayed SOURCES [FILE]\n");
        return 64;
    }
    target.sin_port = htons((unsigned short)atoi(words[2]));
    inet_pton(AF_INET, words[1], &target.sin_addr);
    long per_second = atol(words[3]), batches = per_second * atol(words[4]) / BATCH, sent = 0;
    unsigned sources = (unsigned)atoi(words[6]);
    int file = socket(AF_INET, SOCK_DGRAM, 0);
    if (file < 0 || per_second < BATCH || !prepare(words[5], count == 8 ? words[7] : NULL)) {
        fprintf(stderr, "flood: nothing to send\n");
        return 1;
    }
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (long batch = 0; batch < batches; batch++) {
        if (sources > 1) disguise(sources);
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
