#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

// Room for a stamp (two int64), a drop counter (one uint32) and the local address (in6_pktinfo, and on a dual-stack
// socket in_pktinfo too), each behind a header, with a margin.
enum { control_size = 192 };

struct clinux_receiver {
    unsigned capacity;
    unsigned touched;  // slots from here on are as prepare() left them
    size_t size;
    struct mmsghdr *headers;
    struct iovec *vectors;
    struct sockaddr_storage *names;
    struct clinux_datagram *datagrams;
    uint8_t *payloads;
    uint8_t *controls;
};

static bool allocate(struct clinux_receiver *receiver) {
    const size_t n = receiver->capacity;
    receiver->headers = calloc(n, sizeof *receiver->headers);
    receiver->vectors = calloc(n, sizeof *receiver->vectors);
    receiver->names = calloc(n, sizeof *receiver->names);
    receiver->datagrams = calloc(n, sizeof *receiver->datagrams);
    receiver->payloads = calloc(n, receiver->size);
    receiver->controls = calloc(n, control_size);
    return receiver->headers && receiver->vectors && receiver->names && receiver->datagrams && receiver->payloads
        && receiver->controls;
}

// The kernel overwrites the lengths, so a slot that was received into is made ready anew.
static void prepare(struct clinux_receiver *receiver, unsigned slot) {
    receiver->vectors[slot] = (struct iovec){
        .iov_base = receiver->payloads + slot * receiver->size,
        .iov_len = receiver->size,
    };
    receiver->headers[slot].msg_hdr = (struct msghdr){
        .msg_name = &receiver->names[slot],
        .msg_namelen = sizeof receiver->names[slot],
        .msg_iov = &receiver->vectors[slot],
        .msg_iovlen = 1,
        .msg_control = receiver->controls + slot * control_size,
        .msg_controllen = control_size,
    };
}

struct clinux_receiver *clinux_receiver_create(unsigned capacity, size_t size) {
    struct clinux_receiver *receiver = calloc(1, sizeof *receiver);
    if (!receiver) return NULL;
    receiver->capacity = capacity;
    receiver->size = size;
    if (!allocate(receiver)) {
        clinux_receiver_destroy(receiver);
        return NULL;
    }
    for (unsigned slot = 0; slot < capacity; slot++) prepare(receiver, slot);
    return receiver;
}

void clinux_receiver_destroy(struct clinux_receiver *receiver) {
    free(receiver->headers);
    free(receiver->vectors);
    free(receiver->names);
    free(receiver->datagrams);
    free(receiver->payloads);
    free(receiver->controls);
    free(receiver);
}

const struct clinux_datagram *clinux_receiver_datagrams(const struct clinux_receiver *receiver) {
    return receiver->datagrams;
}

static void read_stamp(const struct cmsghdr *control, struct clinux_datagram *datagram) {
    int64_t stamp[2];  // struct __kernel_timespec: seconds, nanoseconds
    memcpy(stamp, CMSG_DATA(control), sizeof stamp);
    datagram->realtime = stamp[0] * 1000000000 + stamp[1];
    datagram->has_stamp = true;
}

static void read_ipv4(const struct cmsghdr *control, struct clinux_datagram *datagram) {
    struct in_pktinfo info;
    memcpy(&info, CMSG_DATA(control), sizeof info);
    // The address of ours that the kernel would answer from: also for what was sent to all hosts of a network.
    const struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = info.ipi_spec_dst};
    datagram->has_local = clinux_address_read(&name, sizeof name, &datagram->local);
}

static void read_ipv6(const struct cmsghdr *control, struct clinux_datagram *datagram) {
    struct in6_pktinfo info;
    memcpy(&info, CMSG_DATA(control), sizeof info);
    if (IN6_IS_ADDR_MULTICAST(&info.ipi6_addr)) return;
    const struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_addr = info.ipi6_addr};
    datagram->has_local = clinux_address_read(&name, sizeof name, &datagram->local);
}

static void read_control(struct msghdr *header, struct clinux_datagram *datagram) {
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR(header, control)) {
        if (control->cmsg_level == SOL_IP && control->cmsg_type == IP_PKTINFO) read_ipv4(control, datagram);
        if (control->cmsg_level == SOL_IPV6 && control->cmsg_type == IPV6_PKTINFO) read_ipv6(control, datagram);
        if (control->cmsg_level != SOL_SOCKET) continue;
        if (control->cmsg_type == SO_TIMESTAMPNS_NEW) read_stamp(control, datagram);
        if (control->cmsg_type == SO_RXQ_OVFL) {
            memcpy(&datagram->drops, CMSG_DATA(control), sizeof datagram->drops);
            datagram->has_drops = true;
        }
    }
}

static void describe(struct clinux_receiver *receiver, unsigned slot) {
    struct mmsghdr *header = &receiver->headers[slot];
    struct clinux_datagram *datagram = &receiver->datagrams[slot];
    *datagram = (struct clinux_datagram){
        .bytes = header->msg_hdr.msg_iov->iov_base,
        .length = header->msg_len,
        .truncated = (header->msg_hdr.msg_flags & MSG_TRUNC) != 0,
    };
    datagram->has_source =
        clinux_address_read(header->msg_hdr.msg_name, header->msg_hdr.msg_namelen, &datagram->source);
    read_control(&header->msg_hdr, datagram);
}

int clinux_receiver_receive(struct clinux_receiver *receiver, int descriptor, unsigned first) {
    if (first >= receiver->capacity) return 0;
    for (unsigned slot = first; slot < receiver->touched; slot++) prepare(receiver, slot);
    const unsigned room = receiver->capacity - first;
    const int count = recvmmsg(descriptor, receiver->headers + first, room, MSG_DONTWAIT, NULL);
    const unsigned end = first + (count > 0 ? (unsigned)count : 0);
    for (unsigned slot = first; slot < end; slot++) describe(receiver, slot);
    // One more than was filled: the kernel may have begun on the slot at which it failed.
    receiver->touched = end < receiver->capacity ? end + 1 : end;
    return count;
}
