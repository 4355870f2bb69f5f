"""The Helm chart, rendered: what every pod must have, what the values may say, and what they may not."""

import functools
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm" / "escalon"
SERVICES = ("intake", "notification", "routing", "sla-timer", "triage")
SCENARIOS = sorted(path.name.removesuffix("-values.yaml") for path in (CHART / "ci").glob("*-values.yaml"))


@functools.cache
def helm():
    return subprocess.run(
        [ROOT / "scripts" / "tools", "helm"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()


def run_helm(*arguments, values=None):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        json.dump(values or {}, file)
        file.flush()
        command = [helm(), "template", "r", CHART, "--namespace", "ns", *arguments, "--values", file.name]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def render(*arguments, values=None):
    """{(kind, name): object}"""
    run = run_helm(*arguments, values=values)
    if run.returncode:
        raise AssertionError(run.stderr)
    objects = [item for item in yaml.safe_load_all(run.stdout) if item]
    result = {(item["kind"], item["metadata"]["name"]): item for item in objects}
    if len(result) != len(objects):
        raise AssertionError("two objects of one kind have the same name")
    return result


@functools.cache
def scenario(name):
    return render("--values", str(CHART / "ci" / f"{name}-values.yaml"))


def workloads(objects):
    return {name: item for (kind, name), item in objects.items() if kind in ("Deployment", "StatefulSet")}


def pod(workload):
    return workload["spec"]["template"]["spec"]


def container(workload):
    (only,) = pod(workload)["containers"]
    return only


class EveryScenario(unittest.TestCase):
    def each(self):
        for name in SCENARIOS:
            for workload_name, workload in workloads(scenario(name)).items():
                with self.subTest(f"{name}: {workload_name}"):
                    yield scenario(name), workload_name, workload

    def test_there_are_five_workloads_and_routing_has_stable_names(self):
        for name in SCENARIOS:
            kinds = {item["metadata"]["name"]: item["kind"] for item in workloads(scenario(name)).values()}
            self.assertEqual(sorted(kinds), [f"r-escalon-{service}" for service in SERVICES])
            self.assertEqual([key for key, kind in kinds.items() if kind == "StatefulSet"], ["r-escalon-routing"])

    def test_pods_run_without_rights(self):
        for _, _, workload in self.each():
            self.assertTrue(pod(workload)["securityContext"]["runAsNonRoot"])
            self.assertEqual(pod(workload)["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertFalse(pod(workload)["automountServiceAccountToken"])
            rights = container(workload)["securityContext"]
            self.assertFalse(rights["allowPrivilegeEscalation"])
            self.assertTrue(rights["readOnlyRootFilesystem"])
            self.assertEqual(rights["capabilities"], {"drop": ["ALL"]})

    def test_pods_are_probed_on_the_admin_port(self):
        for _, _, workload in self.each():
            ports = {port["name"]: port["containerPort"] for port in container(workload)["ports"]}
            self.assertIn("grpc", ports)
            for probe, path in (
                ("startupProbe", "/healthz"),
                ("livenessProbe", "/healthz"),
                ("readinessProbe", "/readyz"),
            ):
                self.assertEqual(container(workload)[probe]["httpGet"], {"path": path, "port": "admin"})
            config = self.config_of(workload)
            self.assertEqual(config["admin"]["listen"], f"0.0.0.0:{ports['admin']}")

    def config_of(self, workload):
        for name in SCENARIOS:
            if workload in workloads(scenario(name)).values():
                return yaml.safe_load(
                    scenario(name)[("ConfigMap", workload["metadata"]["name"])]["data"]["config.yaml"]
                )
        raise AssertionError("not a rendered workload")

    def test_pods_have_requests_and_a_memory_limit(self):
        for _, _, workload in self.each():
            resources = container(workload)["resources"]
            self.assertLessEqual({"cpu", "memory"}, set(resources["requests"]))
            self.assertIn("memory", resources["limits"])

    def test_everything_that_is_mounted_exists(self):
        for objects, _, workload in self.each():
            volumes = {volume["name"]: volume for volume in pod(workload)["volumes"]}
            self.assertEqual({mount["name"] for mount in container(workload)["volumeMounts"]}, set(volumes))
            self.assertIn(("ConfigMap", volumes["config"]["configMap"]["name"]), objects)

    def test_selectors_find_the_pods_and_only_those(self):
        for objects, name, workload in self.each():
            labels = workload["spec"]["template"]["metadata"]["labels"]
            for kind in ("Service", "PodDisruptionBudget", "NetworkPolicy"):
                item = objects.get((kind, name))
                if not item:
                    continue
                spec = item["spec"]
                selector = spec["selector"] if kind == "Service" else spec.get("selector", spec.get("podSelector"))
                selector = selector.get("matchLabels", selector)
                matched = [
                    other
                    for other, candidate in workloads(objects).items()
                    if selector.items() <= candidate["spec"]["template"]["metadata"]["labels"].items()
                ]
                self.assertEqual(matched, [name], kind)
            self.assertLessEqual(workload["spec"]["selector"]["matchLabels"].items(), labels.items())
            self.assertNotIn("app.kubernetes.io/version", workload["spec"]["selector"]["matchLabels"])

    def test_services_lead_to_ports_of_the_container(self):
        for objects, name, workload in self.each():
            named = {port["name"] for port in container(workload)["ports"]}
            for port in objects[("Service", name)]["spec"]["ports"]:
                self.assertIn(port["targetPort"], named)

    def test_several_replicas_have_a_disruption_budget_and_one_has_none(self):
        for objects, name, workload in self.each():
            self.assertEqual(("PodDisruptionBudget", name) in objects, workload["spec"]["replicas"] > 1)


class Details(unittest.TestCase):
    def test_routing_tells_where_each_pod_is(self):
        objects = scenario("default")
        routing = objects[("StatefulSet", "r-escalon-routing")]
        headless = objects[("Service", routing["spec"]["serviceName"])]
        self.assertEqual(headless["spec"]["clusterIP"], "None")
        self.assertTrue(headless["spec"]["publishNotReadyAddresses"])
        environment = {item["name"]: item for item in container(routing)["env"]}
        self.assertEqual(environment["ESCALON_INSTANCE"]["valueFrom"]["fieldRef"]["fieldPath"], "metadata.name")
        (advertised,) = (item["value"] for item in environment.values() if "ns.svc" in item.get("value", ""))
        self.assertEqual(advertised, "$(ESCALON_INSTANCE).r-escalon-routing-pods.ns.svc:7003")

    def test_a_changed_configuration_restarts_that_service_only(self):
        def sums(objects):
            return {
                name: item["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
                for name, item in workloads(objects).items()
            }

        before = sums(render())
        own = sums(render(values={"services": {"triage": {"config": {"log": {"level": "debug"}}}}}))
        common = sums(render(values={"config": {"log": {"level": "debug"}}}))
        self.assertEqual([name for name in before if before[name] != own[name]], ["r-escalon-triage"])
        self.assertTrue(all(before[name] != common[name] for name in before))

    def test_the_service_s_own_option_beats_the_common_one_and_neighbours_stay(self):
        objects = render(
            values={
                "config": {"log": {"level": "error", "format": "json"}},
                "services": {"triage": {"config": {"log": {"level": "debug"}}}},
            }
        )
        config = yaml.safe_load(objects[("ConfigMap", "r-escalon-triage")]["data"]["config.yaml"])
        self.assertEqual(config["log"], {"level": "debug", "format": "json"})

    def test_services_are_told_where_the_others_are(self):
        def config(service):
            return yaml.safe_load(scenario("default")[("ConfigMap", f"r-escalon-{service}")]["data"]["config.yaml"])

        owners = [f"r-escalon-routing-{index}.r-escalon-routing-pods.ns.svc:7003" for index in range(3)]
        self.assertEqual(config("routing")["routing"]["peers"], owners)
        for service in ("intake", "triage", "sla-timer", "notification"):
            self.assertEqual(config(service)["routing"]["addresses"], owners, service)
        self.assertEqual(config("intake")["sla_timer"]["address"], "r-escalon-sla-timer.ns.svc:7005")
        self.assertEqual(config("intake")["http"]["listen"], "0.0.0.0:8080")
        self.assertEqual(config("triage")["grpc"]["listen"], "0.0.0.0:7002")

    def test_only_who_uses_redis_is_told_where_it_is(self):
        objects = render(values={"config": {"redis": {"host": "redis.example"}}})
        told = {
            service
            for service in SERVICES
            if "redis" in yaml.safe_load(objects[("ConfigMap", f"r-escalon-{service}")]["data"]["config.yaml"])
        }
        self.assertEqual(told, {"intake", "routing", "sla-timer"})

    def test_secrets_are_files_named_in_the_environment(self):
        common = {"option": "link.key", "secretName": "links", "key": "k"}
        own = {"option": "smtp.password", "secretName": "smtp", "key": "password"}
        objects = render(values={"secrets": [common], "services": {"notification": {"secrets": [own]}}})
        notification = objects[("Deployment", "r-escalon-notification")]
        environment = {item["name"]: item.get("value") for item in container(notification)["env"]}
        self.assertEqual(environment["ESCALON_LINK_KEY_FILE"], "/etc/escalon/secrets/link.key")
        self.assertEqual(environment["ESCALON_SMTP_PASSWORD_FILE"], "/etc/escalon/secrets/smtp.password")
        (volume,) = (volume for volume in pod(notification)["volumes"] if volume["name"] == "secrets")
        items = {}
        for source in volume["projected"]["sources"]:
            items.setdefault(source["secret"]["name"], []).extend(source["secret"]["items"])
        self.assertEqual(items["smtp"], [{"key": "password", "path": "smtp.password"}])
        self.assertEqual(environment["ESCALON_CREDENTIALS_FILE"], "/etc/escalon/secrets/credentials.file")
        self.assertIn({"key": "credentials.yaml", "path": "credentials.file"}, items["escalon"])
        self.assertIn({"key": "webhook.secrets", "path": "webhook.secrets_file"}, items["escalon"])
        triage = objects[("Deployment", "r-escalon-triage")]
        self.assertNotIn("ESCALON_SMTP_PASSWORD_FILE", [item["name"] for item in container(triage)["env"]])

    def test_a_digest_beats_the_tag(self):
        digest = "sha256:" + "a" * 64
        for name, item in workloads(render(values={"image": {"tag": "1.2", "digest": digest}})).items():
            self.assertEqual(container(item)["image"], f"escalon@{digest}", name)
        for item in workloads(render(values={"image": {"tag": "1.2"}})).values():
            self.assertEqual(container(item)["image"], "escalon:1.2")

    def test_only_intake_is_open_to_clients_and_only_notification_reaches_out(self):
        objects = scenario("default")
        for service in SERVICES:
            policy = objects[("NetworkPolicy", f"r-escalon-{service}")]["spec"]
            self.assertEqual(policy["policyTypes"], ["Ingress", "Egress"])
            open_rules = [rule for rule in policy["ingress"] if "from" not in rule]
            self.assertEqual(bool(open_rules), service == "intake")
            outward = [rule for rule in policy["egress"] if {"port": 443} in rule.get("ports", [])]
            self.assertEqual(bool(outward), service == "notification")

    def test_named_clients_close_the_door_for_others(self):
        rules = scenario("production")[("NetworkPolicy", "r-escalon-intake")]["spec"]["ingress"]
        self.assertTrue(all(rule.get("from") for rule in rules))

    def test_the_service_monitor_is_there_when_asked_for_and_counts_each_pod_once(self):
        self.assertNotIn(("ServiceMonitor", "r-escalon"), scenario("default"))
        objects = scenario("production")
        monitor = objects[("ServiceMonitor", "r-escalon")]["spec"]
        wanted = monitor["selector"]["matchLabels"]
        excluded = monitor["selector"]["matchExpressions"][0]["key"]
        services = [
            name
            for (kind, name), item in objects.items()
            if kind == "Service"
            and wanted.items() <= item["metadata"]["labels"].items()
            and excluded not in item["metadata"]["labels"]
        ]
        self.assertEqual(sorted(services), [f"r-escalon-{service}" for service in SERVICES])

    def test_minimal_needs_nothing_beside_workloads_services_and_configuration(self):
        kinds = {kind for kind, _ in scenario("minimal")}
        self.assertEqual(kinds, {"ConfigMap", "Service", "Deployment", "StatefulSet"})

    def test_wrong_values_are_refused_by_name(self):
        wrong = {
            "an unknown value": ({"replica": 3}, "replica"),
            "an unknown service": ({"services": {"billing": {}}}, "billing"),
            "an unknown key of a service": ({"services": {"intake": {"replica": 3}}}, "replica"),
            "replicas in words": ({"services": {"intake": {"replicas": "two"}}}, "replicas"),
            "no replicas": ({"services": {"routing": {"replicas": 0}}}, "replicas"),
            "routing without stable names": ({"services": {"routing": {"kind": "Deployment"}}}, "kind"),
            "a port out of range": ({"services": {"intake": {"ports": {"grpc": 70000}}}}, "grpc"),
            "a port nobody serves": ({"services": {"triage": {"ports": {"http": 8080}}}}, "http"),
            "a short digest": ({"image": {"digest": "sha256:abc"}}, "digest"),
            "a secret without a key": ({"secrets": [{"option": "a.b", "secretName": "s"}]}, "key"),
            "an option that is no name": ({"secrets": [{"option": "../x", "secretName": "s", "key": "k"}]}, "option"),
        }
        for name, (values, named) in wrong.items():
            with self.subTest(name):
                run = run_helm(values=values)
                self.assertNotEqual(run.returncode, 0)
                self.assertIn(named, run.stderr)


if __name__ == "__main__":
    unittest.main()
