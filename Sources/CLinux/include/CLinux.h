/// Linux interfaces that the Swift importer cannot reach: ancillary data, batched datagrams, epoll,
/// and the descriptors that stand for a timer, a signal set, an event or a process.
///
/// Every function reports failure as the system call does: -1, with the cause in `errno`. None of
/// them retries and none decides; that is done in LinuxIO. Constants whose C type differs between
/// C libraries are hidden in the functions that use them.
///
/// No system header is included here: what it declares would belong to this module for some Swift files
/// and to Glibc for others, by the order in which they are compiled.
#ifndef CLINUX_H
#define CLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Addresses (address.c)

/// An internet address in host byte order. IPv4 is kept as ::ffff:a.b.c.d, so that an IPv4-mapped
/// IPv6 address and the IPv4 address it stands for are the same value.
struct clinux_address {
    uint64_t high;
    uint64_t low;
    uint32_t scope;
    uint16_t port;
};

/// Reads a sockaddr_in or sockaddr_in6; false for every other family or a short length.
bool clinux_address_read(const void *name, uint32_t length, struct clinux_address *out);

/// Writes a sockaddr_in or sockaddr_in6 and returns its length. Linux takes a sockaddr_in on dual-stack
/// IPv6 sockets too, so the kind of socket does not matter.
uint32_t clinux_address_write(const struct clinux_address *address, void *name);

/// Whether the address is an IPv4 address.
bool clinux_address_is_ipv4(const struct clinux_address *address);

// MARK: Receiving datagrams (receive.c)

/// One received datagram. `bytes` stays valid until its slot is received into again.
struct clinux_datagram {
    const void *bytes;
    size_t length;
    struct clinux_address source;
    struct clinux_address
        local;         ///< the address of ours that it was sent to, without port and scope; only with has_local
    int64_t realtime;  ///< the kernel's receive stamp, CLOCK_REALTIME ns; only with has_stamp
    uint32_t drops;    ///< SO_RXQ_OVFL, cumulative modulo 2^32; only with has_drops
    bool has_stamp;
    bool has_drops;
    bool has_source;
    bool has_local;
    bool truncated;
};

/// Buffers for recvmmsg, allocated once and reused for ever.
struct clinux_receiver;

/// Allocates `capacity` slots of `size` bytes; null when memory is short.
struct clinux_receiver *clinux_receiver_create(unsigned capacity, size_t size);
void clinux_receiver_destroy(struct clinux_receiver *receiver);

/// Receives without blocking into the slots from `first` on; returns how many were filled.
int clinux_receiver_receive(struct clinux_receiver *receiver, int descriptor, unsigned first);

/// The datagrams of the slots, in slot order.
const struct clinux_datagram *clinux_receiver_datagrams(const struct clinux_receiver *receiver);

// MARK: Sending datagrams (send.c)

/// Buffers for sendmmsg: one arena of payload and `capacity` headers.
struct clinux_sender;

struct clinux_sender *clinux_sender_create(unsigned capacity, size_t arena_size);
void clinux_sender_destroy(struct clinux_sender *sender);

/// Copies one datagram into the arena; false when the headers or the arena are full.
/// It leaves from the address `source` of this host; null leaves that to the kernel.
bool clinux_sender_append(struct clinux_sender *sender, const void *bytes, size_t length,
    const struct clinux_address *destination, const struct clinux_address *source, uint32_t tag);

/// What the caller gave the datagram at `index` as a tag.
uint32_t clinux_sender_tag(const struct clinux_sender *sender, unsigned index);
unsigned clinux_sender_count(const struct clinux_sender *sender);
struct clinux_address clinux_sender_destination(const struct clinux_sender *sender, unsigned index);
void clinux_sender_clear(struct clinux_sender *sender);

/// Sends without blocking the datagrams from `first` on; returns how many were sent.
int clinux_sender_send(struct clinux_sender *sender, int descriptor, unsigned first);

// MARK: Errors that came back from the network (errors.c)

/// One entry of a socket's error queue.
struct clinux_network_error {
    int error;       ///< an errno value
    uint8_t origin;  ///< SO_EE_ORIGIN_*: 1 local, 2 ICMP, 3 ICMPv6
    bool has_destination;
    bool has_offender;
    uint8_t quoted;                     ///< how many bytes of `quote` there are
    struct clinux_address destination;  ///< where the datagram was going
    struct clinux_address offender;     ///< which host reports the error
    uint8_t quote[32];                  ///< the first bytes of the datagram's payload
};

/// Takes one entry from the error queue: 1 when there was one, 0 when it is empty.
int clinux_network_error_next(int descriptor, struct clinux_network_error *out);

// MARK: epoll, timerfd, signalfd, eventfd, pidfd (descriptors.c)

/// One ready descriptor.
struct clinux_ready {
    uint64_t token;
    uint32_t events;
};

extern const uint32_t clinux_epoll_read;
extern const uint32_t clinux_epoll_write;
extern const uint32_t clinux_epoll_error;
extern const uint32_t clinux_epoll_hangup;

int clinux_epoll_create(void);
int clinux_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t token);
int clinux_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t token);
int clinux_epoll_remove(int epoll, int descriptor);

/// Waits and fills `ready`; `capacity` is capped at 256. A negative timeout waits for ever.
int clinux_epoll_wait(int epoll, struct clinux_ready *ready, int capacity, int timeout_ms);

/// A non-blocking CLOCK_BOOTTIME timer.
int clinux_timer_create(void);

/// Arms the timer for an absolute instant in nanoseconds; zero disarms it.
int clinux_timer_set(int timer, int64_t nanoseconds);

int clinux_eventfd_create(void);

/// A non-blocking signalfd for the signals given.
int clinux_signalfd_create(const int *signals, size_t count);

/// One signal taken from a signalfd.
struct clinux_signal {
    int number;
    int sender_pid;
    uint32_t sender_uid;
};

/// Takes one pending signal: 1 when there was one, 0 when none is pending.
int clinux_signalfd_next(int descriptor, struct clinux_signal *out);

/// A descriptor that becomes readable when the process ends.
int clinux_pidfd_open(int pid);

/// Starts a program with default signal handling and nothing blocked; it is killed when the calling thread ends.
/// output and errors are descriptors, or -1; with own_group it leads a process group of its own. Returns 0, or the error number that kept it from being started.
int clinux_spawn(const char *path, char *const arguments[], char *const environment[], int output, int errors,
    bool own_group, int *child);

// MARK: Odds and ends (descriptors.c)

/// The clock in nanoseconds, by its POSIX number.
int64_t clinux_clock(int clock);
extern const int clinux_clock_boottime;

/// The text for an errno value, untranslated and without a shared buffer; null when unknown.
const char *clinux_error_text(int error);

/// The process at the other end of a UNIX socket (SO_PEERCRED).
int clinux_peer_credentials(int descriptor, int *pid, uint32_t *uid, uint32_t *gid);

/// A descriptor of that process (SO_PEERPIDFD, Linux 6.5); ENOPROTOOPT where the kernel has none.
int clinux_peer_pidfd(int descriptor);

/// Two ends of a pipe, kept from children.
int clinux_pipe(int ends[2]);

/// Two connected non-blocking UNIX stream sockets, kept from children.
int clinux_socket_pair(int ends[2]);

/// Accepts a connection as a non-blocking descriptor, kept from children.
int clinux_accept(int listener);

/// A file that is only memory, kept from children.
int clinux_memory_file(const char *name);

/// Locks all memory of the process, present and future.
int clinux_lock_memory(void);

/// Whether the process runs under a real-time policy.
bool clinux_is_realtime(void);

/// Whether the process may lock as much memory as it likes.
bool clinux_may_lock_all_memory(void);

/// Names the calling thread; at most 15 bytes.
int clinux_name_thread(const char *name);

/// Moves the calling thread to the ordinary scheduling class.
int clinux_leave_realtime(void);

/// Opens a name itself, whatever it is, and follows no symbolic link: good for fstat and /proc/self/fd only.
int clinux_open_name(const char *path);

/* Drops the clean pages of the program and its libraries; what is used again is read again. */
void clinux_release_program_pages(void);

#endif
