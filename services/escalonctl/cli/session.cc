#include "services/escalonctl/cli/session.h"

#include <fstream>
#include <istream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <ostream>

namespace escalon::escalonctl {

Result<Remote*> Session::To(const std::string& address, std::unique_ptr<Remote>* remote) {
  if (*remote == nullptr) {
    Result<std::unique_ptr<Remote>> made = around_.connect(settings_, address);
    if (!made) return made.error();
    *remote = std::move(*made);
  }
  return remote->get();
}

Result<Json> Session::Call(std::string_view method, const Json& request) {
  const Result<Remote*> remote = To(settings_.address, &intake_);
  if (!remote) return remote.error();
  return (*remote)->Call(method, request);
}

Result<Json> Session::CallRouting(std::string_view method, const Json& request) {
  const Result<Remote*> remote = To(settings_.routing, &routing_);
  if (!remote) return remote.error();
  return (*remote)->Call(method, request);
}

Status Session::Stream(std::string_view method, const Json& request, const std::function<bool(const Json&)>& each) {
  const Result<Remote*> remote = To(settings_.address, &intake_);
  if (!remote) return remote.error();
  return (*remote)->Stream(method, request, each);
}

ExitCode Session::Fail(const Error& error, std::string_view command_id) {
  if (settings_.json) {
    Json json = ErrorJson(error);
    if (!command_id.empty()) json["error"]["command_id"] = std::string(command_id);
    around_.err << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    around_.err << ErrorText(error, command_id);
  }
  return ExitCodeOf(error.code);
}

Result<std::string> ReadInput(Session& session, std::string_view what, const std::string& path, size_t most_bytes) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file)
      return InvalidField(std::string(what),
                          "cannot read " + path + "; give a readable file, or - for the standard input");
  }
  std::istream& in = path == "-" ? session.in() : file;
  std::string text;
  for (auto it = std::istreambuf_iterator<char>(in); it != std::istreambuf_iterator<char>(); ++it) {
    if (text.size() >= most_bytes) {
      return InvalidField(std::string(what), path + " has more than " + std::to_string(most_bytes) + " bytes");
    }
    text.push_back(*it);
  }
  return text;
}

}  // namespace escalon::escalonctl
