"""Every alert has a severity, a section in the runbook, a test in which it fires and one in which it does not; rules
and dashboard name only metrics that some service has."""

import json
import re
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
METRIC = re.compile(r"\b((?:escalon|process)_\w+)")


def load(pattern):
    return [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(ROOT.glob(pattern))]


ALERTS = [
    rule
    for file in load("deploy/prometheus/rules/*.yml")
    for group in file["groups"]
    for rule in group["rules"]
    if "alert" in rule
]
RULES = [rule for file in load("deploy/prometheus/rules/*.yml") for group in file["groups"] for rule in group["rules"]]
TESTS = [
    case for file in load("deploy/prometheus/tests/*.yml") for test in file["tests"] for case in test["alert_rule_test"]
]


def known_metrics():
    known = set()
    for line in (ROOT / "docs/metrics.md").read_text(encoding="utf-8").splitlines():
        row = re.match(r"\| `(\w+)` \| (\w+) \|", line)
        if row and row[2] == "histogram":
            known |= {f"{row[1]}_{suffix}" for suffix in ("bucket", "sum", "count")}
        elif row:
            known.add(row[1])
    return known


class Alerts(unittest.TestCase):
    def test_each_has_a_severity_that_somebody_routes(self):
        for alert in ALERTS:
            self.assertIn(alert["labels"]["severity"], ("page", "ticket"), alert["alert"])

    def test_each_leads_to_its_section_of_the_runbook(self):
        text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
        sections = set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
        for alert in ALERTS:
            name = alert["alert"]
            self.assertEqual(alert["annotations"]["runbook"], f"docs/operations.md#{name.lower()}")
            self.assertIn(name, sections)
        self.assertLessEqual(
            {section for section in sections if section.startswith("Escalon")}, {alert["alert"] for alert in ALERTS}
        )

    def test_each_is_seen_firing_and_quiet(self):
        fires = {case["alertname"] for case in TESTS if case.get("exp_alerts")}
        quiet = {case["alertname"] for case in TESTS if not case.get("exp_alerts")}
        self.assertEqual(fires, {alert["alert"] for alert in ALERTS})
        self.assertEqual(quiet, fires)


class Names(unittest.TestCase):
    def test_rules_and_dashboard_use_metrics_that_exist(self):
        known = known_metrics()
        dashboard = json.loads((ROOT / "deploy/grafana/dashboards/escalon.json").read_text(encoding="utf-8"))
        used = {rule.get("alert") or rule["record"]: rule["expr"] for rule in RULES}
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                used[f"{panel['title']}, {target['legendFormat']}"] = target["expr"]
        for where, expr in used.items():
            for name in METRIC.findall(expr):
                self.assertIn(name, known, where)


if __name__ == "__main__":
    unittest.main()
