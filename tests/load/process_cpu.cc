#include "tests/load/process_cpu.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

namespace escalon::load {

double CpuSecondsOf(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(in, line);
  // The name may hold blanks and brackets; behind the last bracket fields are plain. User time is the 14th, system the
  // 15th.
  const size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

int64_t ResidentBytesOf(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/statm");
  int64_t size = 0, resident = 0;
  in >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

MachineCpu ReadMachineCpu() {
  std::ifstream in("/proc/stat");
  std::string name;
  in >> name;
  MachineCpu out;
  constexpr int kFields = 8, kIdle = 3, kIoWait = 4;
  for (int i = 0; i < kFields; ++i) {
    double ticks = 0;
    in >> ticks;
    out.total += ticks;
    if (i != kIdle && i != kIoWait) out.busy += ticks;
  }
  out.busy /= static_cast<double>(sysconf(_SC_CLK_TCK));
  out.total /= static_cast<double>(sysconf(_SC_CLK_TCK));
  return out;
}

int Cores() { return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)); }

double LoadAverage() {
  double one = 0;
  std::ifstream("/proc/loadavg") >> one;
  return one;
}

}  // namespace escalon::load
