{{/*
A service's configuration file: what the chart knows, then .Values.config, then .Values.services.<name>.config; the
later wins. Keys are Escalon's own options ("escalon-<service> --help"); the service refuses those it does not know.
*/}}
{{- define "escalon.config" -}}
{{- $own := deepCopy .service.config -}}
{{- $all := deepCopy .root.Values.config -}}
{{- $known := dict "admin" (dict "listen" (printf "0.0.0.0:%d" (int .service.ports.admin))) -}}
{{- toYaml (mustMergeOverwrite $known $all $own) -}}
{{- end -}}

{{/* ESCALON_KAFKA_BROKERS for kafka.brokers, as the services name their environment. */}}
{{- define "escalon.environmentName" -}}
ESCALON_{{ . | replace "." "_" | replace "-" "_" | upper }}
{{- end -}}
