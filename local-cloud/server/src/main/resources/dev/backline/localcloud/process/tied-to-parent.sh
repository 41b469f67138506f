# Runs a server and stops it when standard input ends, which it does when the parent dies, in whatever way.
# usage: sh -c "$(cat this)" sh <stop signal> <command> [argument...]
signal=$1
shift
exec 3<&0
# A session of its own: Ctrl-C in a terminal must reach the parent only, which then stops its children in order.
if command -v setsid >/dev/null 2>&1; then
  setsid "$@" 3<&- </dev/null &
else
  "$@" 3<&- </dev/null &
fi
child=$!
trap '' INT HUP
trap 'kill -s "$signal" "$child" 2>/dev/null' TERM
(
  trap - TERM
  while read -r _ <&3; do :; done
  kill -s "$signal" "$child"
  tries=0
  while kill -0 "$child" && [ "$tries" -lt 80 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  kill -s KILL "$child"
) >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$child"
status=$?
# A trapped signal ends wait before the child has ended.
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  status=$?
done
kill "$watch" 2>/dev/null
exit "$status"
