#!/bin/sh
# Removes a directory as soon as whoever started this says a word, or is gone.
#   sh sweep.sh DIRECTORY
# Retries for ten seconds, since brokers that are being killed may still write; where nobody said that they are gone, one
# that is about to die may even make the directory again, so that it is looked at once more.
IFS= read -r word || word=
tries=0
gone=0
while [ "$tries" -lt 100 ]; do
  rm -rf -- "$1" 2>/dev/null
  if [ -e "$1" ]; then gone=0; else gone=$((gone + 1)); fi
  if [ "$gone" -gt 0 ] && [ -n "$word" ]; then exit 0; fi
  if [ "$gone" -gt 10 ]; then exit 0; fi
  tries=$((tries + 1))
  sleep 0.1
done
echo "could not remove $1" >&2
exit 1
