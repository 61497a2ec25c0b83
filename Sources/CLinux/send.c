#define _GNU_SOURCE
#include "CLinux.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

// Room for the larger of in_pktinfo and in6_pktinfo behind a header.
enum { control_size = CMSG_SPACE(sizeof(struct in6_pktinfo)) };

struct clinux_sender {
    unsigned capacity;
    unsigned count;
    size_t arena_size;
    size_t used;
    struct mmsghdr *headers;
    struct iovec *vectors;
    struct sockaddr_storage *names;
    struct clinux_address *destinations;
    uint32_t *tags;
    uint8_t *controls;
    uint8_t *arena;
};

static bool allocate(struct clinux_sender *sender) {
    const size_t n = sender->capacity;
    sender->headers = calloc(n, sizeof *sender->headers);
    sender->vectors = calloc(n, sizeof *sender->vectors);
    sender->names = calloc(n, sizeof *sender->names);
    sender->destinations = calloc(n, sizeof *sender->destinations);
    sender->tags = calloc(n, sizeof *sender->tags);
    sender->controls = calloc(n, control_size);
    sender->arena = malloc(sender->arena_size);
    return sender->headers && sender->vectors && sender->names && sender->destinations && sender->tags
        && sender->controls && sender->arena;
}

struct clinux_sender *clinux_sender_create(unsigned capacity, size_t arena_size) {
    struct clinux_sender *sender = calloc(1, sizeof *sender);
    if (!sender) return NULL;
    sender->capacity = capacity;
    sender->arena_size = arena_size;
    if (allocate(sender)) return sender;
    clinux_sender_destroy(sender);
    return NULL;
}

void clinux_sender_destroy(struct clinux_sender *sender) {
    free(sender->headers);
    free(sender->vectors);
    free(sender->names);
    free(sender->destinations);
    free(sender->tags);
    free(sender->controls);
    free(sender->arena);
    free(sender);
}

// An address that is none of this host's any more makes the sending fail with EINVAL.
static void write_source(const struct clinux_address *source, struct msghdr *header, uint8_t *room) {
    struct sockaddr_storage name;
    clinux_address_write(source, &name);
    const bool ipv4 = clinux_address_is_ipv4(source);
    struct in_pktinfo info4 = {0};
    struct in6_pktinfo info6 = {0};
    if (ipv4) info4.ipi_spec_dst = ((struct sockaddr_in *)&name)->sin_addr;
    else info6.ipi6_addr = ((struct sockaddr_in6 *)&name)->sin6_addr;
    const size_t size = ipv4 ? sizeof info4 : sizeof info6;
    header->msg_control = room;
    header->msg_controllen = CMSG_SPACE(size);
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    control->cmsg_level = ipv4 ? SOL_IP : SOL_IPV6;
    control->cmsg_type = ipv4 ? IP_PKTINFO : IPV6_PKTINFO;
    control->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(control), ipv4 ? (const void *)&info4 : (const void *)&info6, size);
}

bool clinux_sender_append(struct clinux_sender *sender, const void *bytes, size_t length,
    const struct clinux_address *destination, const struct clinux_address *source, uint32_t tag) {
    if (sender->count == sender->capacity || length > sender->arena_size - sender->used) return false;
    uint8_t *place = sender->arena + sender->used;
    if (length > 0) memcpy(place, bytes, length);
    struct sockaddr_storage *name = &sender->names[sender->count];
    struct iovec *vector = &sender->vectors[sender->count];
    *vector = (struct iovec){.iov_base = place, .iov_len = length};
    sender->headers[sender->count].msg_hdr = (struct msghdr){
        .msg_name = name,
        .msg_namelen = clinux_address_write(destination, name),
        .msg_iov = vector,
        .msg_iovlen = 1,
    };
    if (source) {
        struct msghdr *header = &sender->headers[sender->count].msg_hdr;
        write_source(source, header, sender->controls + sender->count * control_size);
    }
    sender->destinations[sender->count] = *destination;
    sender->tags[sender->count] = tag;
    sender->used += length;
    sender->count++;
    return true;
}

unsigned clinux_sender_count(const struct clinux_sender *sender) {
    return sender->count;
}

struct clinux_address clinux_sender_destination(const struct clinux_sender *sender, unsigned index) {
    return sender->destinations[index];
}

uint32_t clinux_sender_tag(const struct clinux_sender *sender, unsigned index) {
    return sender->tags[index];
}

void clinux_sender_clear(struct clinux_sender *sender) {
    sender->count = 0;
    sender->used = 0;
}

int clinux_sender_send(struct clinux_sender *sender, int descriptor, unsigned first) {
    if (first >= sender->count) return 0;
    return sendmmsg(descriptor, sender->headers + first, sender->count - first, MSG_DONTWAIT | MSG_NOSIGNAL);
}
