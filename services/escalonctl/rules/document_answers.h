#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "common/core/result.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/cli/session.h"

/// What is the same for policies and rosters.
namespace escalon::escalonctl {

inline constexpr size_t kMostDocumentBytes = 1024 * 1024;

/// FILE, --comment, --dry-run, --expected-version.
std::vector<Option> ApplyOptions();
Option FileArgument();

/// Sends the file to `service`/Apply and prints the answer. `summary`: where the answer says what is in force.
ExitCode ApplyDocument(Session& session, const Arguments& arguments, const std::vector<Option>& options,
                       const std::string& service, const char* summary);
/// Sends it to `service`/Validate; kFindings with an error among them.
ExitCode ValidateDocument(Session& session, const Arguments& arguments, const std::string& service);
/// Prints the text of one version: answers of Get.
ExitCode ShowDocument(Session& session, const Json& request, const std::string& service, const char* summary);

/// Findings of this program itself as those of the service.
Json FindingsOf(const std::vector<FieldViolation>& faults, bool warning);
/// Prints them; kFindings with an error among them.
ExitCode TellFindings(Session& session, const Json& answer, const std::string& file);

}  // namespace escalon::escalonctl
