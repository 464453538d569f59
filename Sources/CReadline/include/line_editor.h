#ifndef CREADLINE_LINE_EDITOR_H
#define CREADLINE_LINE_EDITOR_H

#include <stdbool.h>

// GNU Readline behind functions: its state is global variables, which Swift 6 cannot touch.
// One thread only; LC_CTYPE must have been set and the signals of interrupts.h installed.

/// Asked at Tab. `line` is the whole line (NUL-terminated UTF-8), `start ..< end` the bytes of the word at the cursor
/// as Readline sees it. Returns NULL for nothing, or a NULL-terminated array of replacements for that word; the array
/// and its strings are from malloc and go to Readline.
typedef char **(*line_editor_completer)(void *context, const char *line, int start, int end);

/// Asked when the possibilities of the last completion are to be shown. Returns their text from malloc, lines ended by
/// line feeds, or NULL to have Readline show the words alone, in columns.
typedef char *(*line_editor_lister)(void *context);

/// Asked whenever the line has changed and the cursor stands at its end: text for at most `room` columns, shown dimmed
/// behind the cursor; from malloc, or NULL for none.
typedef char *(*line_editor_hinter)(void *context, const char *line, int room);

/// Prepares Readline on standard input and output. Word breaks for completion are `word_breaks` (kept by address).
/// A `hinter` of NULL shows no hints, for terminals without control sequences.
void line_editor_prepare(
    const char *program, const char *word_breaks, line_editor_completer completer, line_editor_lister lister,
    line_editor_hinter hinter, void *context);

typedef enum {
    /// `*line` is the input without its line feed, from malloc; it may itself hold line feeds (a paste, a recalled entry).
    LINE_EDITOR_LINE,
    /// Ctrl-D on an empty line, or the terminal is gone.
    LINE_EDITOR_END,
    /// Ctrl-C: the line was dropped.
    LINE_EDITOR_INTERRUPTED,
} line_editor_status;

/// Reads one line. In `prompt`, bytes that take no column stand between \001 and \002.
line_editor_status line_editor_read(const char *prompt, char **line);

/// Appends an entry to the history that Up and Ctrl-R search.
void line_editor_remember(const char *entry);
/// Keeps at most so many entries in memory.
void line_editor_limit_history(int entries);

#endif
