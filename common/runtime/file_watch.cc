#include "common/runtime/file_watch.h"

#include <sys/stat.h>

namespace escalon::runtime {

FileWatch::FileWatch(const Clock& machine_clock, Logger log, Metrics& metrics)
    : log_(std::move(log)), metrics_(metrics), thread_("file-watch", machine_clock) {}

FileWatch::~FileWatch() { Stop(); }

FileWatch::Mark FileWatch::MarkOf(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return {};
  return {found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec, found.st_size, found.st_ino};
}

void FileWatch::Add(const std::string& name, std::string path, std::function<Status()> reload) {
  constexpr char kReloads[] = "escalon_file_reloads_total";
  constexpr char kReloadsHelp[] = "Changed files that were read again, by whether they were taken.";
  const Mark now = MarkOf(path);
  files_.push_back({.name = name,
                    .path = std::move(path),
                    .reload = std::move(reload),
                    .read = now,
                    .done = metrics_.AddCounter(kReloads, kReloadsHelp, {{"file", name}, {"result", "taken"}}),
                    .refused = metrics_.AddCounter(kReloads, kReloadsHelp, {{"file", name}, {"result", "refused"}}),
                    .stale = metrics_.AddGauge(
                        "escalon_file_stale",
                        "1 while a file's last change is refused and its former content in force.", {{"file", name}})});
}

void FileWatch::Start() {
  thread_.loop().After(kLookEveryMs, [this] { Again(); });
  thread_.Start();
}

void FileWatch::Stop() { thread_.Stop(); }

void FileWatch::Again() {
  Look();
  thread_.loop().After(kLookEveryMs, [this] { Again(); });
}

void FileWatch::Look() {
  for (File& file : files_) {
    // Before reading: a change while it is read is then seen at the next look.
    const Mark now = MarkOf(file.path);
    if (now == file.read) continue;
    const Status taken =
        now == Mark{} ? Status(Error{ErrorCode::kNotFound, file.path + " is not there"}) : file.reload();
    file.stale->Set(taken.ok() ? 0 : 1);
    if (taken.ok()) {
      file.read = now;
      file.done->Increment();
      log_.Info("a changed file is in force", {{"file", file.name}, {"path", file.path}});
    } else {
      file.refused->Increment();
      log_.Error("a changed file is refused; its former content stays in force",
                 {{"file", file.name}, {"path", file.path}, ErrorField(taken.error())});
    }
  }
}

}  // namespace escalon::runtime
