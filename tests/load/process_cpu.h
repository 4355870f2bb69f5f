#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

namespace escalon::load {

/// User and system time of a process so far, in seconds; 0 when it is gone.
double CpuSecondsOf(pid_t pid);

/// What of a process is in memory now, in bytes; 0 when it is gone.
int64_t ResidentBytesOf(pid_t pid);

struct MachineCpu {
  double busy = 0, total = 0;  ///< seconds, over all cores
};
MachineCpu ReadMachineCpu();
int Cores();
double LoadAverage();

}  // namespace escalon::load
