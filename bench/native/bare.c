/*
 * What the kernel alone takes for datagrams: bare PORT PEERS_PORT COUNT INTERVAL_MS LENGTH SECONDS.
 *
 * Receives whatever comes to PORT and sends LENGTH bytes to each of COUNT peers (peers.c) in each interval, as a daemon
 * does: one turn a millisecond at most, in which everything is read by recvmmsg and then everything due is sent by
 * sendmmsg. It reads and writes no message. Prints "DATAGRAMS PROCESSOR_NS" of the last SECONDS; what came before, while
 * the peers began, does not count.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, ROOM = 1400, TURN_NS = 1000000 };

struct slot {
    unsigned char bytes[ROOM];
    struct sockaddr_in name;
    struct iovec piece;
    char control[256];
};

static struct slot in[BATCH], out[BATCH];
static struct mmsghdr in_headers[BATCH], out_headers[BATCH];
static uint64_t datagrams;
static unsigned pending;
static int file;

static int64_t now_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void prepare(struct slot *slots, struct mmsghdr *headers, size_t length) {
    for (int index = 0; index < BATCH; index++) {
        slots[index].piece = (struct iovec){slots[index].bytes, length};
        headers[index].msg_hdr = (struct msghdr){.msg_name = &slots[index].name,
            .msg_namelen = sizeof(struct sockaddr_in),
            .msg_iov = &slots[index].piece,
            .msg_iovlen = 1};
    }
}

static void receive(void) {
    int got;
    do {
        for (int index = 0; index < BATCH; index++) {
            in_headers[index].msg_hdr.msg_control = in[index].control;
            in_headers[index].msg_hdr.msg_controllen = sizeof in[index].control;
        }
        got = recvmmsg(file, in_headers, BATCH, MSG_DONTWAIT, NULL);
        datagrams += got > 0 ? (unsigned)got : 0;
    } while (got == BATCH);
}

static void flush(void) {
    int taken = pending ? sendmmsg(file, out_headers, pending, 0) : 0;
    datagrams += taken > 0 ? (unsigned)taken : 0;
    pending = 0;
}

static void queue_message(int peer, int port) {
    if (pending == BATCH) flush();
    out[pending].name = (struct sockaddr_in){.sin_family = AF_INET,
        .sin_port = htons((unsigned short)port),
        .sin_addr.s_addr = htonl(0x7F010000u + (uint32_t)peer)};
    pending++;
}

static int open_socket(int port) {
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1, space = 8 << 20;
    file = socket(AF_INET, SOCK_DGRAM, 0);
    if (file < 0 || bind(file, (struct sockaddr *)&own, sizeof own)) return -1;
    setsockopt(file, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    setsockopt(file, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    return setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &space, sizeof space);
}

int main(int argument_count, char **words) {
    if (argument_count != 7) {
        fprintf(stderr, "usage: bare PORT PEERS_PORT COUNT INTERVAL_MS LENGTH SECONDS\n");
        return 64;
    }
    int port = atoi(words[2]), count = atoi(words[3]);
    int64_t interval = atoll(words[4]) * 1000000, length = atoll(words[5]), seconds = atoll(words[6]);
    if (count < 1 || length < 1 || length > ROOM || open_socket(atoi(words[1])) < 0) {
        perror("bare");
        return 1;
    }
    prepare(in, in_headers, ROOM);
    prepare(out, out_headers, (size_t)length);
    int64_t began = now_ns(CLOCK_MONOTONIC), counted = began + 1000000000, used = 0, sent = 0, next = began;
    for (int64_t now = began; now < counted + seconds * 1000000000; now = now_ns(CLOCK_MONOTONIC)) {
        if (!used && now >= counted) {
            used = now_ns(CLOCK_PROCESS_CPUTIME_ID);
            datagrams = 0;
        }
        receive();
        for (int64_t due = (now - began) * count / interval; sent < due; sent++) {
            queue_message((int)(sent % count), port);
        }
        flush();
        next = next + TURN_NS > now ? next + TURN_NS : now;
        struct timespec until = {.tv_sec = next / 1000000000, .tv_nsec = next % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
    printf("%llu %lld\n", (unsigned long long)datagrams, (long long)(now_ns(CLOCK_PROCESS_CPUTIME_ID) - used));
    return 0;
}
