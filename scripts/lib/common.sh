# shellcheck shell=bash
# What every script shares: where the repository is, how to speak, free ports, private folders. Source it; it runs nothing.

ESCALON_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Downloads and tool environments that survive between runs; safe to delete at any time.
ESCALON_CACHE=${ESCALON_CACHE:-$ESCALON_ROOT/.cache}

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# The comment block under the first line of the script is its help text.
print_help() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"; }

# with_lock FILE COMMAND...: one at a time on this machine. The lock goes with the process, so a kill cannot leave it behind.
with_lock() {
  local file=$1
  shift
  mkdir -p "$(dirname "$file")"
  # The command must not hand the lock to what it leaves running, so it gets a closed descriptor.
  (
    exec 9> "$file"
    flock -n 9 || { say "waiting for another run (${file##*/})"; flock 9; }
    "$@" 9>&-
  )
}

# free_port: a TCP port nobody listens on, outside the range from which the kernel serves outgoing connections.
free_port() {
  local port
  for _ in {1..500}; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    if ! grep -qsi ":$(printf '%04X' "$port") " /proc/net/tcp /proc/net/tcp6; then
      printf '%s\n' "$port"
      return
    fi
  done
  die "no free port between 20000 and 32000"
}

# free_ports N: N different ones, one a line.
free_ports() {
  local wanted=$1 port
  local -A seen=()
  while ((${#seen[@]} < wanted)); do
    port=$(free_port)
    seen[$port]=1
  done
  printf '%s\n' "${!seen[@]}"
}

# process_alive PID: true until it is gone. A zombie counts as gone: in a container nobody may reap it for a while.
process_alive() {
  local state
  [[ -n ${1:-} ]] || return 1
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2> /dev/null) || return 1
  [[ -n $state && $state != Z ]]
}

# private_dir NAME: a fresh folder only this user can read; the caller removes it.
private_dir() { mktemp -d "${TMPDIR:-/tmp}/escalon-$1.XXXXXX"; }

# seconds_since START: for "took" lines; START is a value of $SECONDS.
seconds_since() {
  local took=$((SECONDS - $1))
  if ((took >= 60)); then printf '%dm%02ds' $((took / 60)) $((took % 60)); else printf '%ds' "$took"; fi
}

# step "what it does" COMMAND...: runs quietly, shows one line with the time taken, and the output only if it fails.
step() {
  local what=$1 start=$SECONDS log status
  shift
  log=$(mktemp)
  printf '  %-58s' "$what" >&2
  # A subshell in a plain place: inside "||" bash would ignore failures within the command.
  set +e
  (
    set -e
    "$@"
  ) > "$log" 2>&1 < /dev/null
  status=$?
  set -e
  if ((status == 0)); then
    printf ' ok %6s\n' "$(seconds_since "$start")" >&2
  else
    printf ' FAILED after %s\n' "$(seconds_since "$start")" >&2
    cat "$log" >&2
  fi
  rm -f "$log"
  return "$status"
}
