#!/bin/sh
# Runs a command at once, and again so many seconds after each end: every.sh SECONDS COMMAND... What it exits with is for its
# log and its metrics; the next time comes all the same. Ends when it is told to.
seconds=$1
shift
trap 'kill "$running" 2>/dev/null; exit 0' TERM INT
while :; do
  "$@" &
  running=$!
  wait "$running" || echo "$1 ended with $?" >&2
  sleep "$seconds" &
  running=$!
  wait "$running"
done
