# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # what the caller sets, and what it reads
# A whole Escalon in one private folder: Kafka, Redis, the five services, on free ports. Source it after common.sh.
#
# The caller sets `cluster_dir` (exists) and `cluster_bin` (where the programs are), maybe `cluster_dev_clock`, and calls
# cluster_stop at its end, come what may. Nothing it starts hears the terminal's Ctrl-C: the caller decides the order.

cluster_services=(routing triage sla-timer notification intake)
declare -A cluster_port=() cluster_pid=()
cluster_brokers=""
cluster_tenant=shop

# cluster_choose_ports: free ones for everything but Kafka, which keeps its own.
cluster_choose_ports() {
  local name ports service names=(grpc http triage routing notification sla-timer redis sink mail)
  for service in "${cluster_services[@]}"; do names+=("$service.admin"); done
  mapfile -t ports < <(free_ports ${#names[@]})
  for name in "${names[@]}"; do
    cluster_port[$name]=${ports[0]}
    ports=("${ports[@]:1}")
  done
}

# cluster_write_configs: one file for each service.
cluster_write_configs() {
  local service
  mkdir -p "$cluster_dir/config" "$cluster_dir/log"
  for service in "${cluster_services[@]}"; do
    {
      cat << YAML
kafka:
  brokers: "$cluster_brokers"
  static_membership: true
cluster:
  shards: ${cluster_shards:-8}
admin:
  listen: 127.0.0.1:${cluster_port[$service.admin]}
credentials:
  file: $cluster_dir/credentials.yaml
instance: $service-0
YAML
      if [[ -n ${cluster_dev_clock:-} ]]; then printf 'dev:\n  clock: "%s"\n' "$cluster_dev_clock"; fi
      case $service in
        routing | sla-timer | intake) printf 'redis:\n  port: %s\n' "${cluster_port[redis]}" ;;
      esac
      case $service in
        intake)
          cat << YAML
grpc:
  listen: 127.0.0.1:${cluster_port[grpc]}
http:
  listen: 127.0.0.1:${cluster_port[http]}
routing:
  addresses: ["127.0.0.1:${cluster_port[routing]}"]
triage:
  address: 127.0.0.1:${cluster_port[triage]}
notification:
  address: 127.0.0.1:${cluster_port[notification]}
sla_timer:
  address: 127.0.0.1:${cluster_port[sla-timer]}
sealing:
  key_file: $cluster_dir/sealing.keys
links:
  key_file: $cluster_dir/links.keys
limits:
  tenant_rate: ${cluster_tenant_rate:-0}
YAML
          ;;
        routing) printf 'grpc:\n  listen: 127.0.0.1:%s\n' "${cluster_port[routing]}" ;;
        *)
          printf 'grpc:\n  listen: 127.0.0.1:%s\n' "${cluster_port[$service]}"
          printf 'routing:\n  addresses: ["127.0.0.1:%s"]\n' "${cluster_port[routing]}"
          ;;
      esac
      if [[ $service == notification ]]; then
        cat << YAML
webhook:
  allow: [127.0.0.0/8]
  secrets_file: $cluster_dir/webhook.secrets
smtp:
  url: smtp://127.0.0.1:${cluster_port[mail]}
  from: escalon@shop.example
  tls: none
links:
  key_file: $cluster_dir/links.keys
  base_url: http://127.0.0.1:${cluster_port[http]}
sealing:
  key_file: $cluster_dir/sealing.keys
YAML
      fi
      if [[ -f $cluster_dir/extra/$service.yaml ]]; then cat "$cluster_dir/extra/$service.yaml"; fi
    } > "$cluster_dir/config/$service.yaml"
  done
}

# spawn NAME COMMAND...: in the background, in a session of its own, with its log in the folder.
cluster_spawn() {
  local name=$1
  shift
  setsid "$@" >> "$cluster_dir/log/$name.log" 2>&1 < /dev/null &
  cluster_pid[$name]=$!
}

cluster_start_kafka() {
  cluster_brokers=$(ESCALON_KAFKA_TUNE=${ESCALON_KAFKA_TUNE:-start} setsid --wait "$ESCALON_ROOT/scripts/kafka" start "$cluster_dir/kafka")
  cluster_pid[kafka]=$("$ESCALON_ROOT/scripts/kafka" pid "$cluster_dir/kafka" 1)
}

cluster_start_redis() {
  mkdir -p "$cluster_dir/redis" "$cluster_dir/log"
  cluster_spawn redis redis-server --port "${cluster_port[redis]}" --bind 127.0.0.1 --dir "$cluster_dir/redis" --save "" \
    --appendonly yes --appendfsync everysec --auto-aof-rewrite-min-size 512mb --rdbcompression no \
    --maxmemory-policy noeviction --loglevel warning
}

# http_get PORT PATH: the body; its exit status tells whether the answer was 200.
http_get() {
  local status
  exec 8<> "/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&8
  read -r _ status _ <&8
  sed '1,/^\r$/d' <&8
  exec 8>&-
  [[ $status == 200 ]]
}

cluster_start_services() {
  local service
  for service in "${cluster_services[@]}"; do
    ESCALON_SERVICE_KEY_FILE=$cluster_dir/$service.key \
      cluster_spawn "$service" "$cluster_bin/escalon-$service" --config "$cluster_dir/config/$service.yaml"
  done
}

# cluster_await_ready SECONDS: until every service says so; meanwhile tells what it waits for. False: another program took one
# of the ports since they were chosen. Anything else that goes wrong ends the script.
cluster_await_ready() {
  local deadline=$((SECONDS + $1)) service answer waiting told=""
  while true; do
    waiting=""
    for service in "${cluster_services[@]}"; do
      process_alive "${cluster_pid[$service]}" || {
        if grep -q '"error":"cannot listen on' "$cluster_dir/log/$service.log"; then return 1; fi
        tail -n 20 "$cluster_dir/log/$service.log" >&2
        die "$service ended while starting; the end of its log is above"
      }
      answer=$( (http_get "${cluster_port[$service.admin]}" /readyz) 2> /dev/null) && continue
      answer=$(sed -n 's/.*"missing":\[\([^]]*\)\].*/\1/p' <<< "$answer" | tr -d '"')
      waiting+="${waiting:+; }$service${answer:+ needs $answer}"
    done
    if [[ -z $waiting ]]; then return; fi
    if [[ $waiting != "$told" ]]; then
      told=$waiting
      say "waiting: $waiting"
    fi
    ((SECONDS < deadline)) || die "not ready after $1 s: $waiting; the logs are in $cluster_dir/log"
    sleep 0.1
  done
}

# cluster_start PREPARE...: all of it, from Kafka to ready services. PREPARE is a command that runs when the ports are known.
cluster_start() {
  local attempt
  say "starting Kafka and Redis"
  cluster_start_kafka
  for attempt in 1 2 3; do
    cluster_choose_ports
    mkdir -p "$cluster_dir/log"
    "$@"
    cluster_start_redis
    "$cluster_bin/escalonctl" cluster init --kafka "$cluster_brokers" --shards "${cluster_shards:-8}" ${cluster_dev_clock:+--dev} \
      > "$cluster_dir/log/init.log" 2>&1 || { cat "$cluster_dir/log/init.log" >&2; die "the topics could not be made"; }
    cluster_write_configs
    say "starting ${cluster_services[*]}"
    cluster_start_services
    if cluster_await_ready 60; then return; fi
    say "another program took a port (attempt $attempt); trying others"
    cluster_stop_services
    rm -f "$cluster_dir"/log/*.log
  done
  die "no luck with free ports; is something using all of them?"
}

# cluster_apply ROSTER POLICY: as the operator. Leaves ESCALON_ADDRESS and ESCALON_KEY for escalonctl.
cluster_apply() {
  local document
  export ESCALON_ADDRESS=127.0.0.1:${cluster_port[grpc]}
  ESCALON_KEY=$(< "$cluster_dir/operator.key")
  export ESCALON_KEY
  for document in roster policy; do
    "$cluster_bin/escalonctl" "$document" apply "$1" > "$cluster_dir/log/$document.log" 2>&1 \
      || { cat "$cluster_dir/log/$document.log" >&2; die "$1 was refused"; }
    shift
  done
}

# cluster_end NAME SIGNAL SECONDS: signals, waits, and ends it hard when the patience is over.
cluster_end() {
  local pid=${cluster_pid[$1]:-} deadline=$((SECONDS + $3))
  [[ -n $pid ]] || return 0
  kill "-$2" "$pid" 2> /dev/null || true
  while process_alive "$pid" && ((SECONDS < deadline)); do sleep 0.05; done
  if process_alive "$pid"; then
    say "$1 does not end; killing it"
    kill -9 "$pid" 2> /dev/null || true
  fi
  unset "cluster_pid[$1]"
}

# cluster_stop_services: the door first, the live view last.
cluster_stop_services() {
  local service
  for service in intake notification sla-timer triage routing; do
    if [[ -n ${cluster_pid[$service]:-} ]]; then kill "${cluster_pid[$service]}" 2> /dev/null || true; fi
  done
  for service in intake notification sla-timer triage routing; do cluster_end "$service" TERM 8; done
  cluster_end redis TERM 3
}

# cluster_all_alive: false when something of it has ended by itself; says what.
cluster_all_alive() {
  local name alive=0
  for name in "${!cluster_pid[@]}"; do
    if process_alive "${cluster_pid[$name]}"; then continue; fi
    alive=1
    say "$name has ended by itself; the end of its log:"
    tail -n 5 "$cluster_dir/log/$name.log" >&2 2> /dev/null || true
  done
  return "$alive"
}

# cluster_stop: everything.
cluster_stop() {
  cluster_stop_services
  if [[ -d $cluster_dir/kafka ]]; then "$ESCALON_ROOT/scripts/kafka" stop "$cluster_dir/kafka" 2> /dev/null || true; fi
  unset "cluster_pid[kafka]"
  wait 2> /dev/null || true
}

# The arguments by which escalon-load finds the cluster.
cluster_load_place() {
  local service
  printf '%s\n' --dir "$cluster_dir" --intake "127.0.0.1:${cluster_port[grpc]}" --http "http://127.0.0.1:${cluster_port[http]}" \
    --brokers "$cluster_brokers"
  for service in "${cluster_services[@]}"; do
    printf '%s\n' --metrics "$service=http://127.0.0.1:${cluster_port[$service.admin]}/metrics"
  done
  if [[ -n ${cluster_dev_clock:-} ]]; then printf '%s\n' --dev-clock "$cluster_dev_clock"; fi
}
