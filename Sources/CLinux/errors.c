#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
// After <time.h>: the kernel header uses struct timespec.
#include <linux/errqueue.h>

static void read_control(struct msghdr *header, struct clinux_network_error *out) {
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR(header, control)) {
        const bool ipv4 = control->cmsg_level == SOL_IP && control->cmsg_type == IP_RECVERR;
        const bool ipv6 = control->cmsg_level == SOL_IPV6 && control->cmsg_type == IPV6_RECVERR;
        if (!ipv4 && !ipv6) continue;
        struct sock_extended_err error;
        memcpy(&error, CMSG_DATA(control), sizeof error);
        out->error = (int)error.ee_errno;
        out->origin = error.ee_origin;
    }
}

int clinux_network_error_next(int descriptor, struct clinux_network_error *out) {
    struct sockaddr_storage name;
    // The queue holds the datagram's payload too; it is not wanted, and MSG_TRUNC says so harmlessly.
    uint8_t payload;
    _Alignas(struct cmsghdr) uint8_t control[512];
    struct iovec vector = {.iov_base = &payload, .iov_len = sizeof payload};
    struct msghdr header = {
        .msg_name = &name,
        .msg_namelen = sizeof name,
        .msg_iov = &vector,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof control,
    };
    *out = (struct clinux_network_error){0};
    if (recvmsg(descriptor, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    out->has_destination =
        clinux_address_read(&name, header.msg_namelen, &out->destination);
    read_control(&header, out);
    return 1;
}
