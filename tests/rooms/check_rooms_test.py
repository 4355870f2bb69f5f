"""The room checker against small trees: every rule has samples that break it and near misses that must pass."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECKER = Path(__file__).resolve().parents[2] / "scripts" / "check_rooms.py"

# A tree in order, to which each sample adds or changes files.
GOOD = {
    "common/core/CMakeLists.txt": "escalon_room(core DEPS absl::time PRIVATE OpenSSL::Crypto)\n",
    "common/core/ids.h": '#pragma once\n#include <string>\n#include "absl/time/time.h"\n',
    "common/core/digest.cc": '#include <openssl/evp.h>\n#include "common/core/ids.h"\n',
    "common/domain/CMakeLists.txt": "escalon_room(domain DEPS escalon_core absl::time)\n",
    "common/domain/case.h": '#pragma once\n#include <chrono>\n#include <vector>\n#include "common/core/ids.h"\n',
    "common/domain/case.cc": '#include "common/domain/case.h"\n',
    "common/ports/CMakeLists.txt": "escalon_room(ports DEPS escalon_domain)\n",
    "common/ports/case_log.h": '#pragma once\n#include "common/domain/case.h"\n',
    "common/runtime/CMakeLists.txt": "escalon_room(runtime DEPS escalon_core)\n",
    "common/runtime/loop.h": '#pragma once\n#include <thread>\n#include "common/core/ids.h"\n',
    "common/runtime/system_clock.cc": "#include <chrono>\nauto Now() { return std::chrono::system_clock::now(); }\n"
    '#include "common/core/ids.h"\n',
    "common/log/CMakeLists.txt": "escalon_room(log DEPS escalon_ports escalon_runtime\n"
    "  PRIVATE escalon_proto PkgConfig::RDKAFKA)  # the Kafka room\n",
    "common/log/reader.h": '#pragma once\n#include "common/ports/case_log.h"\n#include "common/runtime/loop.h"\n',
    "common/log/reader.cc": '#include <librdkafka/rdkafka.h>\n#include "common/log/reader.h"\n'
    '#include "escalon/log/v1/record.pb.h"\n',
    "common/view/CMakeLists.txt": "escalon_room(view DEPS escalon_ports PRIVATE PkgConfig::HIREDIS)\n",
    "common/view/view.cc": '#include <hiredis/hiredis.h>\n#include "common/ports/case_log.h"\n',
    "common/wire/CMakeLists.txt": "escalon_room(wire DEPS escalon_domain escalon_proto)\n",
    "common/wire/codec.cc": '#include "common/domain/case.h"\n#include "escalon/case/v1/case.pb.h"\n',
    "services/intake/CMakeLists.txt": "escalon_room(intake DEPS escalon_log escalon_proto gRPC::grpc++)\n",
    "services/intake/app.h": '#pragma once\n#include "common/log/reader.h"\n',
    "services/intake/case_service.cc": '#include <grpcpp/grpcpp.h>\n#include "escalon/case/v1/case.grpc.pb.h"\n'
    '#include "services/intake/app.h"\n',
    "services/intake/main.cc": '#include "services/intake/app.h"\nint main() {}\n',
    "services/triage/CMakeLists.txt": "escalon_service(triage DEPS escalon_domain)\n",
    "services/triage/score.cc": '#include "common/domain/case.h"\n',
    "tests/unit/core/ids_test.cc": "#include <thread>\nvoid F() { std::this_thread::sleep_for(x); }\n",
    "scripts/thing": '#!/usr/bin/env bash\nmktemp -d "${TMPDIR:-/tmp}/x.XXXX"\n',
}

CASE = "common/domain/case.cc"
LOOP = "common/runtime/loop.h"
HEAD = '#pragma once\n#include "common/core/ids.h"\n'

# name: (files, "path:line: [rule]" of every finding)
BAD = {
    "core knows domain": (
        {"common/core/bad.h": '#pragma once\n#include "common/domain/case.h"\n'},
        ["common/core/bad.h:2: [include]"],
    ),
    "core shows openssl": (
        {"common/core/bad.h": "#pragma once\n#include <openssl/evp.h>\n"},
        ["common/core/bad.h:2: [library]"],
    ),
    "core opens a socket": (
        {"common/core/bad.h": "#pragma once\n#include <sys/socket.h>\n"},
        ["common/core/bad.h:2: [pure]"],
    ),
    "domain knows ports": ({CASE: '#include "common/ports/case_log.h"\n'}, [f"{CASE}:1: [include]"]),
    "domain knows runtime": ({CASE: '\n#include "common/runtime/loop.h"\n'}, [f"{CASE}:2: [include]"]),
    "domain starts a thread": ({CASE: "#include <thread>\n"}, [f"{CASE}:1: [pure]"]),
    "domain takes a lock": ({CASE: '#include "common/core/mutex.h"\n'}, [f"{CASE}:1: [pure]"]),
    "domain reads a file": ({CASE: "#include <fstream>\n"}, [f"{CASE}:1: [pure]"]),
    "domain logs": ({CASE: "#include <spdlog/spdlog.h>\n"}, [f"{CASE}:1: [library]"]),
    "domain uses other abseil": ({CASE: '#include "absl/synchronization/mutex.h"\n'}, [f"{CASE}:1: [library]"]),
    "domain sees generated types": ({CASE: '#include "escalon/case/v1/case.pb.h"\n'}, [f"{CASE}:1: [generated]"]),
    "runtime knows domain": ({LOOP: HEAD + '#include "common/domain/case.h"\n'}, [f"{LOOP}:3: [include]"]),
    "ports see an adapter": (
        {"common/ports/bad.h": '#pragma once\n#include "common/log/reader.h"\n'},
        ["common/ports/bad.h:2: [include]"],
    ),
    "view knows log": ({"common/view/bad.cc": '#include "common/log/reader.h"\n'}, ["common/view/bad.cc:1: [include]"]),
    "view speaks Kafka": (
        {"common/view/bad.cc": "#include <librdkafka/rdkafka.h>\n"},
        ["common/view/bad.cc:1: [library]"],
    ),
    "log speaks Redis": ({"common/log/bad.cc": "#include <hiredis/hiredis.h>\n"}, ["common/log/bad.cc:1: [library]"]),
    "a service speaks Kafka": (
        {"services/triage/bad.cc": "#include <librdkafka/rdkafka.h>\n"},
        ["services/triage/bad.cc:1: [library]"],
    ),
    "log sees more than its envelope": (
        {"common/log/bad.cc": '#include "escalon/case/v1/case.pb.h"\n'},
        ["common/log/bad.cc:1: [generated]"],
    ),
    "wire calls somebody": (
        {"common/wire/bad.cc": '#include "escalon/case/v1/case.grpc.pb.h"\n'},
        ["common/wire/bad.cc:1: [generated]"],
    ),
    "generated types deep in a service": (
        {"services/intake/score.cc": '#include "escalon/case/v1/case.pb.h"\n'},
        ["services/intake/score.cc:1: [generated]"],
    ),
    "a service knows another": (
        {"services/triage/bad.cc": '#include "services/intake/app.h"\n'},
        ["services/triage/bad.cc:1: [include]"],
    ),
    "common knows a service": (
        {"common/log/bad.cc": '#include "services/intake/app.h"\n'},
        ["common/log/bad.cc:1: [include]"],
    ),
    "product includes a test": (
        {"services/triage/bad.cc": '#include "tests/support/fake.h"\n'},
        ["services/triage/bad.cc:1: [include]"],
    ),
    "an include by its bare name": ({CASE: '#include "case.h"\n'}, [f"{CASE}:1: [include]"]),
    "an include that is not there": ({CASE: '#include "common/domain/gone.h"\n'}, [f"{CASE}:1: [include]"]),
    "a room used without a link": (
        {"services/triage/bad.cc": '#include "common/ports/case_log.h"\n'},
        ["services/triage/bad.cc:1: [unlinked]"],
    ),
    "a library used without a link": (
        {"services/triage/bad.cc": "#include <nlohmann/json.hpp>\n"},
        ["services/triage/bad.cc:1: [unlinked]"],
    ),
    "generated types without a link": (
        {"services/triage/triage_service.cc": '#include "escalon/case/v1/case.pb.h"\n'},
        ["services/triage/triage_service.cc:1: [unlinked]"],
    ),
    "a forbidden link": (
        {"common/domain/CMakeLists.txt": "#\nescalon_room(domain DEPS escalon_core escalon_runtime absl::time)\n"},
        ["common/domain/CMakeLists.txt:2: [link]", "common/domain/CMakeLists.txt:2: [unused]"],
    ),
    "domain links generated code": (
        {"common/domain/CMakeLists.txt": "escalon_room(domain DEPS escalon_core escalon_proto)\n"},
        ["common/domain/CMakeLists.txt:1: [link]", "common/domain/CMakeLists.txt:1: [unused]"],
    ),
    "a link to another service": (
        {"services/triage/CMakeLists.txt": "escalon_room(triage DEPS escalon_domain escalon_intake)\n"},
        ["services/triage/CMakeLists.txt:1: [link]", "services/triage/CMakeLists.txt:1: [unused]"],
    ),
    "a link nobody needs": (
        {"services/triage/CMakeLists.txt": "escalon_room(triage\n  DEPS escalon_domain escalon_log)\n"},
        ["services/triage/CMakeLists.txt:1: [unused]"],
    ),
    "a link to nothing": (
        {"services/triage/CMakeLists.txt": "escalon_room(triage DEPS escalon_domain escalon_gone)\n"},
        ["services/triage/CMakeLists.txt:1: [cmake]", "services/triage/CMakeLists.txt:1: [unused]"],
    ),
    "a room nobody knows": (
        {"common/magic/CMakeLists.txt": "escalon_room(magic DEPS escalon_core)\n"},
        ["common/magic/CMakeLists.txt:1: [room]"],
    ),
    "code without a room": ({"common/lost/a.h": "#pragma once\n"}, ["common/lost/a.h:1: [room]"]),
    "a wall clock": ({CASE: "\nauto t = std::chrono::system_clock::now();\n"}, [f"{CASE}:2: [clock]"]),
    "a steady clock through a using": ({CASE: "auto t = steady_clock :: now();\n"}, [f"{CASE}:1: [clock]"]),
    "an Abseil clock": ({CASE: "auto t = absl::Now();\n"}, [f"{CASE}:1: [clock]"]),
    "time of C": (
        {CASE: "auto t = time(nullptr);\nauto u = std::time(nullptr);\n"},
        [f"{CASE}:1: [clock]", f"{CASE}:2: [clock]"],
    ),
    "time of day": ({CASE: "gettimeofday(&tv, nullptr);\n"}, [f"{CASE}:1: [clock]"]),
    "a clock after a string with a quote": ({CASE: 'F("\\""); absl::Now();\n'}, [f"{CASE}:1: [clock]"]),
    "a clock after a digit separator": ({CASE: "int a = 1'000; absl::Now(); int b = 2'000;\n"}, [f"{CASE}:1: [clock]"]),
    "a sleep": ({CASE: "std::this_thread::sleep_for(1s);\n"}, [f"{CASE}:1: [sleep]"]),
    "a sleep of C": ({CASE: "usleep(5);\n"}, [f"{CASE}:1: [sleep]"]),
    "a header without a guard": ({"common/domain/bad.h": "int x;\n"}, ["common/domain/bad.h:1: [guard]"]),
    "a folder called utils": ({"common/domain/utils/a.h": "#pragma once\n"}, ["common/domain/utils/a.h:1: [grab-bag]"]),
    "a long file": ({CASE: "\n" * 601}, [f"{CASE}:601: [length]"]),
    "a long script": ({"scripts/long": "#!/bin/sh\n" + ":\n" * 600}, ["scripts/long:601: [length]"]),
    "a long main": ({"services/intake/main.cc": "\n" * 21}, ["services/intake/main.cc:21: [main]"]),
    "a path of one machine": (
        {"scripts/thing": "#!/bin/sh\ncd /home/someone\n", "docs/a.md": "see /work/x\n", "common/a.txt": "/tmp/x\n"},
        ["common/a.txt:1: [machine]", "docs/a.md:1: [machine]", "scripts/thing:2: [machine]"],
    ),
}

NEAR_MISSES = {
    "the good tree": {},
    "clocks and sleeps in words": {
        CASE: '// never absl::Now() here\n/* sleep_for(1s)\n usleep(1) */\nauto s = "time(nullptr)";\n'
        'auto r = R"(absl::Now())";\n'
    },
    "other things called time": {
        CASE: "case.time(0);\nvoid set_time(int);\nint uptime(nullptr_t);\nabsl::time_internal::x();\nNowMs();\n"
    },
    "a library spelt out": {
        "services/routing/CMakeLists.txt": "file(GLOB sources */*.cc)\nadd_library(escalon_routing STATIC ${sources})\n"
        "target_link_libraries(escalon_routing PUBLIC escalon_ports PRIVATE escalon_options)\n",
        "services/routing/keeper/shard.cc": '#include "common/ports/case_log.h"\n',
    },
    "generated types of Google's own": {"common/wire/status.cc": '#include "google/rpc/status.pb.h"\n'},
    "a service with a dash in its name": {
        "services/sla-timer/CMakeLists.txt": "escalon_service(sla-timer DEPS escalon_domain)\n",
        "services/sla-timer/wheel/wheel.cc": '#include "common/domain/case.h"\n',
    },
    "a nested room": {
        "services/routing/CMakeLists.txt": "escalon_room(routing DEPS escalon_routing_keeper)\n",
        "services/routing/app.cc": '#include "services/routing/keeper/shard.h"\n',
        "services/routing/keeper/CMakeLists.txt": "escalon_room(routing_keeper DEPS escalon_ports)\n",
        "services/routing/keeper/shard.h": '#pragma once\n#include "common/ports/case_log.h"\n',
    },
    "a file of exactly 600 lines": {CASE: "\n" * 600},
    "a private folder for temporary files": {"scripts/thing": '#!/bin/sh\ncd "${TMPDIR:-/tmp}/x"\n'},
    "build products are not looked at": {"build/ci/gen/bad.h": "absl::Now();\n", ".cache/x/utils/a.h": "\n"},
}


class CheckRooms(unittest.TestCase):
    def findings(self, changes):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**GOOD, **changes}.items():
                file = Path(root, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            run = subprocess.run([sys.executable, "-B", CHECKER, root], capture_output=True, text=True, check=False)
        self.assertEqual(run.stderr, "")
        self.assertEqual(run.returncode, 1 if run.stdout else 0)
        return run.stdout.splitlines()

    def test_bad_samples_are_named_with_rule_and_line(self):
        for name, (changes, expected) in BAD.items():
            with self.subTest(name):
                found = self.findings(changes)
                for line in found:
                    self.assertRegex(
                        line, r"^\S+:\d+: \[[a-z-]+\] .{20,}$", "a finding says what is wrong and what to do"
                    )
                # Other findings on the same files may follow (an emptied file no longer uses its links), so compare
                # what the sample is about and require the rest to be of that kind.
                seen = [line.partition("] ")[0] + "]" for line in found]
                rest = [line for line in seen if line not in expected and not line.endswith(": [unused]")]
                self.assertEqual([line for line in expected if line not in seen], [], found)
                self.assertEqual(rest, [], found)

    def test_near_misses_pass(self):
        for name, changes in NEAR_MISSES.items():
            with self.subTest(name):
                found = [line for line in self.findings(changes) if "[unused]" not in line or not changes]
                self.assertEqual(found, [])

    def test_a_folder_that_is_no_repository_is_misuse(self):
        with tempfile.TemporaryDirectory() as root:
            run = subprocess.run([sys.executable, "-B", CHECKER, root], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 2)
        self.assertIn("no folder 'common'", run.stderr)

    def test_the_rules_can_be_read(self):
        run = subprocess.run([sys.executable, "-B", CHECKER, "--rules"], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0)
        self.assertIn("common/domain", run.stdout)


if __name__ == "__main__":
    unittest.main()
