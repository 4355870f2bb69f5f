#include "tests/load/installation.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "common/security/credentials.h"
#include "common/security/secret.h"
#include "common/security/webhook_signature.h"

namespace escalon::load {
namespace {

constexpr const char* kSinkInFile = "http://127.0.0.1:8099/";

Status WritePrivate(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return Error{ErrorCode::kInternal, "cannot create " + path};
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t n = write(fd, text.data() + written, text.size() - written);
    if (n <= 0) break;
    written += static_cast<size_t>(n);
  }
  close(fd);
  if (written != text.size()) return Error{ErrorCode::kInternal, "cannot write " + path};
  return {};
}

}  // namespace

Status WriteSecrets(const std::string& dir, const std::vector<Holder>& holders) {
  std::string credentials = "version: 1\ncredentials:\n", tokens;
  for (const Holder& holder : holders) {
    const NewKey key = NewApiKey();
    Principal principal{holder.tenant, holder.subject, {}};
    for (const Role role : holder.roles) principal.roles.Add(role);
    credentials += FormatCredential(key, principal);
    if (Status s = WritePrivate(dir + "/" + holder.subject + ".key", key.token + "\n"); !s.ok()) return s;
    if (!principal.roles.Has(Role::kService)) tokens += holder.subject + " " + key.token + "\n";
  }
  for (const auto& [name, text] :
       std::vector<std::pair<const char*, std::string>>{{"credentials.yaml", credentials},
                                                        {"tokens", tokens},
                                                        {"links.keys", NewKeyRingLine("links-1")},
                                                        {"sealing.keys", NewKeyRingLine("sealing-1")},
                                                        {"webhook.secrets", "* " + NewWebhookSecret() + "\n"}}) {
    if (Status s = WritePrivate(dir + "/" + name, text); !s.ok()) return s;
  }
  return {};
}

std::vector<Holder> HoldersOf(const std::string& tenant, const std::vector<std::string>& sources,
                              const std::vector<std::string>& people, const std::vector<std::string>& managers) {
  std::vector<Holder> out;
  for (const char* service : {"intake", "triage", "routing", "sla-timer", "notification"}) {
    out.push_back({service, std::string(kAllTenants), {Role::kService}});
  }
  out.push_back({"operator", tenant, {Role::kOperator}});
  out.push_back({"screen", tenant, {Role::kReader}});
  for (const std::string& source : sources) out.push_back({source, tenant, {Role::kIntegrator}});
  for (const std::string& person : people) {
    Holder holder{person, tenant, {Role::kAgent}};
    for (const std::string& manager : managers) {
      if (manager == person) holder.roles = {Role::kAgent, Role::kApprover, Role::kManager};
    }
    out.push_back(std::move(holder));
  }
  return out;
}

Result<Tokens> Tokens::Load(const std::string& path) {
  std::ifstream in(path);
  if (!in) return Error{ErrorCode::kNotFound, path + " cannot be read; escalon-load prepare writes it"};
  Tokens out;
  for (std::string subject, token; in >> subject >> token;) out.by_subject_[subject] = "Bearer " + token;
  return out;
}

const std::string* Tokens::Of(const std::string& subject) const {
  const auto found = by_subject_.find(subject);
  return found == by_subject_.end() ? nullptr : &found->second;
}

std::string PointRosterAt(std::string roster, const std::string& sink, bool uncapped) {
  const std::string from = kSinkInFile;
  for (size_t at = roster.find(from); at != std::string::npos; at = roster.find(from, at + sink.size())) {
    roster.replace(at, from.size(), sink);
  }
  if (uncapped) roster = std::regex_replace(roster, std::regex("\n +capacity: [0-9]+(?=\n)"), "");
  return roster;
}

}  // namespace escalon::load
