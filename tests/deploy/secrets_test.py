"""The secrets that deploy/new-secrets makes, read by every service as the compose file's configuration tells it to.

secrets_test.py BIN_DIR
"""

import os
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.argv.pop(1))
MOUNTED = "/etc/escalon/secrets/"
SERVICES = ["intake", "triage", "routing", "notification", "sla-timer"]


def new_secrets(folder):
    return subprocess.run(
        [ROOT / "deploy" / "new-secrets", folder, "acme"],
        env={"PATH": os.environ["PATH"], "ESCALONCTL": str(BIN / "escalonctl"), "ESCALON_OWNER": str(os.getuid())},
        capture_output=True,
        text=True,
        check=False,
    )


def here(value, folder):
    """A configuration whose secrets are in `folder`."""
    if isinstance(value, dict):
        return {key: here(item, folder) for key, item in value.items()}
    if isinstance(value, str) and value.startswith(MOUNTED):
        return str(Path(folder, value.removeprefix(MOUNTED)))
    return value


class Secrets(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(subprocess.run, ["rm", "-rf", self.folder], check=True)
        made = new_secrets(self.folder)
        self.assertEqual(made.returncode, 0, made.stderr)

    def test_every_service_can_be_built_with_them(self):
        for service in SERVICES:
            config = yaml.safe_load((ROOT / "deploy" / "config" / f"{service}.yaml").read_text(encoding="utf-8"))
            file = Path(self.folder, "config.yaml")
            file.write_text(yaml.safe_dump(here(config, self.folder)), encoding="utf-8")
            run = subprocess.run(
                [BIN / f"escalon-{service}", "--config", file, "--print-metrics"],
                env={"PATH": os.environ["PATH"], "ESCALON_SERVICE_KEY_FILE": str(Path(self.folder, "service.key"))},
                capture_output=True,
                text=True,
                check=False,
            )
            with self.subTest(service):
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertNotIn(MOUNTED, file.read_text(encoding="utf-8"))

    def test_nobody_else_may_read_them(self):
        for file in Path(self.folder).iterdir():
            self.assertEqual(stat.S_IMODE(file.stat().st_mode) & 0o077, 0, file.name)

    def test_only_hashes_of_keys_stand_in_the_credentials(self):
        credentials = Path(self.folder, "credentials.yaml").read_text(encoding="utf-8")
        lines = Path(self.folder, "tokens").read_text(encoding="utf-8").split()
        for token in [*lines[1::2], Path(self.folder, "service.key").read_text(encoding="utf-8").strip()]:
            self.assertTrue(token.startswith("escalon_"))
            self.assertNotIn(token.rpartition("_")[2], credentials)

    def test_secrets_that_are_there_are_never_written_over(self):
        before = {file.name: file.read_bytes() for file in Path(self.folder).iterdir()}
        again = new_secrets(self.folder)
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("is there already", again.stderr)
        self.assertEqual(before, {file.name: file.read_bytes() for file in Path(self.folder).iterdir()})


if __name__ == "__main__":
    unittest.main()
