#!/usr/bin/env python3
"""Proves that knowledge flows in one direction: what each room includes, links and reads.

  scripts/check_rooms.py [ROOT]      check the tree (default: the repository of this script)
  scripts/check_rooms.py --rules     print the rules by room

A room is a folder with an escalon_room(...) or escalon_service(...) line: one duty, one static library. The compiler
cannot see everything that matters here (headers of librdkafka and hiredis lie on the system path, a clock can be read
anywhere), so this does.
Prints one finding a line as file:line: [rule] what is wrong; what to do. Exit 0 without findings, 1 with, 2 on misuse.
"""

import dataclasses
import re
import sys
from pathlib import Path

MAX_LINES = 600
MAX_MAIN_LINES = 20
SERVICES = ("intake", "triage", "routing", "notification", "sla-timer")
CLOCK_FILE = "common/runtime/system_clock.cc"


@dataclasses.dataclass(frozen=True)
class Rule:
    """What the files of one room may include."""

    rooms: tuple[str, ...] = ()  # rooms of common, beside itself
    libraries: tuple[str, ...] = ()  # prefixes of third-party headers, anywhere in the room
    hidden: tuple[str, ...] = ()  # third-party prefixes in its .cc files only
    generated: tuple[str, ...] = ()  # prefixes of generated headers
    pure: bool = False  # of the C++ library only what neither waits, reads nor writes


ADAPTER = ("ports", "domain", "core", "runtime")
RULES = {
    "core": Rule(libraries=("absl/",), hidden=("openssl/",)),
    "domain": Rule(rooms=("core",), libraries=("absl/time/", "absl/strings/", "absl/numeric/"), pure=True),
    "simulation": Rule(rooms=("domain", "core"), pure=True),
    "calc": Rule(rooms=("domain", "core"), libraries=("absl/",), hidden=("nlohmann/",), pure=True),
    "kpi": Rule(rooms=("domain", "core"), pure=True),
    "history": Rule(rooms=("simulation", "domain", "core"), libraries=("absl/",), hidden=("lzma.h", "nlohmann/")),
    "ports": Rule(rooms=("domain", "core"), libraries=("absl/",)),
    "security": Rule(rooms=("core",), libraries=("absl/",), hidden=("openssl/", "yaml-cpp/", "nlohmann/")),
    "access": Rule(rooms=("domain", "core", "security"), pure=True),
    "icalendar": Rule(rooms=("domain", "core"), libraries=("libical/",)),
    "documents": Rule(rooms=("domain", "core", "icalendar"), libraries=("absl/",), hidden=("yaml-cpp/", "nlohmann/")),
    "runtime": Rule(
        rooms=("core",),
        libraries=("absl/", "prometheus/", "spdlog/", "fmt/"),
        hidden=("CLI/", "nlohmann/", "yaml-cpp/", "civetweb.h"),
    ),
    "wire": Rule(
        rooms=("ports", "domain", "core", "security"), libraries=("absl/", "google/"), generated=("escalon/",)
    ),
    "log": Rule(
        rooms=ADAPTER,
        libraries=("absl/", "librdkafka/"),
        hidden=("google/protobuf/", "nlohmann/"),
        generated=("escalon/log/",),
    ),
    "view": Rule(rooms=ADAPTER, libraries=("absl/", "hiredis/"), hidden=("openssl/",)),
    "http": Rule(
        rooms=(*ADAPTER, "security"), libraries=("absl/", "boost/", "curl/", "nlohmann/"), hidden=("openssl/",)
    ),
    "rpc": Rule(
        rooms=(*ADAPTER, "security", "wire"),
        libraries=("absl/", "grpc/", "grpcpp/", "google/"),
        generated=("escalon/",),
    ),
    # A policy in use before it is in force.
    "rehearsal": Rule(rooms=("simulation", "domain", "core"), pure=True),
    "explanation": Rule(rooms=("domain", "core")),
    # Above the adapters: what several services compose in the same way.
    "service": Rule(rooms=("core", "runtime", "http", "rpc", "security"), libraries=("absl/",)),
    "cluster": Rule(rooms=(*ADAPTER, "service", "log", "view", "rpc", "security", "wire"), libraries=("absl/",)),
    "rules": Rule(rooms=(*ADAPTER, "documents", "rehearsal", "log", "wire"), libraries=("absl/",)),
}
# A service may use all of common; its third-party headers are those of its own trade.
SERVICE = Rule(
    rooms=tuple(RULES),
    libraries=("absl/", "boost/", "fmt/", "google/", "grpc/", "grpcpp/", "nlohmann/", "prometheus/", "spdlog/"),
    hidden=("CLI/", "curl/", "openssl/", "yaml-cpp/"),
    generated=("escalon/",),
)
# In a service generated types stop at the classes that speak gRPC; these names mark them.
GRPC_CLASS = re.compile(r"(^|_)(grpc|rpc|service|client|gateway)(_|\.|$)")

# Headers of core that a pure room may not include: they are for rooms that have threads.
OF_THREADS = frozenset({"common/core/mutex.h"})

# What stands outside the rules, each with its reason.
EXCEPTIONS = {
    ("common/domain/window_index.h", "<atomic>"): "a memo of pure results, built once and shared by threads",
    ("common/domain/window_index.h", "common/core/mutex.h"): "the same",
}

# Libraries of generated code: messages, and the services above them.
GENERATED = frozenset({"escalon_messages", "escalon_proto"})

# Which target brings which header: a room that includes it has to link it.
TARGET_OF = {
    "absl/": "absl::",
    "boost/": "Boost::",
    "CLI/": "CLI11::CLI11",
    "curl/": "CURL::libcurl",
    "fmt/": "fmt::fmt|spdlog::spdlog",
    "google/": "protobuf::|escalon_messages|escalon_proto|gRPC::",
    "grpc/": "gRPC::|escalon_proto",
    "grpcpp/": "gRPC::|escalon_proto",
    "hiredis/": "PkgConfig::HIREDIS",
    "libical/": "PkgConfig::LIBICAL",
    "librdkafka/": "PkgConfig::RDKAFKA",
    "nlohmann/": "nlohmann_json::nlohmann_json",
    "openssl/": "OpenSSL::",
    "prometheus/": "prometheus-cpp::",
    "spdlog/": "spdlog::spdlog",
    "yaml-cpp/": "yaml-cpp",
}

PURE_STANDARD = frozenset(
    """algorithm any array bit bitset cassert cctype cerrno charconv cinttypes climits cmath compare concepts cstddef
    cstdint cstdio cstdlib cstring deque exception expected functional initializer_list iterator limits list map memory
    memory_resource new numbers numeric optional queue ranges ratio set source_location span stack stdexcept string
    string_view tuple type_traits typeinfo typeindex unordered_map unordered_set utility variant vector version
    chrono""".split()
)

CLOCK_READ = re.compile(
    r"\b(?:system_clock|steady_clock|high_resolution_clock|utc_clock|file_clock)\s*::\s*now\b"
    r"|\babsl\s*::\s*(?:Now|GetCurrentTimeNanos)\b|\b(?:gettimeofday|clock_gettime|timespec_get|ftime)\s*\("
    r"|(?<![\w.>:])(?:std\s*::\s*)?time\s*\(\s*(?:nullptr|NULL|0|&\w+)\s*\)"
)
SLEEP = re.compile(r"\bsleep_(?:for|until)\s*\(|\babsl\s*::\s*SleepFor\b|(?<![\w.>])(?:u|nano|clock_nano)?sleep\s*\(")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
MACHINE_PATH = re.compile(r"(?<![\w.$}-])/(?:work|root|home)/\w|(?<![\w.:}-])/tmp/\w")
GRAB_BAG = re.compile(r"^(utils?|helpers?|misc|stuff)$")
SKIPPED_FOLDERS = frozenset((".git", ".cache", "build", "node_modules", "__pycache__"))


@dataclasses.dataclass(frozen=True)
class Finding:
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: [{self.rule}] {self.text}"


@dataclasses.dataclass(frozen=True)
class Room:
    """One escalon_room(...) line."""

    name: str
    folder: str
    line: int
    public: tuple[str, ...]
    private: tuple[str, ...]


def code_of(text):
    """The text with comments and literals blanked, line numbers kept."""
    pattern = re.compile(
        r'R"([^(\s]{0,16})\(.*?\)\1"|//[^\n]*|/\*.*?\*/'
        r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
        re.S,
    )
    return pattern.sub(lambda match: '""' + "\n" * match.group().count("\n"), text)


def cmake_calls(text, function):
    """(line, arguments) of every call of one CMake function; comments are ignored."""
    text = re.sub(r"#[^\n]*", "", text)
    for match in re.finditer(rf"\b{function}\s*\(([^)]*)\)", text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1).split()


def sections(arguments, keywords):
    """CMake's keyword arguments: {"": positional, keyword: values}."""
    result, current = {"": []}, ""
    for argument in arguments:
        if argument in keywords:
            current = argument
            result.setdefault(current, [])
        else:
            result[current].append(argument)
    return result


class Tree:
    def __init__(self, root):
        self.root = Path(root)
        self.findings = []
        self.homeless = set()
        self.files = sorted(self._walk(self.root))
        self.rooms = {}
        self._read_rooms()

    def _walk(self, folder):
        for path in folder.iterdir():
            if path.is_symlink():
                continue
            if path.is_dir():
                if path.name not in SKIPPED_FOLDERS:
                    yield from self._walk(path)
            else:
                yield path.relative_to(self.root).as_posix()

    def text(self, path):
        try:
            return (self.root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return ""

    def report(self, path, line, rule, text):
        self.findings.append(Finding(path, line, rule, text))

    def _read_rooms(self):
        for path in self.files:
            if not path.endswith("CMakeLists.txt") or not path.startswith(("common/", "services/")):
                continue
            folder = path.rpartition("/")[0]
            text = self.text(path)
            for function in ("escalon_room", "escalon_service"):
                for line, arguments in cmake_calls(text, function):
                    parts = sections(arguments, ("DEPS", "PRIVATE"))
                    if not parts[""]:
                        self.report(path, line, "cmake", f"{function} without a name; write {function}(NAME DEPS ...)")
                        continue
                    name = parts[""][0].replace("-", "_")
                    room = Room(name, folder, line, tuple(parts.get("DEPS", ())), tuple(parts.get("PRIVATE", ())))
                    self.rooms[name] = room
            # A library with sources in several folders is spelt out.
            for line, arguments in cmake_calls(text, "target_link_libraries"):
                parts = sections(arguments, ("PUBLIC", "PRIVATE", "INTERFACE"))
                name = parts[""][0] if parts[""] else ""
                if name.startswith("escalon_") and re.search(rf"add_library\s*\(\s*{re.escape(name)}\s", text):
                    public = (*parts.get("PUBLIC", ()), *parts.get("INTERFACE", ()))
                    room = Room(name.removeprefix("escalon_"), folder, line, public, tuple(parts.get("PRIVATE", ())))
                    self.rooms[room.name] = room

    def room_of(self, path):
        """The room with the deepest folder around a file."""
        around = [room for room in self.rooms.values() if path.startswith(room.folder + "/")]
        return max(around, key=lambda room: len(room.folder), default=None)

    def links(self, room):
        """Everything a room's sources can see: its own links, and what those links publish."""
        seen, pending = set(), [*room.public, *room.private]
        while pending:
            target = pending.pop()
            if target in seen:
                continue
            seen.add(target)
            linked = self.rooms.get(target.removeprefix("escalon_")) if target.startswith("escalon_") else None
            if linked:
                pending.extend(linked.public)
        return seen

    def check(self):
        for room in self.rooms.values():
            self.check_room(room)
        for path in self.files:
            self.check_file(path)
        return sorted(self.findings, key=lambda finding: (finding.path, finding.line, finding.rule))

    # What a room links.

    def check_room(self, room):
        cmake = room.folder + "/CMakeLists.txt"
        top, _, rest = room.folder.partition("/")
        if top == "common":
            if rest not in RULES:
                self.report(cmake, room.line, "room", f"'{rest}' has no rule; add one to scripts/check_rooms.py")
                return
            allowed = set(RULES[rest].rooms)
        else:
            allowed = set(RULES)
        for target in (*room.public, *room.private):
            if not target.startswith("escalon_") or target in GENERATED | {"escalon_options"}:
                continue
            other = self.rooms.get(target.removeprefix("escalon_"))
            if other is None:
                self.report(cmake, room.line, "cmake", f"links {target}, which is no room; drop it or add the room")
            elif other.folder.startswith("services/"):
                if self._service(other.folder) != self._service(room.folder):
                    self.report(cmake, room.line, "link", f"links {target}, another service; share through common")
            elif other.folder.partition("/")[2] not in allowed:
                self.report(cmake, room.line, "link", f"links {target}, which {room.folder} may not know; see --rules")
        for target in GENERATED.intersection((*room.public, *room.private)):
            if top == "common" and not RULES[rest].generated:
                self.report(cmake, room.line, "link", f"links {target}; generated types stop at common/wire")
        self.check_use(room, cmake)

    def check_use(self, room, cmake):
        sources = [path for path in self.files if path.endswith((".h", ".cc")) and self.room_of(path) == room]
        if not any(path.endswith(".cc") for path in sources):
            return
        used = set()
        for path in sources:
            for _, _, name in self.includes(path):
                other = self.room_of(name)
                if other:
                    used.add("escalon_" + other.name)
                if name.endswith(".pb.h") or name.startswith(("grpcpp/", "google/protobuf/")):
                    used.update(GENERATED)
        for target in (*room.public, *room.private):
            if target.startswith("escalon_") and target != "escalon_options" and target not in used:
                self.report(cmake, room.line, "unused", f"links {target} and includes nothing of it; drop the link")

    @staticmethod
    def _service(folder):
        return folder.split("/")[1] if folder.startswith("services/") and "/" in folder else ""

    # What a file says.

    def includes(self, path):
        for number, line in enumerate(self.text(path).splitlines(), 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match.group(1), match.group(2)

    def check_file(self, path):
        parts = path.split("/")
        for folder in parts[:-1]:
            if GRAB_BAG.match(folder):
                self.report(path, 1, "grab-bag", f"folder '{folder}' says nothing of its duty; name what it is for")
        text = self.text(path)
        lines = text.splitlines()
        script = not Path(path).suffix and text.startswith("#!")
        if (path.endswith((".h", ".cc", ".py", ".sh")) or script) and len(lines) > MAX_LINES:
            self.report(path, len(lines), "length", f"{len(lines)} lines, at most {MAX_LINES}; split it by duty")
        if len(parts) == 3 and parts[0] == "services" and parts[1] in SERVICES and parts[2] == "main.cc":
            if len(lines) > MAX_MAIN_LINES:
                self.report(path, len(lines), "main", f"{len(lines)} lines, at most {MAX_MAIN_LINES}; main only wires")
        if not path.startswith("tests/rooms/") and path != "scripts/check_rooms.py":
            for number, line in enumerate(lines, 1):
                if MACHINE_PATH.search(line):
                    self.report(path, number, "machine", "names a path of one machine; take it from an option")
        if path.endswith(".h") and parts[0] in ("common", "services", "tests") and "#pragma once" not in text:
            self.report(path, 1, "guard", "a header without #pragma once; add it")
        if path.endswith((".h", ".cc")) and parts[0] in ("common", "services"):
            self.check_code(path, text)
            self.check_includes(path)

    def check_code(self, path, text):
        for number, line in enumerate(code_of(text).splitlines(), 1):
            if path != CLOCK_FILE and CLOCK_READ.search(line):
                self.report(path, number, "clock", f"reads a real clock; take `now` or a Clock ({CLOCK_FILE} reads)")
            if SLEEP.search(line):
                self.report(path, number, "sleep", "sleeps; wait for the event, or arm a timer of the event loop")

    def check_includes(self, path):
        room = self.room_of(path)
        top, name = path.split("/")[:2]
        if room is None:
            if path.count("/") > 1 and not path.endswith("/main.cc") and self._where(path) not in self.homeless:
                self.homeless.add(self._where(path))
                self.report(path, 1, "room", "belongs to no room; add escalon_room(...) to its CMakeLists.txt")
            rule = SERVICE if top == "services" else Rule()
            links = None
        else:
            rule = SERVICE if top == "services" else RULES.get(name, Rule())
            links = self.links(room)
        for number, quote, include in self.includes(path):
            self.check_include(path, number, quote, include, room, rule, links)

    def check_include(self, path, number, quote, include, room, rule, links):
        top, _, rest = include.partition("/")
        if include.endswith(".pb.h") and top == "escalon":
            self.check_generated(path, number, include, rule, links)
        elif top == "tests":
            self.report(path, number, "include", f"product code includes {include} of the tests; move it to its room")
        elif top == "services":
            if self._service(include) != self._service(path):
                self.report(path, number, "include", f"includes {include} of another service; share through common")
            else:
                self.check_linked(path, number, include, room, links)
        elif top == "common":
            other = rest.partition("/")[0]
            own = path.split("/")[1] if path.startswith("common/") else ""
            if other != own and other not in rule.rooms:
                self.report(path, number, "include", f"includes {include}, but {self._where(path)} may not know it")
            elif rule.pure and include in OF_THREADS and (path, include) not in EXCEPTIONS:
                self.report(path, number, "pure", f"includes {include}; this room neither waits, reads nor writes")
            else:
                self.check_linked(path, number, include, room, links)
        elif "/" not in include and quote == '"':
            self.report(path, number, "include", f'includes "{include}"; write its path from the root of all')
        else:
            self.check_library(path, number, include, rule, links)

    @staticmethod
    def _where(path):
        return "/".join(path.split("/")[:2])

    def check_linked(self, path, number, include, room, links):
        other = self.room_of(include)
        if not (self.root / include).is_file():
            self.report(path, number, "include", f"includes {include}, which is not there")
        elif room and other and other != room and "escalon_" + other.name not in links:
            self.report(
                path,
                number,
                "unlinked",
                f"includes {include}, but {room.folder}/CMakeLists.txt does not link escalon_{other.name}",
            )

    def check_generated(self, path, number, include, rule, links):
        if not include.startswith(rule.generated or ("\0",)):
            self.report(path, number, "generated", f"includes {include}; generated types stop at common/wire")
        elif path.startswith("services/") and not GRPC_CLASS.search(Path(path).name):
            self.report(
                path,
                number,
                "generated",
                f"includes {include}; in a service only gRPC classes may "
                "(file names with grpc, service, client or gateway)",
            )
        elif path.startswith("common/wire/") and include.endswith(".grpc.pb.h"):
            self.report(path, number, "generated", f"includes {include}; wire translates messages and calls nobody")
        elif links is not None and not GENERATED.intersection(links):
            self.report(path, number, "unlinked", f"includes {include}, but its room does not link escalon_messages")

    def check_library(self, path, number, include, rule, links):
        if "/" not in include and not include.endswith(".h"):
            if rule.pure and include not in PURE_STANDARD and (path, f"<{include}>") not in EXCEPTIONS:
                self.report(path, number, "pure", f"includes <{include}>; this room neither waits, reads nor writes")
            return
        allowed = rule.libraries + (rule.hidden if path.endswith(".cc") else ())
        prefix = next((known for known in TARGET_OF if include.startswith(known)), None)
        if prefix is None and not include.startswith(allowed or ("\0",)):
            # Headers of the system: sockets, signals, files.
            if rule.pure or self._where(path) in ("common/core", "common/ports"):
                self.report(path, number, "pure", f"includes <{include}>; this room neither waits, reads nor writes")
            return
        if not include.startswith(allowed or ("\0",)):
            hint = "; only its .cc files may" if include.startswith(rule.hidden or ("\0",)) else ""
            self.report(path, number, "library", f"includes <{include}>, which {self._where(path)} may not know{hint}")
        elif prefix and links is not None:
            wanted = TARGET_OF[prefix].split("|")
            if not any(target.startswith(tuple(wanted)) for target in links):
                self.report(path, number, "unlinked", f"includes <{include}>, but its room does not link {wanted[0]}")


def print_rules():
    for name, rule in (*((f"common/{name}", rule) for name, rule in RULES.items()), ("services/<name>", SERVICE)):
        print(f"{name:18} rooms: {', '.join(rule.rooms) or '-'}")
        print(f"{'':18} libraries: {', '.join(rule.libraries) or '-'}; in .cc also: {', '.join(rule.hidden) or '-'}")
        print(f"{'':18} generated: {', '.join(rule.generated) or '-'}{'; pure' if rule.pure else ''}")


def main(arguments):
    if arguments == ["--rules"]:
        print_rules()
        return 0
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        print(__doc__)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    if not (root / "common").is_dir():
        print(f"check_rooms: {root} has no folder 'common'; name the root of the repository", file=sys.stderr)
        return 2
    findings = Tree(root).check()
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
