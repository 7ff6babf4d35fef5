#!/bin/sh
# Makes the tokens without which nobody could use the servers: one for people, whose secret is printed, and one for
# Prometheus, whose secret goes to the file that it reads. What is there stays.
set -eu
folder=$1
has() { undertone token list | awk '{ print $2 }' | grep -qx "$1"; }
if ! has people; then
  secret=$(undertone token create people --scope read --scope write)
  echo "Token for the extension's settings and for programs: $secret"
fi
if ! has prometheus || ! [ -s "$folder/prometheus" ]; then
  has prometheus && undertone token revoke prometheus
  undertone token create prometheus --scope admin >"$folder/.prometheus"
  # Prometheus runs as another user, and nothing else has this folder.
  chmod 644 "$folder/.prometheus"
  mv "$folder/.prometheus" "$folder/prometheus"
fi
