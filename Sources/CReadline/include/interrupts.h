#ifndef CREADLINE_INTERRUPTS_H
#define CREADLINE_INTERRUPTS_H

#include <stdbool.h>

// SIGINT, SIGTERM, SIGWINCH and SIGCONT as state that is read, never as a jump out of somebody's frame.
// Every function may be called from any thread.

/// Takes these signals over; SIGTERM during work is a SIGINT, and otherwise ends the process as ever. Returns false, with errno set, when the system refuses. Calling it twice is harmless.
bool interrupts_install(void);

/// From here on the end of the parent process is a SIGINT.
void interrupts_follow_parent(void);

/// From here on an interrupt asks the work to stop; `notice` (kept by address, may be NULL) is written to standard
/// error at the first one. Forgets earlier requests.
void interrupts_begin_work(const char *notice);
void interrupts_end_work(void);

/// 0: nobody asked; 1: stop at the next safe point; 2: a second request came within two seconds: end the program.
int interrupts_requested(void);

typedef enum {
    INTERRUPTS_READABLE = 0,
    INTERRUPTS_SIGINT = 1,
    INTERRUPTS_RESIZED = 2,
    INTERRUPTS_CONTINUED = 3,
} interrupts_event;

/// Waits until `fd` can be read (or has ended) or one of the signals has arrived.
interrupts_event interrupts_wait(int fd);

/// Forgets signals that arrived while nobody waited.
void interrupts_drain(void);

#endif
