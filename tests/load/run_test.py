"""scripts/run as people use it: by itself, with Ctrl-C, in a kept folder, with wrong arguments.

Needs the programs' folder in ESCALON_BIN and Kafka's jars; everything runs in a temporary folder of the test.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

RUN = Path(__file__).resolve().parents[2] / "scripts" / "run"
PATIENCE_S = 150


class RunTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="escalon-run-test.")
        self.addCleanup(self.folder.cleanup)
        self.environment = dict(os.environ, TMPDIR=self.folder.name)

    def start(self, *arguments):
        return subprocess.Popen(
            [str(RUN), "--no-setup", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def run_to_end(self, *arguments):
        process = self.start(*arguments)
        output, _ = process.communicate(timeout=PATIENCE_S)
        return process.returncode, output

    def processes_left(self):
        left = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if self.folder.name in command:
                left.append(command)
        return left

    def assert_nothing_left(self):
        self.assertEqual(self.processes_left(), [])
        self.assertEqual([path.name for path in Path(self.folder.name).glob("escalon-run.*")], [])

    def test_ends_by_itself_with_a_summary_in_which_nothing_is_wrong(self):
        status, output = self.run_to_end("--for", "8s", "--rate", "10")
        self.assertEqual(status, 0, output)
        self.assertIn("lost 0 · gaps 0 · missed 0 · late beyond 1000 ms 0", output)
        submitted = re.search(r"submitted +(\d+) in", output)
        self.assertIsNotNone(submitted, output)
        self.assertGreater(int(submitted.group(1)), 60)
        self.assertIn("No faults", output)
        self.assert_nothing_left()

    def test_ends_cleanly_at_ctrl_c(self):
        process = self.start()
        try:
            for line in process.stdout:
                if " cases " in line:
                    break
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=PATIENCE_S)
        finally:
            if process.poll() is None:
                process.terminate()
        self.assertEqual(process.returncode, 0, output)
        self.assertIn("Summary", output)
        self.assert_nothing_left()

    def test_goes_on_in_a_kept_folder(self):
        kept = os.path.join(self.folder.name, "kept")
        for expected in (1, 2):
            status, output = self.run_to_end("--for", "3s", "--rate", "5", "--keep", kept, "--seed", str(expected))
            self.assertEqual(status, 0, output)
        self.assertEqual(self.processes_left(), [])
        self.assertTrue(os.path.exists(os.path.join(kept, "history.tsv")))

    def test_names_a_wrong_argument(self):
        wrong = (
            (["--rat", "5"], "--rat"),
            (["--rate", "fast"], "--rate"),
            (["--replay", "/absent"], "/absent"),
            (["--for"], "--for"),
        )
        for arguments, word in wrong:
            began = time.monotonic()
            status, output = self.run_to_end(*arguments)
            self.assertNotEqual(status, 0)
            self.assertIn(word, output)
            self.assertLess(time.monotonic() - began, 10)
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
