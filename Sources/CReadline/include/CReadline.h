#ifndef CREADLINE_H
#define CREADLINE_H

#include "interrupts.h"
#include "line_editor.h"

#endif
