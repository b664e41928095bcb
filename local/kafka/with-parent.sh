#!/bin/sh
# Runs a command that must not outlive whoever started it.
#   sh with-parent.sh LAST_WORDS COMMAND [ARGUMENT...]
# Started as the leader of its own process group, with a pipe as standard input that the parent never writes to. When the
# parent is gone, for whatever reason, the pipe ends: LAST_WORDS is run by the shell (`:` for nothing to do; a container
# must be removed by its engine), and the whole group is killed, a frozen member too. The command replaces this shell, so
# its process id is the one that the parent knows; the group's id cannot be taken by a stranger while the watch lives in it.
last_words=$1
shift
exec 4<&0 </dev/null
(
  cat <&4 >/dev/null 2>&1
  eval "$last_words" >/dev/null 2>&1
  kill -s KILL -- "-$$"
) &
exec 4<&-
exec "$@"
