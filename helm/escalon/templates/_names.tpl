{{/* Names and labels, written once. All take the root context, those with "service" a dict {root, name, service}. */}}

{{- define "escalon.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "escalon.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "escalon.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "escalon.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "escalon.chartLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: escalon
{{- end -}}

{{/* What selects all pods of a release. Selectors are immutable: nothing that changes with a version belongs here. */}}
{{- define "escalon.releaseSelector" -}}
app.kubernetes.io/name: {{ include "escalon.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "escalon.service.fullname" -}}
{{ include "escalon.fullname" .root }}-{{ .name }}
{{- end -}}

{{- define "escalon.service.selector" -}}
{{ include "escalon.releaseSelector" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "escalon.service.labels" -}}
{{ include "escalon.service.selector" . }}
{{ include "escalon.chartLabels" .root }}
{{- end -}}

{{- define "escalon.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "escalon.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "escalon.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}
