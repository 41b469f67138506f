# Becomes the program given as arguments, and leaves a watcher that ends it when standard input, a pipe from the
# supervisor, ends without a word: the supervisor is gone then.
# The terminal sends Ctrl-C and its end to all processes; the program hears from its supervisor only. An ignored signal
# stays ignored over exec.
trap '' INT HUP
exec 3<&0 </dev/null
(
  trap '' TERM
  if read -r released <&3; then exit 0; fi
  kill -TERM $$
  seconds=0
  while [ $seconds -lt 10 ] && kill -0 $$; do
    sleep 1
    seconds=$((seconds + 1))
  done
  kill -KILL $$
) >/dev/null 2>&1 &
exec "$@" 3<&-
