/*
 * Plays many peers of one daemon in one process: peers HUB_NAME HUB_PORT PORT COUNT INTERVAL_MS ENTRIES [SERVICES].
 *
 * Peer p0000 lives at 127.1.0.0, p0001 at 127.1.0.1 and so on, all behind one socket. Each sends heartbeats with
 * a true clock and true acknowledgements, up to a tenth early at random, and answers pings. ENTRIES is how many other
 * peers' events each heartbeat tells besides: 0 plays peers that watch the daemon only, more a cluster in which
 * everybody watches everybody. With SERVICES, up to 32, each peer reports as many, all of which fail or recover once a
 * second, and asks once a second for a repair that leads nowhere; its digests never agree then. Written from the layout in Sources/Wire/Messages/MessageLayout.swift and shares nothing with it.
 *
 * Reads lines from its standard input: "kill N" silences a peer and "revive N" lets it speak again; each is answered
 * by the wall-clock time of it in ns. At the end of input it prints "SENT RECEIVED PINGS WORST_LATENESS_US".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS INT64_C(1000000000)

/* What a message of records carries. */
enum { SERVICE_RECORDS = 1, REPAIR };

enum {
    BATCH = 64,
    ROOM = 1400,
    LIMIT = 1200,
    NAME = 5,
    HEARTBEAT = 1,
    PING = 2,
    PONG = 3,
    RECORDS = 5,
    TICK_NS = 500000
};

struct peer {
    uint64_t counter, sequence, highest, bitmap, hub_counter, hub_epoch;
    int64_t next, highest_arrival;
    bool silent;
};

struct slot {
    unsigned char bytes[ROOM];
    size_t length;
    struct sockaddr_in name;
    struct iovec piece;
    union {
        char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
        struct cmsghdr align;
    } control;
};

static struct peer *peers;
static int count, entries, services, rotation, file;
/* In which second the peers are since they began to report services. */
static uint64_t generation;
static int64_t interval;
/* What the daemon said last of its store of records: the peers hold the same. */
static uint64_t digests[2];
static uint64_t epoch, sent, received, pings;
static int64_t worst;
static struct sockaddr_in hub = {.sin_family = AF_INET};
static char hub_name[64];
static unsigned hub_name_length;
static struct slot in[BATCH], out[BATCH];
static struct mmsghdr in_headers[BATCH], out_headers[BATCH];
static unsigned pending;
static uint32_t table[256];

static int64_t now_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static uint32_t crc32c(const unsigned char *bytes, size_t length) {
    uint32_t sum = ~0u;
    for (size_t place = 0; place < length; place++) sum = table[(sum ^ bytes[place]) & 255] ^ (sum >> 8);
    return ~sum;
}

static void prepare(void) {
    for (uint32_t index = 0; index < 256; index++) {
        uint32_t value = index;
        for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? 0x82F63B78u : 0);
        table[index] = value;
    }
    for (int index = 0; index < BATCH; index++) {
        struct slot *slots[] = {&in[index], &out[index]};
        struct mmsghdr *headers[] = {&in_headers[index], &out_headers[index]};
        for (int side = 0; side < 2; side++) {
            slots[side]->piece = (struct iovec){slots[side]->bytes, ROOM};
            headers[side]->msg_hdr = (struct msghdr){.msg_name = &slots[side]->name,
                .msg_namelen = sizeof(struct sockaddr_in),
                .msg_iov = &slots[side]->piece,
                .msg_iovlen = 1,
                .msg_control = slots[side]->control.bytes};
        }
    }
}

/* Writing. */

static void put(struct slot *slot, const void *bytes, size_t length) {
    memcpy(slot->bytes + slot->length, bytes, length);
    slot->length += length;
}

static void put_byte(struct slot *slot, unsigned char byte) {
    put(slot, &byte, 1);
}

/* On little-endian hosts. */
static void put_word(struct slot *slot, uint64_t word) {
    put(slot, &word, sizeof word);
}

static void put_varint(struct slot *slot, uint64_t value) {
    for (; value > 127; value >>= 7) put_byte(slot, (unsigned char)(value | 128));
    put_byte(slot, (unsigned char)value);
}

static void put_name(struct slot *slot, int index) {
    char name[16];
    snprintf(name, sizeof name, "p%04d", index);
    put_byte(slot, NAME);
    put(slot, name, NAME);
}

static void put_hub_entry(struct slot *slot, const struct peer *peer) {
    put_byte(slot, (unsigned char)hub_name_length);
    put(slot, hub_name, hub_name_length);
    put_varint(slot, peer->hub_epoch);
    put_varint(slot, peer->hub_counter);
}

/* The daemon's entry comes first: the bench names it so. Then the peers whose turn it is, in order of name. */
static void put_entries(struct slot *slot, int own) {
    int first = rotation, told = entries < count ? entries : count - 1;
    if (first + told > count) first = 0;
    rotation = first + told;
    bool includes_own = own >= first && own < first + told;
    const struct peer *peer = &peers[own];
    put_varint(slot, (uint64_t)(told - includes_own + (peer->hub_counter > 0)));
    if (peer->hub_counter) put_hub_entry(slot, peer);
    for (int index = first; index < first + told; index++) {
        if (index == own) continue;
        put_name(slot, index);
        put_varint(slot, epoch);
        put_varint(slot, peers[index].counter ? peers[index].counter : 1);
    }
}

static uint64_t noise(void) {
    return (uint64_t)mrand48() << 32 | (uint32_t)mrand48();
}

/* What all services of a peer do: one record of each (Sources/Records/Coding/RecordLayout.swift). */
static void put_services(struct slot *slot, int index, uint64_t counter) {
    put_byte(slot, 4); /* records */
    for (int number = 0; number < services; number++) {
        put_byte(slot, 4); /* of a service */
        put_name(slot, index);
        put_varint(slot, epoch);
        put_varint(slot, counter);
        put_byte(slot, 3);
        put_byte(slot, 's');
        put_byte(slot, (unsigned char)('0' + number / 10));
        put_byte(slot, (unsigned char)('0' + number % 10));
        put_byte(slot, generation > 127 ? 8 : 7);
        put_byte(slot, generation % 2 ? 0x46 : 0x40); /* failed, or up */
        put(slot, "\0\0\0", 3);                       /* cause and detail */
        put_varint(slot, generation);
        put(slot, "\0\0", 2);
    }
}

/* A node of a tree that nobody has (Sources/Records/Repair/RepairCodec.swift). */
static void put_repair(struct slot *slot) {
    put(slot, "\1\1\1\0", 4); /* compare facts: one node, of depth 0 */
    put_word(slot, 0);
    for (int child = 0; child < 16; child++) put_word(slot, noise());
}

static void flush(void) {
    for (unsigned done = 0; done < pending;) {
        int taken = sendmmsg(file, out_headers + done, pending - done, 0);
        if (taken < 0 && errno != ECONNREFUSED) perror("sendmmsg");
        done += taken > 0 ? (unsigned)taken : 1;
        sent += taken > 0 ? (unsigned)taken : 0;
    }
    pending = 0;
}

static void queue_message(int index, int kind, uint64_t nonce, int64_t waited, int64_t now) {
    if (pending == BATCH) flush();
    struct slot *slot = &out[pending];
    struct peer *peer = &peers[index];
    slot->length = 0;
    put(slot, "\1\0\0\0\0\0", 6);
    put_byte(slot, (unsigned char)kind);
    put_name(slot, index);
    put_byte(slot, (unsigned char)hub_name_length);
    put(slot, hub_name, hub_name_length);
    put_varint(slot, ++peer->sequence);
    put_word(slot, (uint64_t)now);
    put_varint(slot, (uint64_t)(interval / 1000));
    if (kind == HEARTBEAT && services) {
        put_word(slot, digests[0]);
        put_word(slot, noise());
    } else if (kind == HEARTBEAT) {
        put(slot, digests, sizeof digests);
    }
    if (kind == PONG) {
        put_word(slot, nonce);
        put_word(slot, (uint64_t)waited);
    }
    bool tells = kind == HEARTBEAT;
    put_byte(slot, (unsigned char)((entries && tells ? 2 : 0) | (peer->hub_epoch ? 4 : 0)));
    put_varint(slot, epoch);
    put_varint(slot, ++peer->counter);
    if (peer->hub_epoch) {
        put_varint(slot, peer->hub_epoch);
        put_varint(slot, peer->highest);
        put_word(slot, peer->bitmap);
        put_varint(slot, (uint64_t)((now - peer->highest_arrival) / 1000));
    }
    if (entries && tells) {
        put(slot, "\0\0", 2); /* nothing is promised */
        put_entries(slot, index);
    } else {
        put_varint(slot, peer->hub_counter > 0);
        if (peer->hub_counter) put_hub_entry(slot, peer);
    }
    if (kind == RECORDS && nonce == SERVICE_RECORDS) put_services(slot, index, peer->counter);
    if (kind == RECORDS && nonce == REPAIR) put_repair(slot);
    uint32_t sum = crc32c(slot->bytes, slot->length);
    memcpy(slot->bytes + 2, &sum, sizeof sum);
    slot->piece.iov_len = slot->length;
    slot->name = hub;
    struct msghdr *header = &out_headers[pending].msg_hdr;
    header->msg_controllen = sizeof slot->control;
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    *control = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo)), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
    struct in_pktinfo from = {.ipi_spec_dst.s_addr = htonl(0x7F010000u + (uint32_t)index)};
    memcpy(CMSG_DATA(control), &from, sizeof from);
    pending++;
}

/* Reading. */

struct reader {
    const unsigned char *at, *end;
};

static uint64_t get_word(struct reader *reader) {
    uint64_t word = 0;
    if (reader->end - reader->at >= 8) memcpy(&word, reader->at, 8);
    reader->at += 8;
    return word;
}

static uint64_t get_varint(struct reader *reader) {
    uint64_t value = 0;
    for (int shift = 0; reader->at < reader->end && shift < 64; shift += 7) {
        value |= (uint64_t)(*reader->at & 127) << shift;
        if (!(*reader->at++ & 128)) break;
    }
    return value;
}

static void skip_name(struct reader *reader) {
    if (reader->at < reader->end) reader->at += 1 + *reader->at;
}

static void note_sequence(struct peer *peer, uint64_t sequence, int64_t now) {
    if (sequence > peer->highest) {
        uint64_t distance = sequence - peer->highest;
        peer->bitmap = distance > 64 ? 0
            : distance == 64         ? 1ull << 63
                                     : (peer->bitmap << distance) | 1ull << (distance - 1);
        if (!peer->highest) peer->bitmap = 0;
        peer->highest = sequence;
        peer->highest_arrival = now;
    } else if (sequence < peer->highest && peer->highest - sequence <= 64) {
        peer->bitmap |= 1ull << (peer->highest - sequence - 1);
    }
}

static void take(int index, const unsigned char *bytes, size_t length, int64_t now) {
    struct reader reader = {bytes + 6, bytes + length};
    struct peer *peer = &peers[index];
    if (length < 20 || peer->silent) return;
    int kind = *reader.at++;
    skip_name(&reader);
    skip_name(&reader);
    uint64_t sequence = get_varint(&reader), nonce = 0;
    get_word(&reader);
    get_varint(&reader);
    if (kind == PING) nonce = get_word(&reader);
    if (kind == PING || kind == HEARTBEAT) {
        digests[0] = get_word(&reader);
        digests[1] = get_word(&reader);
    }
    if (kind == PING) reader.at += 16;
    if (kind == PONG || reader.at >= reader.end) return; /* nobody here pings */
    reader.at++;
    uint64_t life = get_varint(&reader), counter = get_varint(&reader);
    if (life < peer->hub_epoch) return;
    if (life > peer->hub_epoch) peer->highest = peer->bitmap = peer->hub_counter = 0;
    peer->hub_epoch = life;
    if (counter > peer->hub_counter) peer->hub_counter = counter;
    peer->counter++;
    note_sequence(peer, sequence, now);
    if (kind == PING) {
        pings++;
        queue_message(index, PONG, nonce, now_ns(CLOCK_BOOTTIME) - now, now);
    }
}

static int addressee(struct msghdr *header) {
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR(header, control)) {
        if (control->cmsg_level != IPPROTO_IP || control->cmsg_type != IP_PKTINFO) continue;
        struct in_pktinfo to;
        memcpy(&to, CMSG_DATA(control), sizeof to);
        uint32_t index = ntohl(to.ipi_addr.s_addr) - 0x7F010000u;
        return index < (uint32_t)count ? (int)index : -1;
    }
    return -1;
}

static void receive(int64_t now) {
    int got;
    do {
        for (int index = 0; index < BATCH; index++) {
            in_headers[index].msg_hdr.msg_controllen = sizeof in[index].control;
            in_headers[index].msg_hdr.msg_namelen = sizeof in[index].name;
        }
        got = recvmmsg(file, in_headers, BATCH, MSG_DONTWAIT, NULL);
        for (int index = 0; index < got; index++) {
            int to = addressee(&in_headers[index].msg_hdr);
            if (to >= 0) take(to, in[index].bytes, in_headers[index].msg_len, now);
        }
        received += got > 0 ? (unsigned)got : 0;
    } while (got == BATCH);
}

static void send_due(int64_t now) {
    for (int index = 0; index < count; index++) {
        struct peer *peer = &peers[index];
        if (peer->next > now) continue;
        if (now - peer->next > worst) worst = now - peer->next;
        peer->next += interval - (int64_t)((double)interval / 10 * drand48());
        if (peer->next < now) peer->next = now;
        if (!peer->silent) queue_message(index, HEARTBEAT, 0, 0, now);
    }
}

/* Each peer once a second, spread over it. */
static void report_services(int64_t now) {
    static int64_t turn;
    static int next;
    if (!services) return;
    if (!turn) turn = now;
    int until = now - turn >= SECOND_NS ? count : (int)((now - turn) * count / SECOND_NS);
    for (; next < until; next++) {
        if (!peers[next].hub_epoch || peers[next].silent) continue;
        queue_message(next, RECORDS, SERVICE_RECORDS, 0, now);
        queue_message(next, RECORDS, REPAIR, 0, now);
    }
    if (next < count) return;
    next = 0;
    turn = now - turn < 2 * SECOND_NS ? turn + SECOND_NS : now;
    if (++generation > 16000) generation = 0;
}

/* Returns whether there may be more orders. */
static bool obey(void) {
    static char line[256];
    static size_t filled;
    ssize_t got = read(STDIN_FILENO, line + filled, sizeof line - 1 - filled);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    filled += (size_t)got;
    line[filled] = 0;
    for (char *end; (end = strchr(line, '\n'));
        filled -= (size_t)(end + 1 - line), memmove(line, end + 1, filled + 1)) {
        char word[16];
        int index;
        if (sscanf(line, "%15s %d", word, &index) == 2 && index >= 0 && index < count) {
            peers[index].silent = word[0] == 'k';
            printf("%lld\n", (long long)now_ns(CLOCK_REALTIME));
            fflush(stdout);
        }
    }
    return true;
}

int main(int argument_count, char **words) {
    if (argument_count != 7 && argument_count != 8) {
        fprintf(stderr, "usage: peers HUB_NAME HUB_PORT PORT COUNT INTERVAL_MS ENTRIES [SERVICES]\n");
        return 64;
    }
    hub_name_length = (unsigned)snprintf(hub_name, sizeof hub_name, "%s", words[1]);
    hub.sin_port = htons((uint16_t)atoi(words[2]));
    hub.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    count = atoi(words[4]);
    interval = atoll(words[5]) * 1000000;
    entries = atoi(words[6]);
    services = argument_count == 8 ? atoi(words[7]) : 0;
    if (services < 0 || services > 32) services = 32;
    epoch = (uint64_t)time(NULL) - 1704067200; /* since 2024 */
    peers = calloc((size_t)count, sizeof *peers);
    file = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int yes = 1, room = 32 << 20;
    setsockopt(file, IPPROTO_IP, IP_PKTINFO, &yes, sizeof yes);
    setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    setsockopt(file, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(words[3]))};
    if (!peers || count < 1 || count > 9999 || bind(file, (struct sockaddr *)&own, sizeof own)) {
        perror("peers");
        return 1;
    }
    prepare();
    int64_t now = now_ns(CLOCK_BOOTTIME);
    for (int index = 0; index < count; index++) peers[index].next = now + (int64_t)((double)interval * drand48());
    struct pollfd polled[] = {{.fd = file, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    bool wanted = true;
    while (wanted) {
        now = now_ns(CLOCK_BOOTTIME);
        receive(now);
        send_due(now);
        report_services(now);
        flush();
        if (poll(polled + 1, 1, 0) > 0) wanted = obey();
        /* An even tick, rather than a wake-up for each datagram: the load must be cheap. */
        struct timespec tick = {.tv_nsec = TICK_NS};
        nanosleep(&tick, NULL);
    }
    printf("%llu %llu %llu %lld\n", (unsigned long long)sent, (unsigned long long)received, (unsigned long long)pings,
        (long long)worst / 1000);
    return 0;
}
