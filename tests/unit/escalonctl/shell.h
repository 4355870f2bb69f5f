#pragma once

#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "services/escalonctl/cli/program.h"
#include "tests/unit/runtime/fake_clock.h"

namespace escalon::escalonctl::test {

/// What a command asked the services for, and what they shall answer.
struct Services {
  struct Asked {
    std::string address, method;
    Json request;
  };
  std::vector<Asked> asked;
  std::map<std::string, std::deque<Result<Json>>> answers;  ///< by method, in order; the last one stays
  std::deque<Json> changes;                                 ///< of a stream

  Result<Json> Answer(const std::string& method) {
    auto& queue = answers[method];
    if (queue.empty()) return Json::object();
    Result<Json> answer = queue.front();
    if (queue.size() > 1) queue.pop_front();
    return answer;
  }
  Json last() const { return asked.empty() ? Json() : asked.back().request; }
};

class FakeRemote : public Remote {
 public:
  FakeRemote(Services& services, std::string address) : services_(services), address_(std::move(address)) {}
  Result<Json> Call(std::string_view method, const Json& request) override {
    services_.asked.push_back({address_, std::string(method), request});
    return services_.Answer(std::string(method));
  }
  Status Stream(std::string_view method, const Json& request, const std::function<bool(const Json&)>& each) override {
    services_.asked.push_back({address_, std::string(method), request});
    for (const Json& change : services_.changes) {
      if (!each(change)) break;
    }
    return {};
  }

 private:
  Services& services_;
  const std::string address_;
};

/// A shell without a network.
struct Shell {
  Services services;
  std::map<std::string, std::string> environment;
  std::string input;
  std::string out, err;
  runtime::FakeClock clock;
  Settings connected;  ///< the settings with which a way was made

  int Run(const std::vector<std::string>& words) {
    std::istringstream in(input);
    std::ostringstream out_stream, err_stream;
    const Surroundings around{
        .in = in,
        .out = out_stream,
        .err = err_stream,
        .out_is_terminal = false,
        .environment =
            [this](const char* name) {
              const auto found = environment.find(name);
              return found == environment.end() ? std::string() : found->second;
            },
        .clock = clock,
        .connect = [this](const Settings& settings, const std::string& address) -> Result<std::unique_ptr<Remote>> {
          connected = settings;
          return std::unique_ptr<Remote>(std::make_unique<FakeRemote>(services, address));
        }};
    const int code = RunProgram(words, around);
    out = out_stream.str();
    err = err_stream.str();
    return code;
  }
};

inline constexpr char kCase[] = "01957b2e-6c00-8a13-8000-3f2a7c91d5e0";

}  // namespace escalon::escalonctl::test
