#include "tests/support/cluster/keys.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/security/credentials.h"
#include "common/security/secret.h"
#include "common/security/webhook_signature.h"

namespace escalon::test {
namespace {

struct Holder {
  const char* subject;
  const char* tenant;
  RoleSet roles;
};

Status WritePrivate(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (fd >= 0) close(fd);
  if (!written) return Error{ErrorCode::kInternal, "cannot write " + path};
  return {};
}

}  // namespace

Result<Keys> Keys::Write(const std::string& dir) {
  const Holder holders[] = {
      {"intake", "*", {Role::kService}},
      {"triage", "*", {Role::kService}},
      {"routing", "*", {Role::kService}},
      {"sla-timer", "*", {Role::kService}},
      {"notification", "*", {Role::kService}},
      {"operator", "acme", {Role::kOperator}},
      {"source", "acme", {Role::kIntegrator}},
      {"ann", "acme", {Role::kAgent}},
      {"bob", "acme", {Role::kAgent}},
      {"mia", "acme", {Role::kAgent, Role::kApprover, Role::kManager}},
      {"reader", "acme", {Role::kReader}},
      {"rita", "acme", {Role::kRequester}},
      {"globex-source", "globex", {Role::kIntegrator}},
      {"globex-ann", "globex", {Role::kAgent, Role::kManager}},
      {"globex-operator", "globex", {Role::kOperator}},
  };
  Keys keys;
  std::string credentials = "version: 1\ncredentials:\n";
  for (const Holder& holder : holders) {
    const NewKey key = NewApiKey();
    credentials += FormatCredential(key, Principal{holder.tenant, holder.subject, holder.roles});
    keys.authorization_[holder.subject] = "Bearer " + key.token;
  }
  const std::pair<const char*, std::string> files[] = {
      {"credentials.yaml", credentials},
      {"links.keys", NewKeyRingLine("links-1")},
      {"sealing.keys", NewKeyRingLine("sealing-1")},
      {"webhook.secrets", "* " + NewWebhookSecret() + "\n"},
      {"webhooks.yaml",
       "version: 1\nsources:\n  - {name: monitor, tenant: acme}\n  - {name: signed, tenant: acme, secrets: [" +
           NewWebhookSecret() + "]}\n"},
  };
  for (const auto& [name, text] : files) {
    if (Status s = WritePrivate(dir + "/" + name, text); !s.ok()) return s.error();
  }
  return keys;
}

}  // namespace escalon::test
