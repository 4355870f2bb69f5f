#include "tests/support/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <sstream>

#include "tests/support/temp_dir.h"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace escalon::test {
namespace {

Result<pid_t> SpawnWith(const std::vector<std::string>& argv, const std::map<std::string, std::string>& env,
                        posix_spawn_file_actions_t* actions) {
  std::vector<char*> args, variables;
  for (const std::string& arg : argv) args.push_back(const_cast<char*>(arg.c_str()));
  args.push_back(nullptr);
  std::vector<std::string> own;
  for (const auto& [name, value] : env) own.push_back(name + "=" + value);
  for (std::string& variable : own) variables.push_back(variable.data());
  for (char** v = environ; *v; ++v)
    if (env.count(std::string(*v, strcspn(*v, "="))) == 0) variables.push_back(*v);
  variables.push_back(nullptr);
  // Its own process group: a Ctrl-C at the terminal is for the test, which then cleans up.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  const int failed = posix_spawnp(&pid, args[0], actions, &attributes, args.data(), variables.data());
  posix_spawnattr_destroy(&attributes);
  if (failed) return Error{ErrorCode::kInternal, argv[0] + ": " + strerror(failed)};
  return pid;
}

std::string Content(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

Result<pid_t> Spawn(const std::vector<std::string>& argv, const std::map<std::string, std::string>& env,
                    const std::string& output) {
  const char* file = output.empty() ? "/dev/null" : output.c_str();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, file, O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  Result<pid_t> pid = SpawnWith(argv, env, &actions);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

int WaitFor(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Result<std::string> RunCommand(const std::vector<std::string>& argv, const std::map<std::string, std::string>& env) {
  // Files, not pipes: a daemon that the command leaves behind would keep a pipe open.
  const TempDir dir;
  const std::string out = dir.path() + "/out", err = dir.path() + "/err";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT, 0644);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT, 0644);
  const Result<pid_t> pid = SpawnWith(argv, env, &actions);
  posix_spawn_file_actions_destroy(&actions);
  if (!pid) return pid.error();
  const int status = WaitFor(*pid);
  if (status == 0) return Content(out);
  return Error{ErrorCode::kInternal, argv[0] + " ended with status " + std::to_string(status) + ": " + Content(err)};
}

Guardian::Guardian(const std::string& shell_command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  const Result<pid_t> pid = SpawnWith({"/bin/sh", "-c", "read -r end_of_test; " + shell_command}, {}, &actions);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[0]);
  pipe_ = ends[1];
  if (pid) pid_ = *pid;
}

Guardian::~Guardian() {
  if (pipe_ >= 0) close(pipe_);
  if (pid_ > 0) WaitFor(pid_);
}

}  // namespace escalon::test
