# shellcheck shell=bash
# Configuring and compiling with progress that reads well on a terminal and in a log. Source it after common.sh.

# thin_progress: passes ninja's output on, but of its "[n/m]" lines only one per tenth, as a log wants it.
thin_progress() {
  awk '
    match($0, /^\[[0-9]+\/[0-9]+\] /) {
      split(substr($0, 2, RLENGTH - 3), at, "/")
      tenth = int(at[1] * 10 / at[2])
      if (tenth != shown || at[1] == at[2]) { printf "  [%d/%d]\n", at[1], at[2]; fflush(); shown = tenth }
      next
    }
    /^ninja: no work to do/ { next }
    { print; fflush() }'
}

# build PRESET [TARGET...]: configures if needed and compiles the targets (default: everything).
build() {
  local preset=$1 folder=$ESCALON_ROOT/build/$1 log start=$SECONDS
  shift
  log=$folder/configure.log
  mkdir -p "$folder"
  # Always: the presets may have changed since the folder was made, and it costs about a second.
  (cd "$ESCALON_ROOT" && cmake --preset "$preset") > "$log" 2>&1 || {
    cat "$log" >&2
    die "CMake could not configure the preset '$preset'; its output is above"
  }
  say "building ${*:-everything} (preset $preset)"
  if [[ -t 1 ]]; then
    ninja -C "$folder" -j "${ESCALON_JOBS:-$(nproc)}" "$@"
  else
    ninja -C "$folder" -j "${ESCALON_JOBS:-$(nproc)}" "$@" | thin_progress
  fi
  say "built in $(seconds_since "$start")"
}
