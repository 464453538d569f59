#!/usr/bin/env python3
"""Colours text by Grammar/vps.tmLanguage.json, as an editor would, with nothing but Python's `re`.

    Scripts/check-textmate.py GRAMMAR SCRIPT

Prints a line for each piece of text that has a scope: LINE:COLUMN SCOPE TEXT. Rules are tried as TextMate tries them:
the earliest match wins, of several at one place the first in order; a rule with `begin` holds until its `end` matches.
Exits 1 when an expression does not compile, an `include` names nothing, or a match is empty.
"""
import json
import re
import sys

grammar = json.load(open(sys.argv[1], encoding="utf-8"))
repository = grammar["repository"]
compiled = {}


def expression(text):
    if text not in compiled:
        compiled[text] = re.compile(text)
    return compiled[text]


def expand(patterns):
    for pattern in patterns:
        if "include" in pattern:
            rule = repository[pattern["include"].removeprefix("#")]
            yield from expand(rule["patterns"]) if set(rule) == {"patterns"} else [rule]
        else:
            yield pattern


def check(rule):
    for key in ("match", "begin", "end"):
        if key in rule:
            expression(rule[key])
    for inner in expand(rule.get("patterns", [])):
        if inner is not rule:
            check_once(inner)


checked = []


def check_once(rule):
    if rule not in checked:
        checked.append(rule)
        check(rule)


def tokens(text):
    stack = [{"patterns": grammar["patterns"]}]
    for number, line in enumerate(text.split("\n"), 1):
        position = 0
        while position <= len(line):
            top = stack[-1]
            best = None
            if "end" in top:
                found = expression(top["end"]).search(line, position)
                if found:
                    best = (found.start(), None, found)
            for rule in expand(top["patterns"]):
                found = expression(rule.get("match") or rule["begin"]).search(line, position)
                if found and (best is None or found.start() < best[0]):
                    best = (found.start(), rule, found)
            if best is None:
                break
            _, rule, found = best
            name = (rule or top).get("name")
            captures = (rule or top).get("captures", {})
            if rule is None:
                stack.pop()
                captures = top.get("endCaptures", {})
            elif "begin" in rule:
                stack.append(rule)
                captures = rule.get("beginCaptures", {})
            elif found.start() == found.end():
                sys.exit(f"{number}:{position + 1}: an empty match of {rule['match']}")
            if name and not captures:
                yield number, found.start() + 1, name, found.group()
            for group, capture in captures.items():
                if found.group(int(group)):
                    yield number, found.start(int(group)) + 1, capture["name"], found.group(int(group))
            if found.end() == position and rule is None and position >= len(line):
                break
            position = max(found.end(), position)


for rule in repository.values():
    check_once(rule)
for token in tokens(open(sys.argv[2], encoding="utf-8").read()):
    print("{}:{} {} {}".format(*token))
