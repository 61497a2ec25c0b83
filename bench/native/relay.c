/*
 * Carries IP packets between network namespaces, as a network of any quality would: relay SEED NAME=ADDRESS[,ADDRESS]…
 *
 * Each namespace gets a TUN device `net0`, whose other end is held here. Packets go where their destination address
 * says. How a link treats them is told by lines on the standard input, the newest of which counts:
 *
 *     link FROM TO KEY=VALUE…        FROM and TO are names, or * for all; what is not named is 0
 *
 * delay, jitter (uniform, on top; keeps the order) in ms; loss, duplicate, reorder (held back by `hold` ms) as
 * probabilities; bad and good: mean lengths in ms of the bursts in which everything is lost, and of the time between
 * them (both exponential: Gilbert's model in continuous time, so that all flows of a link meet the same bursts).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { NODES = 64, ADDRESSES = 2, LENGTH = 2048, QUEUE = 1 << 16 };
typedef int64_t nanoseconds;

struct link {
    double delay, jitter, loss, duplicate, reorder, hold, bad, good;
    nanoseconds last, turns; /* when the latest packet is due; when the burst, or the time between bursts, ends */
    int is_bad;
};

struct packet {
    nanoseconds due;
    uint64_t number; /* keeps the order of packets that are due at one instant */
    int to, length;
    unsigned char bytes[LENGTH];
};

static char names[NODES][32];
static uint32_t addresses[NODES][ADDRESSES];
static struct pollfd files[NODES + 1];
static struct link links[NODES][NODES];
static struct packet *queue[QUEUE];
static int nodes, queued;
static uint64_t random_state, packets;

static double chance(void) {
    random_state += 0x9E3779B97F4A7C15;
    uint64_t mixed = random_state;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return (double)((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53;
}

static nanoseconds present(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static nanoseconds of_ms(double ms) {
    return (nanoseconds)(ms * 1e6);
}

static int is_before(const struct packet *one, const struct packet *other) {
    return one->due != other->due ? one->due < other->due : one->number < other->number;
}

static void insert(struct packet *packet) {
    int place = queued++;
    while (place > 0 && is_before(packet, queue[(place - 1) / 2])) {
        queue[place] = queue[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    queue[place] = packet;
}

static struct packet *take(void) {
    struct packet *first = queue[0], *last = queue[--queued];
    int place = 0;
    for (;;) {
        int child = 2 * place + 1;
        if (child >= queued) break;
        if (child + 1 < queued && is_before(queue[child + 1], queue[child])) child++;
        if (!is_before(queue[child], last)) break;
        queue[place] = queue[child];
        place = child;
    }
    queue[place] = last;
    return first;
}

static int is_lost(struct link *link, nanoseconds now) {
    if (link->bad > 0) {
        while (link->turns <= now) {
            link->is_bad = !link->is_bad;
            link->turns += of_ms(-log(1 - chance()) * (link->is_bad ? link->bad : link->good));
        }
        if (link->is_bad) return 1;
    }
    return link->loss > 0 && chance() < link->loss;
}

static void send_later(struct link *link, int to, const unsigned char *bytes, int length, nanoseconds now) {
    struct packet *packet = queued < QUEUE ? malloc(sizeof *packet) : NULL;
    if (!packet) return;
    nanoseconds due = now + of_ms(link->delay + link->jitter * chance());
    if (link->reorder > 0 && chance() < link->reorder) {
        due += of_ms(link->hold);
    } else {
        if (due < link->last) due = link->last;
        link->last = due;
    }
    packet->due = due;
    packet->number = packets++;
    packet->to = to;
    packet->length = length;
    memcpy(packet->bytes, bytes, (size_t)length);
    insert(packet);
}

static int has_address(int node, uint32_t address) {
    return addresses[node][0] == address || addresses[node][1] == address;
}

static void take_packets(int from, nanoseconds now) {
    unsigned char bytes[LENGTH];
    ssize_t length;
    while ((length = read(files[from].fd, bytes, sizeof bytes)) > 0) {
        uint32_t destination;
        if (length < 20 || bytes[0] >> 4 != 4) continue;
        memcpy(&destination, bytes + 16, 4);
        for (int to = 0; to < nodes; to++) {
            struct link *link = &links[from][to];
            if (!has_address(to, destination) || to == from || is_lost(link, now)) continue;
            send_later(link, to, bytes, (int)length, now);
            if (link->duplicate > 0 && chance() < link->duplicate) send_later(link, to, bytes, (int)length, now);
        }
    }
}

static void set_link(struct link *link, char *words, nanoseconds now) {
    char copy[512], *state;
    nanoseconds last = link->last;
    memset(link, 0, sizeof *link);
    link->last = last;
    snprintf(copy, sizeof copy, "%s", words);
    struct {
        const char *key;
        double *place;
    } keys[] = {{"delay", &link->delay}, {"jitter", &link->jitter}, {"loss", &link->loss},
        {"duplicate", &link->duplicate}, {"reorder", &link->reorder}, {"hold", &link->hold}, {"bad", &link->bad},
        {"good", &link->good}};
    for (char *word = strtok_r(copy, " \n", &state); word; word = strtok_r(NULL, " \n", &state))
        for (size_t index = 0; index < sizeof keys / sizeof *keys; index++) {
            size_t length = strlen(keys[index].key);
            if (!strncmp(word, keys[index].key, length) && word[length] == '=')
                *keys[index].place = atof(word + length + 1);
        }
    if (link->bad > 0) link->turns = now + of_ms(-log(1 - chance()) * link->good);
}

static void obey(char *line, nanoseconds now) {
    char from[32], to[32];
    int rest = 0;
    if (sscanf(line, "link %31s %31s %n", from, to, &rest) < 2 || !rest) return;
    for (int one = 0; one < nodes; one++)
        for (int other = 0; other < nodes; other++)
            if ((*from == '*' || !strcmp(from, names[one])) && (*to == '*' || !strcmp(to, names[other])))
                set_link(&links[one][other], line + rest, now);
}

static void take_commands(nanoseconds now) {
    static char text[1 << 16];
    static size_t filled;
    ssize_t length = read(0, text + filled, sizeof text - filled - 1);
    if (length <= 0) exit(0); /* whoever started us has gone */
    filled += (size_t)length;
    text[filled] = 0;
    char *line = text, *end;
    while ((end = strchr(line, '\n'))) {
        *end = 0;
        obey(line, now);
        line = end + 1;
    }
    filled = strlen(line);
    memmove(text, line, filled + 1);
    puts("done");
    fflush(stdout);
}

static void attach(char *word) {
    char *address = strchr(word, '='), path[64];
    if (!address || nodes == NODES) exit(64);
    *address = 0;
    snprintf(names[nodes], sizeof names[nodes], "%s", word);
    char *state, *text = strtok_r(address + 1, ",", &state);
    for (int place = 0; text && place < ADDRESSES; place++, text = strtok_r(NULL, ",", &state))
        inet_pton(AF_INET, text, &addresses[nodes][place]);
    snprintf(path, sizeof path, "/run/netns/%s", word);
    int space = open(path, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNET)) {
        perror(path);
        exit(1);
    }
    close(space);
    struct ifreq request = {.ifr_name = "net0", .ifr_flags = IFF_TUN | IFF_NO_PI};
    int file = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 || ioctl(file, TUNSETIFF, &request)) {
        perror("/dev/net/tun");
        exit(1);
    }
    files[nodes++] = (struct pollfd){.fd = file, .events = POLLIN};
}

int main(int count, char **words) {
    if (count < 3) return 64;
    random_state = strtoull(words[1], NULL, 10);
    for (int index = 2; index < count; index++) attach(words[index]);
    files[nodes] = (struct pollfd){.fd = 0, .events = POLLIN};
    /* A late relay would be a slow network. */
    sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 60});
    puts("ready");
    fflush(stdout);
    for (;;) {
        nanoseconds now = present(), wait = queued ? queue[0]->due - now : 1000000000;
        if (wait < 0) wait = 0;
        struct timespec span = {wait / 1000000000, wait % 1000000000};
        ppoll(files, (nfds_t)nodes + 1, &span, NULL);
        now = present();
        for (int node = 0; node < nodes; node++)
            if (files[node].revents) take_packets(node, now);
        if (files[nodes].revents) take_commands(now);
        for (now = present(); queued && queue[0]->due <= now;) {
            struct packet *packet = take();
            if (write(files[packet->to].fd, packet->bytes, (size_t)packet->length) < 0) { /* as a full link would */
            }
            free(packet);
        }
    }
}
