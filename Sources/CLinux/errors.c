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
        const struct sockaddr *offender = SO_EE_OFFENDER((struct sock_extended_err *)CMSG_DATA(control));
        struct sockaddr_storage name = {0};
        const size_t length = ipv4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
        if (control->cmsg_len < CMSG_LEN(sizeof error + length)) continue;
        memcpy(&name, offender, length);
        out->has_offender = clinux_address_read(&name, (socklen_t)length, &out->offender);
    }
}

int clinux_network_error_next(int descriptor, struct clinux_network_error *out) {
    struct sockaddr_storage name;
    *out = (struct clinux_network_error){0};
    // The queue holds as much of the datagram's payload as the report quotes; its beginning is enough.
    _Alignas(struct cmsghdr) uint8_t control[512];
    struct iovec vector = {.iov_base = out->quote, .iov_len = sizeof out->quote};
    struct msghdr header = {
        .msg_name = &name,
        .msg_namelen = sizeof name,
        .msg_iov = &vector,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof control,
    };
    const ssize_t quoted = recvmsg(descriptor, &header, MSG_ERRQUEUE | MSG_DONTWAIT);
    if (quoted < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    out->quoted = (uint8_t)quoted;
    out->has_destination = clinux_address_read(&name, header.msg_namelen, &out->destination);
    read_control(&header, out);
    return 1;
}
