# Runs an engine ("$@") that never outlives the process at the other end of stdin.
#
# 1. Leave the terminal's foreground group, so that neither Ctrl-C nor a signal to that whole group
#    ends this watcher before the engine.
# 2. Start the engine in a session (else a process group) of its own. Its first line tells its pid.
# 3. A reader obeys the words TERM and KILL from the pipe. At its end (the parent is gone, whatever
#    the reason) it ends the engine's group: TERM, and KILL within a second.
# 4. When the engine is gone, end what is left of its group and the reader, and exit as it did.
if [ "${FAIRLEAD_WATCHER:-}" != detached ] && command -v setsid >/dev/null 2>&1; then
  FAIRLEAD_WATCHER=detached
  export FAIRLEAD_WATCHER
  exec setsid "$FAIRLEAD_SHELL" -c "$FAIRLEAD_SCRIPT" "$0" "$@"
fi
trap '' INT QUIT HUP TERM
exec 3<&0 </dev/null

# An ignored signal stays ignored in a child, hence the traps are taken back before the engine.
run='echo "fairlead-engine-pid $$"; unset FAIRLEAD_WATCHER FAIRLEAD_SHELL FAIRLEAD_SCRIPT; exec "$@"'
if command -v setsid >/dev/null 2>&1; then
  ( trap - HUP TERM; exec setsid "$FAIRLEAD_SHELL" -c "$run" engine "$@" 3<&- ) &
else
  set -m
  ( trap - INT QUIT HUP TERM; exec "$FAIRLEAD_SHELL" -c "$run" engine "$@" 3<&- </dev/null ) &
  set +m
fi
engine=$!

# Until the child has called setsid there is no such group, only the child.
signal() {
  kill "-$1" "-$engine" || kill "-$1" "$engine"
}

(
  while read -r word; do
    case $word in
      TERM | KILL) signal "$word" ;;
    esac
  done
  signal TERM
  tries=0
  while [ "$tries" -lt 8 ] && signal 0; do
    sleep 0.1
    tries=$((tries + 1))
  done
  signal KILL
) <&3 >/dev/null 2>&1 &
reader=$!
exec 3<&-

wait "$engine"
code=$?
{
  kill -KILL "-$engine"
  kill -KILL "$reader"
  wait "$reader"
} >/dev/null 2>&1
exit "$code"
