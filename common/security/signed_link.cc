#include "common/security/signed_link.h"

#include <array>
#include <optional>

#include "common/core/digest.h"
#include "common/security/text_guard.h"

namespace escalon {
namespace {

constexpr char kFormat = 1;
constexpr std::string_view kLabel = "escalon link v1\n";
constexpr size_t kMacChars = 43;  // base64url of 32 bytes

constexpr std::array<std::string_view, 8> kNames = {"",       "acknowledge", "view",     "confirm",
                                                    "reject", "rate",        "escalate", "add_fact"};

bool KnownAction(uint8_t value) { return value >= 1 && value < kNames.size(); }

void PutBe(std::string* out, uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) *out += static_cast<char>(value >> shift & 0xff);
}

void PutShort(std::string* out, std::string_view text) {
  *out += static_cast<char>(text.size());
  *out += text;
}

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}
  std::string_view Take(size_t n) {
    if (rest_.size() < n) {
      ok_ = false;
      return {};
    }
    const auto out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return out;
  }
  uint64_t Be(size_t bytes) {
    uint64_t value = 0;
    for (const char c : Take(bytes)) value = value << 8 | static_cast<uint8_t>(c);
    return value;
  }
  std::string_view Short() { return Take(Be(1)); }
  bool done() const { return ok_ && rest_.empty(); }
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

Error Malformed() {
  Error error = InvalidField("token", "not a whole link; open the link again from the message");
  error.detail = kLinkMalformed;
  return error;
}

Digest Mac(const NamedKey& key, std::string_view payload) {
  std::string text;
  text.reserve(kLabel.size() + payload.size());
  text += kLabel;
  text += payload;
  return HmacSha256(key.key.Reveal(), text);
}

bool Carries(const SignedLink& link) {
  return CheckId("tenant", link.tenant, IdKind::kTenant).ok() &&
         CheckId("subject", link.subject, IdKind::kSubject).ok() && link.intent_version >= 0 && !link.case_id.empty() &&
         KnownAction(static_cast<uint8_t>(link.action));
}

std::optional<SignedLink> Decode(std::string_view payload) {
  Cursor in(payload);
  in.Take(1);
  in.Short();  // key id
  const auto action = static_cast<uint8_t>(in.Be(1));
  SignedLink link;
  link.action = static_cast<LinkAction>(action);
  link.expires_at = static_cast<InstantMs>(in.Be(8));
  const Result<CaseId> id = CaseId::FromBytes(in.Take(16));
  link.intent_version = static_cast<int64_t>(in.Be(8));
  link.intent_index = static_cast<uint32_t>(in.Be(4));
  link.tenant = std::string(in.Short());
  link.subject = std::string(in.Short());
  if (!in.done() || !id || !KnownAction(action)) return std::nullopt;
  link.case_id = *id;
  if (!Carries(link)) return std::nullopt;
  return link;
}

}  // namespace

std::string_view LinkActionName(LinkAction action) {
  const auto value = static_cast<uint8_t>(action);
  return KnownAction(value) ? kNames[value] : "unknown";
}

Result<std::string> LinkSigner::Make(const SignedLink& link) const {
  if (Status s = CheckId("tenant", link.tenant, IdKind::kTenant); !s) return s.error();
  if (Status s = CheckId("subject", link.subject, IdKind::kSubject); !s) return s.error();
  if (link.case_id.empty()) return InvalidField("case_id", "empty; a link is for one case");
  if (link.intent_version < 0) return InvalidField("intent_version", "negative; give the case's version");
  if (!KnownAction(static_cast<uint8_t>(link.action))) return InvalidField("action", "not one that a link can carry");
  const NamedKey& key = keys_.current();
  std::string payload;
  payload.reserve(64 + link.tenant.size() + link.subject.size());
  payload += kFormat;
  PutShort(&payload, key.id);
  payload += static_cast<char>(link.action);
  PutBe(&payload, static_cast<uint64_t>(link.expires_at), 8);
  payload += link.case_id.AsBytes();
  PutBe(&payload, static_cast<uint64_t>(link.intent_version), 8);
  PutBe(&payload, link.intent_index, 4);
  PutShort(&payload, link.tenant);
  PutShort(&payload, link.subject);
  return ToBase64Url(payload) + "." + ToBase64Url(AsView(Mac(key, payload)));
}

Result<SignedLink> LinkSigner::Verify(std::string_view token, InstantMs now) const {
  if (token.size() > kMaxLinkToken) return Malformed();
  const size_t dot = token.find('.');
  if (dot == std::string_view::npos || token.size() - dot - 1 != kMacChars) return Malformed();
  if (token.find('=') != std::string_view::npos) return Malformed();  // one token, one text
  std::string payload;
  std::string mac;
  if (!FromBase64Url(token.substr(0, dot), &payload) || !FromBase64Url(token.substr(dot + 1), &mac)) return Malformed();

  Cursor head(payload);
  const auto format = head.Take(1);
  const auto key_id = head.Short();
  if (!head.ok() || format.front() != kFormat) return Malformed();
  const NamedKey* key = keys_.Find(key_id);
  if (key == nullptr) {
    return Error{ErrorCode::kUnauthenticated,
                 "the link was made with a key that is no longer in use; ask for a new message",
                 {},
                 std::string(kLinkUnknownKey)};
  }
  if (!ConstantTimeEqual(AsView(Mac(*key, payload)), mac)) {
    return Error{ErrorCode::kUnauthenticated,
                 "the link has been altered; open it again from the message",
                 {},
                 std::string(kLinkBadSignature)};
  }
  std::optional<SignedLink> link = Decode(payload);
  if (!link) return Malformed();
  if (now >= link->expires_at) {
    return Error{ErrorCode::kUnauthenticated,
                 "the link has expired on " + FormatInstant(link->expires_at) + "; ask for a new message",
                 {},
                 std::string(kLinkExpired)};
  }
  return std::move(*link);
}

Result<SignedLink> LinkSigner::Verify(std::string_view token, LinkAction wanted, InstantMs now) const {
  Result<SignedLink> link = Verify(token, now);
  if (link && link->action != wanted) {
    return Error{ErrorCode::kPermissionDenied,
                 "the link is for " + std::string(LinkActionName(link->action)) + ", not for " +
                     std::string(LinkActionName(wanted)),
                 {},
                 std::string(kLinkWrongAction)};
  }
  return link;
}

}  // namespace escalon
