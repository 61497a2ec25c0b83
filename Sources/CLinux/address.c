#define _GNU_SOURCE
#include "CLinux.h"

#include <endian.h>
#include <netinet/in.h>
#include <string.h>

static const uint64_t mapped_prefix = 0x0000ffff00000000;

bool clinux_address_is_ipv4(const struct clinux_address *address) {
    return address->high == 0 && (address->low >> 32) == 0xffff;
}

static void read_ipv4(const struct sockaddr_in *name, struct clinux_address *out) {
    *out = (struct clinux_address){
        .low = mapped_prefix | ntohl(name->sin_addr.s_addr),
        .port = ntohs(name->sin_port),
    };
}

static void read_ipv6(const struct sockaddr_in6 *name, struct clinux_address *out) {
    uint64_t words[2];
    memcpy(words, &name->sin6_addr, sizeof words);
    *out = (struct clinux_address){
        .high = be64toh(words[0]),
        .low = be64toh(words[1]),
        .scope = name->sin6_scope_id,
        .port = ntohs(name->sin6_port),
    };
}

bool clinux_address_read(const void *name, uint32_t length, struct clinux_address *out) {
    if (length < sizeof(struct sockaddr_in)) return false;
    const sa_family_t family = ((const struct sockaddr *)name)->sa_family;
    if (family == AF_INET) {
        read_ipv4(name, out);
        return true;
    }
    if (family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
        read_ipv6(name, out);
        return true;
    }
    return false;
}

static socklen_t write_ipv4(const struct clinux_address *address, struct sockaddr_in *name) {
    *name = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons(address->port),
        .sin_addr.s_addr = htonl((uint32_t)address->low),
    };
    return sizeof *name;
}

static socklen_t write_ipv6(const struct clinux_address *address, struct sockaddr_in6 *name) {
    const uint64_t words[2] = {htobe64(address->high), htobe64(address->low)};
    *name = (struct sockaddr_in6){
        .sin6_family = AF_INET6,
        .sin6_port = htons(address->port),
        .sin6_scope_id = address->scope,
    };
    memcpy(&name->sin6_addr, words, sizeof words);
    return sizeof *name;
}

uint32_t clinux_address_write(const struct clinux_address *address, void *name) {
    if (clinux_address_is_ipv4(address)) return write_ipv4(address, name);
    return write_ipv6(address, name);
}
