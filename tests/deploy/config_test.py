"""One service's configuration, as the compose file and as the chart give it, checked by its own binary.

config_test.py SERVICE BINARY
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVICE, BINARY = sys.argv.pop(1), sys.argv.pop(1)


def check(config, environment):
    """(exit code, output) of the binary's own check. Secrets are files here, as in a container."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "config.yaml")
        file.write_text(yaml.safe_dump(config), encoding="utf-8")
        key = Path(folder, "key")
        key.write_text("a key\n", encoding="utf-8")
        values = {name: str(key) if name.endswith("_KEY_FILE") else value for name, value in environment.items()}
        run = subprocess.run(
            [BINARY, "--config", file, "--check-config"],
            env={"PATH": os.environ["PATH"], **values},
            capture_output=True,
            text=True,
            check=False,
        )
    return run.returncode, run.stdout + run.stderr


class Configuration(unittest.TestCase):
    def test_the_file_of_the_image_is_understood(self):
        config = yaml.safe_load((ROOT / "deploy" / "config" / f"{SERVICE}.yaml").read_text(encoding="utf-8"))
        code, output = check(config, {"ESCALON_SERVICE_KEY_FILE": ""})
        self.assertEqual(code, 0, output)

    def test_what_the_chart_renders_is_understood(self):
        tools = subprocess.run([ROOT / "scripts" / "tools", "helm"], stdout=subprocess.PIPE, text=True, check=True)
        for scenario in sorted((ROOT / "helm" / "escalon" / "ci").glob("*-values.yaml")):
            rendered = subprocess.run(
                [tools.stdout.strip(), "template", "r", ROOT / "helm" / "escalon", "--values", scenario],
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
            objects = {(item["kind"], item["metadata"]["name"]): item for item in yaml.safe_load_all(rendered) if item}
            name = f"r-escalon-{SERVICE}"
            config = yaml.safe_load(objects[("ConfigMap", name)]["data"]["config.yaml"])
            workload = objects.get(("Deployment", name)) or objects[("StatefulSet", name)]
            (container,) = workload["spec"]["template"]["spec"]["containers"]
            environment = {item["name"]: item.get("value", "pod-0") for item in container["env"]}
            with self.subTest(scenario.name):
                code, output = check(config, environment)
                self.assertEqual(code, 0, output)

    def test_an_option_that_nobody_knows_is_refused(self):
        code, output = check({"kafak": {"brokers": "x:1"}}, {})
        self.assertNotEqual(code, 0)
        self.assertIn("kafak", output)


if __name__ == "__main__":
    unittest.main()
