{{/* The pods of one service, the same for all five. Takes {root, name, service}. */}}

{{- define "escalon.probe" -}}
httpGet:
  path: {{ .path }}
  port: admin
periodSeconds: {{ .probe.periodSeconds }}
timeoutSeconds: {{ .probe.timeoutSeconds }}
failureThreshold: {{ .probe.failureThreshold }}
{{- end -}}

{{- define "escalon.pod" -}}
{{- $root := .root -}}
{{- $service := .service -}}
{{- $secrets := concat $root.Values.secrets $service.secrets -}}
{{- $files := concat $root.Values.files $service.files -}}
{{- $mounted := concat $secrets $files -}}
metadata:
  labels:
    {{- include "escalon.service.labels" . | nindent 4 }}
    {{- with $root.Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # A changed configuration restarts the pods of this service, and of no other.
    checksum/config: {{ include "escalon.config" . | sha256sum }}
    {{- with $root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "escalon.serviceAccountName" $root }}
  # No service talks to the Kubernetes API.
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $service.terminationGracePeriodSeconds }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ include "escalon.image" $root | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      command: [/usr/local/bin/escalon-{{ .name }}]
      args: [--config, /etc/escalon/config.yaml]
      env:
        - name: ESCALON_INSTANCE
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        {{- if $service.advertise }}
        # Where the other replicas and intake find this pod.
        - name: {{ include "escalon.environmentName" $service.advertise.option }}
          value: "$(ESCALON_INSTANCE).{{ include "escalon.service.fullname" . }}-pods.{{ $root.Release.Namespace }}.svc:
            {{- index $service.ports $service.advertise.port }}"
        {{- end }}
        {{- range $secrets }}
        - name: {{ include "escalon.environmentName" .option }}_FILE
          value: /etc/escalon/secrets/{{ .option }}
        {{- end }}
        {{- range $files }}
        - name: {{ include "escalon.environmentName" .option }}
          value: /etc/escalon/secrets/{{ .option }}
        {{- end }}
        {{- with $service.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        {{- range $port, $number := $service.ports }}
        - name: {{ $port }}
          containerPort: {{ $number }}
        {{- end }}
      startupProbe:
        {{- include "escalon.probe" (dict "path" "/healthz" "probe" $root.Values.probes.startup) | nindent 8 }}
      livenessProbe:
        {{- include "escalon.probe" (dict "path" "/healthz" "probe" $root.Values.probes.liveness) | nindent 8 }}
      readinessProbe:
        {{- include "escalon.probe" (dict "path" "/readyz" "probe" $root.Values.probes.readiness) | nindent 8 }}
      resources:
        {{- toYaml $service.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: config
          mountPath: /etc/escalon/config.yaml
          subPath: config.yaml
          readOnly: true
        - name: tmp
          mountPath: /tmp
        {{- if $mounted }}
        - name: secrets
          mountPath: /etc/escalon/secrets
          readOnly: true
        {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "escalon.service.fullname" . }}
    - name: tmp
      emptyDir:
        sizeLimit: 16Mi
    {{- if $mounted }}
    - name: secrets
      projected:
        sources:
          {{- range $mounted }}
          - secret:
              name: {{ .secretName | default $root.Values.existingSecret }}
              items:
                - key: {{ .key }}
                  path: {{ .option }}
          {{- end }}
    {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "escalon.service.selector" . | nindent 10 }}
    - maxSkew: 1
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "escalon.service.selector" . | nindent 10 }}
  {{- with $root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
