#!/bin/sh
# Runs a command that must not outlive whoever started it.
#   sh with-parent.sh LAST_WORDS COMMAND [ARGUMENT...]
# Started as the leader of its own process group, with a pipe as descriptor 3 that the parent never writes to. When the
# parent is gone, for whatever reason, the pipe ends: LAST_WORDS is run by the shell (`:` for nothing to do; a container
# must be removed by its engine), and the whole group is killed, a frozen member too. The command replaces this shell, so
# its process id is the one that the parent knows; the group's id cannot be taken by a stranger while the watch lives in it.
last_words=$1
shift
(
  cat <&3
  eval "$last_words"
  kill -s KILL -- "-$$"
) </dev/null >/dev/null 2>&1 &
exec 3<&-
exec "$@"
