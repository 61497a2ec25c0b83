/* A program that says once a second that it makes progress, as the service "postgres" of suspectd.
 *
 *     cc -Wall -o alive alive.c && ./alive
 *
 * The call counts because the program runs in the cgroup of the service's unit. It is one message of Varlink, which is JSON
 * that ends with a zero byte, over the status socket. Where the work itself stands still the calls do too: make them where
 * the work is done, and not in a thread of their own.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int alive(const char *service) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/suspectd/io.suspectd.Monitor"};
    char message[256], reply[1024];
    const int length = snprintf(message, sizeof message,
        "{\"method\":\"io.suspectd.Monitor.Alive\",\"parameters\":{\"service\":\"%s\"}}", service);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    int result = -1;
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(descriptor, message, length + 1, MSG_NOSIGNAL) == length + 1) {
        /* Wait for the reply: until then the daemon finds this process in the cgroup. */
        const ssize_t count = recv(descriptor, reply, sizeof reply - 1, 0);
        if (count > 0) {
            reply[count] = 0;
            result = strstr(reply, "\"error\"") ? -1 : 0;
            if (result) fprintf(stderr, "%s\n", reply);
        }
    }
    close(descriptor);
    return result;
}

int main(void) {
    for (;;) {
        /* The work of the program stands here. */
        alive("postgres");
        sleep(1);
    }
}
