#include "common/runtime/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace escalon::runtime {
namespace {

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0, resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double EntriesOf(const char* directory) {
  std::error_code failure;
  double count = 0;
  for (std::filesystem::directory_iterator entry(directory, failure), end; !failure && entry != end;
       entry.increment(failure))
    ++count;
  return count;
}

}  // namespace

void AddProcessMetrics(Metrics& metrics, const BuildInfo& build, const Clock& clock) {
  metrics
      .AddGauge("escalon_build_info", "What runs; the value is always 1.",
                {{"version", build.version}, {"commit", build.commit}, {"compiler", build.compiler}})
      ->Set(1);
  metrics.AddGauge("process_start_time_seconds", "Start of the process, seconds since 1970 UTC.")
      ->Set(static_cast<double>(clock.WallMs()) / 1000);
  const CounterRef cpu = metrics.AddCounter("process_cpu_seconds_total", "CPU time used, user and system, seconds.");
  const GaugeRef resident = metrics.AddGauge("process_resident_memory_bytes", "Memory in RAM, bytes.");
  const GaugeRef open = metrics.AddGauge("process_open_fds", "Open file descriptors.");
  const GaugeRef most = metrics.AddGauge("process_max_fds", "The limit of open file descriptors.");
  const GaugeRef threads = metrics.AddGauge("process_threads", "Threads of the process.");
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  most->Set(static_cast<double>(limit.rlim_cur));
  metrics.OnScrape([=] {
    cpu->Increment(std::max(0.0, CpuSeconds() - cpu->Value()));
    resident->Set(ResidentBytes());
    open->Set(EntriesOf("/proc/self/fd") - 1);  // the listing holds one itself
    threads->Set(EntriesOf("/proc/self/task"));
  });
}

}  // namespace escalon::runtime
