#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/core/result.h"
#include "escalon/submission/v1/submission.pb.h"
#include "tests/load/process_cpu.h"

namespace escalon::load {

/// `name=pid` items, this process first.
Result<std::vector<std::pair<std::string, pid_t>>> ProcessesOf(const std::vector<std::string>& items);

/// CPU time of some processes and of the machine, between two instants.
class CpuMeter {
 public:
  explicit CpuMeter(std::vector<std::pair<std::string, pid_t>> processes) : processes_(std::move(processes)) {}
  void Begin();
  void End();
  std::map<std::string, double> Seconds() const;
  double SumSeconds() const;
  /// By name, as of now.
  std::map<std::string, int64_t> ResidentBytes() const;
  double MachineSeconds() const { return end_machine_.busy - begin_machine_.busy; }

 private:
  std::vector<double> Read() const;
  const std::vector<std::pair<std::string, pid_t>> processes_;
  std::vector<double> begin_, end_;
  MachineCpu begin_machine_, end_machine_;
};

/// What every case of the benchmarks is: texts of ordinary length, the same but for its key.
submission::v1::Submission BenchSubmission();

double PercentileMs(std::vector<int64_t> us, double share);

}  // namespace escalon::load
