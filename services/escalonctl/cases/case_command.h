#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "services/escalonctl/cases/request.h"

namespace escalon::escalonctl {

/// A command of the shell that is one command on a case.
struct CaseCommandSpec {
  std::string path;  ///< `ack`
  std::string body;  ///< in cases.v1.Command: `acknowledge`
  std::string summary;
  std::vector<Option> options = {};  ///< fields relative to the body
  std::vector<Example> examples = {};
  std::string details = {};
  Json fixed = Json::object();  ///< of the body, always sent
};

/// With what every command has (CASE, --command-id, --occurred-at, --expected-version).
CommandSpec CaseCommand(CaseCommandSpec spec);

/// Sends the command and prints what it led to. `body` is that of the oneof.
ExitCode SendCommand(Session& session, const Arguments& arguments, const std::string& body_name, Json body);
/// CASE first, then `options`, then those of every command.
std::vector<Option> WithCommandOptions(std::vector<Option> options);

/// One table for what commands led to.
void PrintResults(Printer& printer, const Json& results);

}  // namespace escalon::escalonctl
