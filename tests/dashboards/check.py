"""Runs every query of the shipped dashboard, and every selector of the shipped rules, against a Prometheus that
scrapes a running Escalon: each must answer with a number within the given time.

check.py URL SECONDS
"""

import json
import math
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
URL, PATIENCE = sys.argv[1], float(sys.argv[2])
VARIABLES = {"$__rate_interval": "15s", "$instance": ".*"}
# What a well cluster shows.
WELL = {
    'escalon_canary_total{outcome="done"} > 3': "canaries come through and are cancelled",
    "escalon_canary_age_seconds < 30": "the last canary is young",
    "sum(escalon_keeper_shards_owned) == 8": "every shard is owned",
}
SELECTOR = re.compile(r"\b((?:escalon|process)_\w+|escalon:[\w:]+|up)(\{[^}]*\})?")


def ask(path, **parameters):
    with urllib.request.urlopen(f"{URL}{path}?{urllib.parse.urlencode(parameters)}", timeout=10) as response:
        return json.load(response)["data"]


def has_number(query):
    """Whether some series has a number now. A wrong query is an error at once."""
    try:
        found = ask("/api/v1/query", query=query)["result"]
    except urllib.error.HTTPError as error:
        sys.exit(f"{query}\n  {json.load(error)['error']}")
    return any(math.isfinite(float(series["value"][1])) for series in found)


def dashboard_queries():
    dashboard = json.loads((ROOT / "deploy/grafana/dashboards/escalon.json").read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"]
            for name, value in VARIABLES.items():
                query = query.replace(name, value)
            if "$" in query:
                sys.exit(f"panel {panel['title']}: a variable that nobody knows in {query}")
            yield query, f"panel {panel['title']}, {target['legendFormat']}"
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            series = re.fullmatch(r"label_values\((.+), \w+\)", variable["query"]["query"])
            yield series[1], f"variable {variable['name']}"


def rule_selectors():
    for file in sorted((ROOT / "deploy/prometheus/rules").glob("*.yml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]:
            for rule in group["rules"]:
                name = rule.get("alert") or rule["record"]
                for metric, labels in SELECTOR.findall(rule["expr"]):
                    yield metric + labels, f"rule {name}"


def unhealthy_rules():
    groups = ask("/api/v1/rules")["groups"]
    return [
        f"{rule['name']}: {rule.get('lastError') or rule['health']}"
        for group in groups
        for rule in group["rules"]
        if rule["health"] != "ok"
    ]


def main():
    end = time.monotonic() + PATIENCE
    while True:
        try:
            ask("/api/v1/query", query="up")
            break
        except urllib.error.URLError:
            if time.monotonic() > end:
                sys.exit("Prometheus does not answer")
            time.sleep(0.2)
    wanted = dict(WELL)
    for query, where in [*dashboard_queries(), *rule_selectors()]:
        wanted.setdefault(query, where)
    missing, unhealthy = dict(wanted), ["none was evaluated yet"]
    # A scrape a second brings something new; whatever has answered once is well.
    while (missing or unhealthy) and time.monotonic() < end:
        missing = {query: where for query, where in missing.items() if not has_number(query)}
        unhealthy = unhealthy_rules()
        if missing or unhealthy:
            time.sleep(1)
    for query, where in missing.items():
        print(f"{where}: empty\n  {query}")
    for fault in unhealthy:
        print(f"rule {fault}")
    print(f"{len(wanted) - len(missing)} of {len(wanted)} queries answered with numbers")
    return 1 if missing or unhealthy else 0


if __name__ == "__main__":
    sys.exit(main())
