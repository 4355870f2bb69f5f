#include "common/security/credentials.h"

#include <openssl/crypto.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/core/digest.h"
#include "common/core/random.h"
#include "common/security/secret.h"
#include "common/security/text_guard.h"

namespace escalon {
namespace {

constexpr std::string_view kTokenPrefix = "escalon_";
constexpr size_t kKeyIdChars = 12;
constexpr size_t kSecretChars = 64;
constexpr size_t kTokenChars = kTokenPrefix.size() + kKeyIdChars + 1 + kSecretChars;
constexpr size_t kSaltBytes = 16;
constexpr std::string_view kHashPrefix = "sha256:";
constexpr size_t kMaxFileBytes = 8 * 1024 * 1024;
constexpr std::string_view kPurpose = "escalon api key v1";

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
};

struct Entry {
  Principal principal;
  std::string salt;
  std::string digest;
  InstantMs not_after = kNever;
};

Digest HashSecret(std::string_view salt, std::string_view secret) {
  return Sha256().Add(kPurpose).Add(salt).Add(secret).Finish();
}

bool KeyIdShaped(std::string_view id) {
  if (id.size() != kKeyIdChars) return false;
  for (const char c : id) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
  }
  return true;
}

Error Refused(std::string message) { return Error{ErrorCode::kUnauthenticated, std::move(message)}; }

Error NoValidKey() { return Refused("no valid API key; send `Authorization: Bearer escalon_<key id>_<secret>`"); }

bool BearerScheme(std::string_view text) {
  static constexpr std::string_view kBearer = "bearer ";
  if (text.size() < kBearer.size()) return false;
  for (size_t i = 0; i < kBearer.size(); ++i) {
    const char lower = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + ('a' - 'A')) : text[i];
    if (lower != kBearer[i]) return false;
  }
  return true;
}

Result<std::string> ScalarOf(const std::string& field, const YAML::Node& node) {
  if (!node.IsScalar()) return InvalidField(field, "must be a text");
  return node.Scalar();
}

Status ReadHash(const std::string& field, std::string_view text, Entry* entry) {
  const size_t salt_at = kHashPrefix.size();
  const size_t digest_at = salt_at + 2 * kSaltBytes + 1;
  const bool shaped = text.substr(0, salt_at) == kHashPrefix && text.size() == digest_at + 2 * sizeof(Digest) &&
                      text[digest_at - 1] == ':';
  if (!shaped || !FromHex(text.substr(salt_at, 2 * kSaltBytes), &entry->salt) ||
      !FromHex(text.substr(digest_at), &entry->digest)) {
    return InvalidField(field, "must be sha256:<32 hex digits>:<64 hex digits>; make the key with escalonctl");
  }
  return {};
}

Result<std::vector<std::string>> ReadRoles(const std::string& field, const YAML::Node& node) {
  if (!node.IsSequence()) return InvalidField(field, "must be a list of roles");
  std::vector<std::string> roles;
  for (const auto& item : node) {
    Result<std::string> role = ScalarOf(field, item);
    if (!role) return role.error();
    roles.push_back(std::move(*role));
  }
  return roles;
}

Status ReadCredential(const std::string& place, const YAML::Node& node, std::string* key_id, Entry* entry) {
  if (!node.IsMap()) return InvalidField(place, "must be a map");
  std::string tenant;
  std::string subject;
  std::vector<std::string> roles;
  std::set<std::string> seen;
  for (const auto& pair : node) {
    Result<std::string> name = ScalarOf(place, pair.first);
    if (!name) return name.error();
    const std::string field = place + "." + *name;
    if (!seen.insert(*name).second) return InvalidField(field, "is there twice");
    if (*name == "roles") {
      Result<std::vector<std::string>> read = ReadRoles(field, pair.second);
      if (!read) return read.error();
      roles = std::move(*read);
      continue;
    }
    Result<std::string> value = ScalarOf(field, pair.second);
    if (!value) return value.error();
    if (*name == "key_id") {
      if (!KeyIdShaped(*value)) return InvalidField(field, "must be 12 lower-case letters or digits");
      *key_id = std::move(*value);
    } else if (*name == "tenant") {
      tenant = std::move(*value);
    } else if (*name == "subject") {
      subject = std::move(*value);
    } else if (*name == "hash") {
      if (Status s = ReadHash(field, *value, entry); !s) return s;
    } else if (*name == "not_after") {
      Result<InstantMs> at = ParseInstant(*value);
      if (!at) return InvalidField(field, "is not an instant such as 2031-01-01T00:00:00Z");
      entry->not_after = *at;
    } else if (*name == "note") {
      if (Status s = CheckLongText(field, *value, 1024); !s) return s;
    } else {
      return InvalidField(field, "unknown; the keys are key_id, tenant, subject, roles, hash, not_after, note");
    }
  }
  for (const char* needed : {"key_id", "tenant", "subject", "roles", "hash"}) {
    if (!seen.contains(needed)) return InvalidField(place + "." + needed, "missing");
  }
  Result<Principal> principal = MakePrincipal(place, tenant, subject, roles);
  if (!principal) return principal.error();
  entry->principal = std::move(*principal);
  return {};
}

}  // namespace

struct CredentialTable {
  std::unordered_map<std::string, Entry, StringHash, std::equal_to<>> by_key_id;
  /// Hashed for an unknown key id too, so that the time does not tell which ids exist.
  Entry nobody{{}, std::string(kSaltBytes, '\0'), std::string(sizeof(Digest), '\0'), 0};
};

namespace {

Status ReadDocument(const YAML::Node& root, CredentialTable* table) {
  if (!root.IsMap()) return InvalidField("credentials", "the file must hold `version: 1` and `credentials:`");
  std::set<std::string> seen;
  for (const auto& pair : root) {
    Result<std::string> name = ScalarOf("credentials", pair.first);
    if (!name) return name.error();
    if (!seen.insert(*name).second) return InvalidField(*name, "is there twice");
    if (*name == "version") {
      if (!pair.second.IsScalar() || pair.second.Scalar() != "1") return InvalidField("version", "must be 1");
    } else if (*name == "credentials") {
      if (!pair.second.IsSequence()) return InvalidField("credentials", "must be a list");
      size_t index = 0;
      for (const auto& item : pair.second) {
        const std::string place = "credentials[" + std::to_string(index++) + "]";
        std::string key_id;
        Entry entry;
        if (Status s = ReadCredential(place, item, &key_id, &entry); !s) return s;
        if (!table->by_key_id.emplace(key_id, std::move(entry)).second) {
          return InvalidField(place + ".key_id", key_id + " is there twice");
        }
      }
    } else {
      return InvalidField(*name, "unknown; the file holds version and credentials");
    }
  }
  for (const char* needed : {"version", "credentials"}) {
    if (!seen.contains(needed)) return InvalidField(needed, "missing");
  }
  return {};
}

Result<std::shared_ptr<const CredentialTable>> ReadTable(const std::string& path) {
  Result<std::string> text = ReadGuardedFile("credentials", path, kMaxFileBytes, false);
  if (!text) return text.error();
  auto table = std::make_shared<CredentialTable>();
  try {
    if (Status s = ReadDocument(YAML::Load(*text), table.get()); !s) {
      Error error = s.error();
      error.message = path + ": " + error.message;
      return error;
    }
  } catch (const YAML::Exception& e) {
    return InvalidField("credentials", path + " line " + std::to_string(e.mark.line + 1) + " is not YAML: " + e.msg);
  }
  return std::shared_ptr<const CredentialTable>(std::move(table));
}

}  // namespace

NewKey NewApiKey() {
  static constexpr char kBase32[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::array<uint8_t, kKeyIdChars> id;
  std::array<char, kSaltBytes> salt;
  std::array<char, kSecretChars / 2> secret;
  SecureRandom(id.data(), id.size());
  SecureRandom(salt.data(), salt.size());
  SecureRandom(secret.data(), secret.size());
  NewKey key;
  for (const uint8_t byte : id) key.key_id += kBase32[byte & 31];
  const Secret text(ToHex({secret.data(), secret.size()}));
  OPENSSL_cleanse(secret.data(), secret.size());
  const std::string_view salt_bytes(salt.data(), salt.size());
  key.token = std::string(kTokenPrefix) + key.key_id + "_" + std::string(text.Reveal());
  key.hash = std::string(kHashPrefix) + ToHex(salt_bytes) + ":" + ToHex(AsView(HashSecret(salt_bytes, text.Reveal())));
  return key;
}

std::string FormatCredential(const NewKey& key, const Principal& principal, InstantMs not_after) {
  std::string roles;
  for (const auto name : RoleNames(principal.roles)) {
    if (!roles.empty()) roles += ", ";
    roles += name;
  }
  std::string out = "  - key_id: \"" + key.key_id + "\"\n    tenant: \"" + principal.tenant + "\"\n    subject: \"" +
                    principal.subject + "\"\n    roles: [" + roles + "]\n    hash: \"" + key.hash + "\"\n";
  if (not_after != kNever) out += "    not_after: " + FormatInstant(not_after) + "\n";
  return out;
}

Credentials::Credentials(std::string path, std::shared_ptr<const CredentialTable> table)
    : path_(std::move(path)), table_(std::move(table)) {}
Credentials::~Credentials() = default;

Result<std::unique_ptr<Credentials>> Credentials::Load(std::string path) {
  auto table = ReadTable(path);
  if (!table) return table.error();
  return std::unique_ptr<Credentials>(new Credentials(std::move(path), std::move(*table)));
}

Status Credentials::Reload() {
  auto table = ReadTable(path_);
  if (!table) return table.error();
  const MutexLock lock(mutex_);
  table_.swap(*table);
  return {};
}

std::shared_ptr<const CredentialTable> Credentials::Table() const {
  const MutexLock lock(mutex_);
  return table_;
}

size_t Credentials::size() const { return Table()->by_key_id.size(); }

Result<Principal> Credentials::Authenticate(std::string_view authorization, InstantMs now) const {
  if (authorization.empty()) return NoValidKey();
  if (!BearerScheme(authorization)) return NoValidKey();
  const std::string_view token = authorization.substr(7);
  if (tokens_ != nullptr && !token.starts_with(kTokenPrefix)) return tokens_->Verify(token, now);
  if (token.size() != kTokenChars || token.substr(0, kTokenPrefix.size()) != kTokenPrefix) return NoValidKey();
  const std::string_view key_id = token.substr(kTokenPrefix.size(), kKeyIdChars);
  if (token[kTokenPrefix.size() + kKeyIdChars] != '_') return NoValidKey();
  const std::string_view secret = token.substr(kTokenPrefix.size() + kKeyIdChars + 1);

  const auto table = Table();
  const auto found = table->by_key_id.find(key_id);
  const Entry& entry = found == table->by_key_id.end() ? table->nobody : found->second;
  const Digest digest = HashSecret(entry.salt, secret);
  const bool same = ConstantTimeEqual(AsView(digest), entry.digest);
  if (!same || found == table->by_key_id.end()) return NoValidKey();
  if (now >= entry.not_after) {
    return Refused("the API key has expired on " + FormatInstant(entry.not_after) + "; ask an operator for a new one");
  }
  return entry.principal;
}

}  // namespace escalon
