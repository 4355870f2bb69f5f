#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string_view>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "services/escalonctl/cli/exit_code.h"
#include "services/escalonctl/cli/settings.h"
#include "services/escalonctl/output/printer.h"
#include "services/escalonctl/remote/remote.h"

namespace escalon::escalonctl {

/// The process around a command: streams, environment, time.
struct Surroundings {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  Environment environment;
  const Clock& clock;
  /// Makes the way to a service at an address; for tests another.
  std::function<Result<std::unique_ptr<Remote>>(const Settings&, const std::string& address)> connect;
};

/// What a running command works with.
class Session {
 public:
  Session(const Surroundings& around, Settings settings)
      : around_(around),
        settings_(std::move(settings)),
        printer_(around.out, settings_.json, settings_.colour && around.out_is_terminal) {}

  const Settings& settings() const { return settings_; }
  Printer& printer() { return printer_; }
  std::istream& in() { return around_.in; }
  /// For progress and warnings, never for results.
  std::ostream& err() { return around_.err; }
  const Clock& clock() const { return around_.clock; }
  int timeout_ms() const { return static_cast<int>(settings_.timeout); }

  /// One call to intake, or to routing.
  Result<Json> Call(std::string_view method, const Json& request);
  Result<Json> CallRouting(std::string_view method, const Json& request);
  /// Answers until the other side ends it or `each` returns false.
  Status Stream(std::string_view method, const Json& request, const std::function<bool(const Json&)>& each);

  /// Says what is wrong and returns its exit code. With a command id: how to repeat.
  ExitCode Fail(const Error& error, std::string_view command_id = {});

 private:
  Result<Remote*> To(const std::string& address, std::unique_ptr<Remote>* remote);

  const Surroundings& around_;
  const Settings settings_;
  Printer printer_;
  std::unique_ptr<Remote> intake_, routing_;
};

/// What a command would put into the file that `path` names; `-` is the standard input.
Result<std::string> ReadInput(Session& session, std::string_view what, const std::string& path, size_t most_bytes);

}  // namespace escalon::escalonctl
