#define _GNU_SOURCE
#include "interrupts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

// A pipe to ourselves: a signal may be delivered to any thread of the process, so the waiting thread cannot rely on
// its own poll() being interrupted.
static atomic_int pipe_read = -1, pipe_write = -1;
static atomic_int requested = 0;
static atomic_bool working = false;
static _Atomic(const char *) work_notice = NULL;
static atomic_llong last_request_ms = 0;

static const long long second_request_window_ms = 2000;

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Whoever sends SIGTERM is no one who could press a key.
static const char terminated[] = "\nasked to end: stopping at the next safe point\n";

static void request_stop(int signal) {
    long long now = now_ms();
    int before = atomic_load(&requested);
    if (before == 0) {
        atomic_store(&requested, 1);
        const char *notice = atomic_load(&work_notice);
        if (notice) {
            if (signal == SIGTERM) notice = terminated;
            ssize_t ignored = write(STDERR_FILENO, notice, strlen(notice));
            (void)ignored;
        }
    } else if (before == 1 && now - atomic_load(&last_request_ms) <= second_request_window_ms) {
        atomic_store(&requested, 2);
    }
    atomic_store(&last_request_ms, now);
}

static void raise_default(int number) {
    signal(number, SIG_DFL);
    raise(number);
}

static void on_signal(int signal) {
    int saved = errno;
    char event = INTERRUPTS_SIGINT;
    if ((signal == SIGINT || signal == SIGTERM) && atomic_load(&working)) request_stop(signal);
    if (signal == SIGTERM && !atomic_load(&working)) {
        // Nothing is under way that could be lost.
        raise_default(SIGTERM);
        return;
    }
    if (signal == SIGWINCH) event = INTERRUPTS_RESIZED;
    if (signal == SIGCONT) event = INTERRUPTS_CONTINUED;
    // A full pipe already holds enough to wake the reader.
    ssize_t ignored = write(atomic_load(&pipe_write), &event, 1);
    (void)ignored;
    errno = saved;
}

bool interrupts_install(void) {
    if (atomic_load(&pipe_read) < 0) {
        int ends[2];
        if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return false;
        atomic_store(&pipe_write, ends[1]);
        atomic_store(&pipe_read, ends[0]);
    }
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGINT, &action, NULL) == 0 && sigaction(SIGTERM, &action, NULL) == 0 && sigaction(SIGWINCH, &action, NULL) == 0
        && sigaction(SIGCONT, &action, NULL) == 0;
}

void interrupts_follow_parent(void) {
    prctl(PR_SET_PDEATHSIG, SIGINT);
}

void interrupts_begin_work(const char *notice) {
    atomic_store(&requested, 0);
    atomic_store(&work_notice, notice);
    atomic_store(&working, true);
}

void interrupts_end_work(void) {
    atomic_store(&working, false);
}

int interrupts_requested(void) {
    return atomic_load(&requested);
}

interrupts_event interrupts_wait(int fd) {
    for (;;) {
        struct pollfd watched[2] = {
            {.fd = atomic_load(&pipe_read), .events = POLLIN},
            {.fd = fd, .events = POLLIN},
        };
        if (poll(watched, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return INTERRUPTS_READABLE;
        }
        char event;
        if ((watched[0].revents & POLLIN) && read(watched[0].fd, &event, 1) == 1) return (interrupts_event)event;
        if (watched[1].revents) return INTERRUPTS_READABLE;
    }
}

void interrupts_drain(void) {
    char events[64];
    while (read(atomic_load(&pipe_read), events, sizeof events) > 0) {
    }
}
