#define _GNU_SOURCE
#include "CLinux.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

struct clinux_sender {
    unsigned capacity;
    unsigned count;
    size_t arena_size;
    size_t used;
    struct mmsghdr *headers;
    struct iovec *vectors;
    struct sockaddr_storage *names;
    struct clinux_address *destinations;
    uint8_t *arena;
};

static bool allocate(struct clinux_sender *sender) {
    const size_t n = sender->capacity;
    sender->headers = calloc(n, sizeof *sender->headers);
    sender->vectors = calloc(n, sizeof *sender->vectors);
    sender->names = calloc(n, sizeof *sender->names);
    sender->destinations = calloc(n, sizeof *sender->destinations);
    sender->arena = malloc(sender->arena_size);
    return sender->headers && sender->vectors && sender->names && sender->destinations && sender->arena;
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
    free(sender->arena);
    free(sender);
}

bool clinux_sender_append(
    struct clinux_sender *sender, const void *bytes, size_t length, const struct clinux_address *destination) {
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
    sender->destinations[sender->count] = *destination;
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

void clinux_sender_clear(struct clinux_sender *sender) {
    sender->count = 0;
    sender->used = 0;
}

int clinux_sender_send(struct clinux_sender *sender, int descriptor, unsigned first) {
    if (first >= sender->count) return 0;
    return sendmmsg(
        descriptor, sender->headers + first, sender->count - first, MSG_DONTWAIT | MSG_NOSIGNAL);
}
