{{/*
A service's configuration file: what the chart knows, then .Values.config, then .Values.services.<name>.config; the
later wins. Keys are Escalon's own options ("escalon-<service> --help"); the service refuses those it does not know.
Takes {root, name, service}.
*/}}
{{- define "escalon.config" -}}
{{- $ports := .service.ports -}}
{{- $known := dict
      "admin" (dict "listen" (printf "0.0.0.0:%d" (int $ports.admin)))
      "grpc" (dict "listen" (printf "0.0.0.0:%d" (int $ports.grpc))) -}}
{{- $owners := include "escalon.routingPods" .root | splitList "," -}}
{{- if eq .name "routing" -}}
{{- $_ := set $known "routing" (dict "peers" $owners) -}}
{{- else -}}
{{- $_ := set $known "routing" (dict "addresses" $owners) -}}
{{- end -}}
{{- if eq .name "intake" -}}
{{- $_ := set $known "http" (dict "listen" (printf "0.0.0.0:%d" (int $ports.http))) -}}
{{- range $other := list "triage" "notification" "sla-timer" -}}
{{- $_ := set $known ($other | replace "-" "_") (dict "address" (include "escalon.address" (dict "root" $.root "name" $other))) -}}
{{- end -}}
{{- end -}}
{{- $common := deepCopy .root.Values.config -}}
{{- /* These two do without Redis and refuse options that they do not have. */ -}}
{{- if has .name (list "triage" "notification") -}}
{{- $_ := unset $common "redis" -}}
{{- end -}}
{{- toYaml (mustMergeOverwrite $known $common (deepCopy .service.config)) -}}
{{- end -}}

{{/* Where a service takes gRPC calls, whichever pod answers. Takes {root, name}. */}}
{{- define "escalon.address" -}}
{{- $port := (index .root.Values.services .name).ports.grpc -}}
{{ include "escalon.service.fullname" . }}.{{ .root.Release.Namespace }}.svc:{{ $port }}
{{- end -}}

{{/* Every pod of routing by name, with commas: each owns some shards. */}}
{{- define "escalon.routingPods" -}}
{{- $routing := .Values.services.routing -}}
{{- $name := include "escalon.service.fullname" (dict "root" . "name" "routing") -}}
{{- range $index := until (int $routing.replicas) -}}
{{- if $index }},{{ end -}}
{{ $name }}-{{ $index }}.{{ $name }}-pods.{{ $.Release.Namespace }}.svc:{{ $routing.ports.grpc }}
{{- end -}}
{{- end -}}

{{/* ESCALON_KAFKA_BROKERS for kafka.brokers, as the services name their environment. */}}
{{- define "escalon.environmentName" -}}
ESCALON_{{ . | replace "." "_" | replace "-" "_" | upper }}
{{- end -}}
