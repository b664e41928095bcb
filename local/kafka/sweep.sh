#!/bin/sh
# Removes a directory as soon as whoever started this is gone or closes the pipe that is this shell's standard input.
#   sh sweep.sh DIRECTORY
# Retries for ten seconds, since brokers that are being killed may still write.
cat >/dev/null
tries=0
while [ "$tries" -lt 100 ]; do
  rm -rf -- "$1" 2>/dev/null
  [ -e "$1" ] || exit 0
  tries=$((tries + 1))
  sleep 0.1
done
echo "could not remove $1" >&2
exit 1
