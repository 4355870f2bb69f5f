#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "common/core/result.h"

namespace escalon::test {

/// A child process. `env` adds to our own environment; `output` gets stdout and stderr (empty: /dev/null).
Result<pid_t> Spawn(const std::vector<std::string>& argv, const std::map<std::string, std::string>& env = {},
                    const std::string& output = {});
/// Waits for a child of ours; its exit status, or 128 + signal.
int WaitFor(pid_t pid);

/// Runs to the end; what it wrote to stdout. An error bears what it wrote to stderr.
Result<std::string> RunCommand(const std::vector<std::string>& argv,
                               const std::map<std::string, std::string>& env = {});

/// Runs a shell command when it goes out of scope, and also when this process dies in whatever way: a child waits for
/// the end of a pipe.
class Guardian {
 public:
  explicit Guardian(const std::string& shell_command);
  ~Guardian();
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;

 private:
  int pipe_ = -1;
  pid_t pid_ = -1;
};

}  // namespace escalon::test
