#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/core/result.h"
#include "common/documents/policy_document.h"
#include "common/domain/roster.h"
#include "services/escalonctl/cli/session.h"

/// Where the commands that read policies get them: a file, or what intake has in force.
namespace escalon::escalonctl {

struct PolicyText {
  std::string name;  ///< the file, or id@version
  std::string yaml;
};

/// The versions to which cases are pinned, by `id@version`, each fetched from intake once.
class PinnedRules {
 public:
  explicit PinnedRules(Session& session) : session_(session) {}
  Result<std::shared_ptr<const Policy>> Of(const std::string& name);

 private:
  Session& session_;
  std::map<std::string, std::shared_ptr<const Policy>> known_;
};

/// `option`: the name of the option that holds the path, for errors.
Result<PolicyText> PolicyOfFile(Session& session, std::string_view option, const std::string& path);
/// Of intake; `id` empty: the one in force, `version` 0: its newest.
Result<PolicyText> PolicyOfService(Session& session, const std::string& id, int64_t version);

/// `--file` when it was given, else intake by `ID` and `--version`.
Result<PolicyText> PolicyAsked(Session& session, const Arguments& arguments);
Option PolicyFileOption();
Option PolicyIdOption();
Option PolicyVersionOption();

/// A roster from a file, ready to be asked.
Result<std::shared_ptr<const Roster>> RosterOfFile(Session& session, const std::string& path);

/// An error of a document as findings with the file's name, and the exit status for them. Other errors as they are.
ExitCode FailDocument(Session& session, const Error& error, const std::string& name);

}  // namespace escalon::escalonctl
