#define _GNU_SOURCE
#include "line_editor.h"

#include <stdio.h>

#include <readline/history.h>
#include <readline/readline.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "interrupts.h"

static line_editor_completer completer = NULL;
static line_editor_lister lister = NULL;
static line_editor_hinter hinter = NULL;
static void *completion_context = NULL;

static int prompt_columns = 0;
static bool hint_is_shown = false;

// What the line handler received; Readline's callback interface has no context argument.
static bool received = false;
static char *received_line = NULL;

/// Bytes that all of `words` begin with, not ending inside a UTF-8 sequence.
static size_t common_prefix(char **words) {
    size_t length = strlen(words[0]);
    for (char **word = words + 1; *word; word++) {
        size_t same = 0;
        while (same < length && (*word)[same] == words[0][same]) same++;
        length = same;
    }
    while (length > 0 && ((unsigned char)words[0][length] & 0xC0) == 0x80) length--;
    return length;
}

/// Readline's form: the text to put in place first, then the possibilities.
static char **matches_of(char **words) {
    size_t count = 0;
    while (words[count]) count++;
    if (count == 1) return words;
    char **matches = malloc((count + 2) * sizeof *matches);
    char *prefix = strndup(words[0], common_prefix(words));
    if (!matches || !prefix) {
        free(matches);
        free(prefix);
        for (size_t i = 0; i < count; i++) free(words[i]);
        free(words);
        return NULL;
    }
    matches[0] = prefix;
    memcpy(matches + 1, words, (count + 1) * sizeof *words);
    free(words);
    return matches;
}

static bool is_in_string(const char *line, int length) {
    bool inside = false;
    for (int i = 0; i < length; i++) {
        if (inside && line[i] == '\\') i++;
        else if (line[i] == '"') inside = !inside;
    }
    return inside;
}

static char **attempt_completion(const char *text, int start, int end) {
    (void)text;
    rl_attempted_completion_over = 1;  // never fall back to file names
    rl_sort_completion_matches = 0;
    if (!completer) return NULL;
    char **words = completer(completion_context, rl_line_buffer, start, end);
    if (!words) return NULL;
    if (!words[0]) {
        free(words);
        return NULL;
    }
    if (!words[1]) {
        // After `lr=`, `data/` or `$fit.` the value follows at once.
        size_t length = strlen(words[0]);
        bool goes_on = length > 0 && strchr("=/.([\"", words[0][length - 1]);
        rl_completion_append_character = goes_on ? '\0' : is_in_string(rl_line_buffer, start) ? '"' : ' ';
    }
    return matches_of(words);
}

static void show_matches(char **matches, int count, int longest) {
    char *text = lister ? lister(completion_context) : NULL;
    if (text) {
        rl_crlf();
        fputs(text, rl_outstream);
        free(text);
    } else {
        rl_display_match_list(matches, count, longest);
    }
    rl_forced_update_display();
}

/// Columns of multibyte text; what stands between \001 and \002 takes none.
static int columns_of(const char *text) {
    int columns = 0;
    bool is_visible = true;
    mbstate_t state;
    memset(&state, 0, sizeof state);
    while (*text) {
        wchar_t character;
        size_t length = mbrtowc(&character, text, MB_CUR_MAX, &state);
        if (length == (size_t)-1 || length == (size_t)-2) {
            memset(&state, 0, sizeof state);
            character = L'?';
            length = 1;
        }
        if (*text == RL_PROMPT_START_IGNORE) is_visible = false;
        else if (*text == RL_PROMPT_END_IGNORE) is_visible = true;
        else if (is_visible) {
            int width = wcwidth(character);
            columns += width > 0 ? width : 0;
        }
        text += length;
    }
    return columns;
}

/// Readline does not know of the hint: it is there only while the program waits for a key.
static void clear_hint(void) {
    if (!hint_is_shown) return;
    fputs("\033[K", rl_outstream);
    fflush(rl_outstream);
    hint_is_shown = false;
}

static void redisplay(void) {
    rl_redisplay();
    if (!hinter || rl_point != rl_end || rl_end == 0 || strchr(rl_line_buffer, '\n')) return;
    if (RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_COMPLETING | RL_STATE_NUMERICARG | RL_STATE_DONE)) return;
    int rows, columns;
    rl_get_screen_size(&rows, &columns);
    // Only in the row that the line began in: a hint never makes the window scroll.
    int room = columns - 1 - prompt_columns - columns_of(rl_line_buffer);
    if (room < 8) return;
    char *hint = hinter(completion_context, rl_line_buffer, room);
    if (!hint) return;
    fprintf(rl_outstream, "\0337\033[2m%s\033[22m\0338", hint);
    fflush(rl_outstream);
    free(hint);
    hint_is_shown = true;
}

void line_editor_prepare(
    const char *program, const char *word_breaks, line_editor_completer complete, line_editor_lister list,
    line_editor_hinter hint, void *context
) {
    completer = complete;
    lister = list;
    hinter = hint;
    completion_context = context;
    rl_readline_name = program;
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_attempted_completion_function = attempt_completion;
    rl_completion_display_matches_hook = show_matches;
    rl_completer_word_break_characters = (char *)word_breaks;
    // Readline would close the quote after a folder too; attempt_completion does it where the string ends.
    rl_completer_quote_characters = NULL;
    rl_basic_quote_characters = "";
    // Before the user's own settings are read.
    rl_variable_bind("show-all-if-ambiguous", "on");
    rl_initialize();
    // Set earlier, Readline would take it for a display that knows no bracketed paste.
    rl_redisplay_function = redisplay;
    // Questions and pages would wait for a key inside Readline, where an interrupt goes unheard.
    rl_completion_query_items = -1;
    rl_variable_bind("page-completions", "off");
}

static void accept_line(char *line) {
    received = true;
    received_line = line;
    rl_callback_handler_remove();
}

/// Leaves the line as it stands on the screen and forgets it.
static void drop_line(void) {
    rl_callback_sigcleanup();
    rl_point = rl_end;
    rl_redisplay();
    rl_echo_signal_char(SIGINT);
    rl_free_line_state();
    rl_callback_handler_remove();
    ssize_t ignored = write(STDOUT_FILENO, "\n", 1);
    (void)ignored;
}

line_editor_status line_editor_read(const char *prompt, char **line) {
    *line = NULL;
    received = false;
    received_line = NULL;
    interrupts_drain();
    prompt_columns = columns_of(prompt);
    rl_callback_handler_install(prompt, accept_line);
    while (!received) {
        switch (interrupts_wait(STDIN_FILENO)) {
        case INTERRUPTS_SIGINT:
            clear_hint();
            drop_line();
            return LINE_EDITOR_INTERRUPTED;
        case INTERRUPTS_RESIZED:
            clear_hint();
            rl_resize_terminal();
            break;
        case INTERRUPTS_CONTINUED:
            // The shell has set the terminal up for itself in between.
            rl_deprep_term_function();
            rl_prep_term_function(1);
            rl_forced_update_display();
            break;
        case INTERRUPTS_READABLE:
            clear_hint();
            rl_callback_read_char();
            break;
        }
    }
    if (!received_line) return LINE_EDITOR_END;
    *line = received_line;
    return LINE_EDITOR_LINE;
}

void line_editor_remember(const char *entry) {
    add_history(entry);
}

void line_editor_limit_history(int entries) {
    stifle_history(entries);
}
