#include "common/security/webhook_signature.h"

#include <openssl/crypto.h>

#include <array>
#include <charconv>
#include <utility>

#include "common/core/digest.h"
#include "common/core/random.h"

namespace escalon {
namespace {

enum class Signed { kBody, kIdTimeBody, kV0TimeBody, kTimeBody };

struct Row {
  std::string_view name;
  std::string_view id_header;
  std::string_view timestamp_header;
  std::string_view signature_header;
  Signed what;
  std::string_view prefix;
  bool base64;
  char separator;  ///< between several signatures; 0: there is one
};

// In the order of SignatureScheme. Formats: standardwebhooks.com, and each vendor's documentation of its webhooks.
constexpr std::array<Row, 8> kRows = {{
    {"standard_webhooks", "webhook-id", "webhook-timestamp", "webhook-signature", Signed::kIdTimeBody, "v1,", true,
     ' '},
    {"svix", "svix-id", "svix-timestamp", "svix-signature", Signed::kIdTimeBody, "v1,", true, ' '},
    {"github", "x-github-delivery", "", "x-hub-signature-256", Signed::kBody, "sha256=", false, '\0'},
    {"jira", "x-atlassian-webhook-identifier", "", "x-hub-signature", Signed::kBody, "sha256=", false, '\0'},
    {"pagerduty_v3", "x-webhook-id", "", "x-pagerduty-signature", Signed::kBody, "v1=", false, ','},
    {"slack", "", "x-slack-request-timestamp", "x-slack-signature", Signed::kV0TimeBody, "v0=", false, '\0'},
    {"zendesk", "", "x-zendesk-webhook-signature-timestamp", "x-zendesk-webhook-signature", Signed::kTimeBody, "", true,
     '\0'},
    {"grafana", "", "", "x-grafana-alerting-signature", Signed::kBody, "", false, '\0'},
}};

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr size_t kMinWhsecBytes = 24;
constexpr size_t kMaxWhsecBytes = 64;
constexpr size_t kMinSecretBytes = 16;
constexpr size_t kMaxSecretBytes = 1024;
constexpr size_t kMaxSecrets = 8;
constexpr size_t kMaxSignatures = 16;
constexpr size_t kMaxHeaderBytes = 4096;
constexpr size_t kMaxIdBytes = 128;

const Row& RowOf(SignatureScheme scheme) { return kRows[static_cast<size_t>(scheme)]; }

Error Refused(std::string_view header, std::string_view what) {
  return Error{ErrorCode::kUnauthenticated,
               "webhook header " + std::string(header) + ": " + std::string(what),
               {{std::string(header), std::string(what)}}};
}

Digest Mac(const Row& row, const Secret& secret, std::string_view id, std::string_view timestamp,
           std::string_view body) {
  if (row.what == Signed::kBody) return HmacSha256(secret.Reveal(), body);
  std::string text;
  text.reserve(id.size() + timestamp.size() + body.size() + 4);
  switch (row.what) {
    case Signed::kIdTimeBody:
      text.append(id).append(".").append(timestamp).append(".").append(body);
      break;
    case Signed::kV0TimeBody:
      text.append("v0:").append(timestamp).append(":").append(body);
      break;
    case Signed::kTimeBody:
      text.append(timestamp).append(body);
      break;
    case Signed::kBody:
      break;
  }
  return HmacSha256(secret.Reveal(), text);
}

bool VisibleAscii(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c > '~') return false;
  }
  return !text.empty();
}

bool IdShaped(std::string_view id) {
  return VisibleAscii(id) && id.size() <= kMaxIdBytes && id.find('.') == std::string_view::npos;
}

std::optional<InstantMs> ReadTimestamp(const Row& row, std::string_view text) {
  if (row.what == Signed::kTimeBody) {
    const Result<InstantMs> at = ParseInstant(text);
    return at ? std::optional<InstantMs>(*at) : std::nullopt;
  }
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || text.size() > 12 || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds < 0 ? std::nullopt : std::optional<InstantMs>(seconds * kSecondMs);
}

// The digests of the listed signatures of this scheme's version. Other versions are passed over, as the schemes ask.
Result<std::vector<std::string>> ReadSignatures(const Row& row, std::string_view header) {
  std::vector<std::string> found;
  size_t count = 0;
  while (!header.empty()) {
    if (++count > kMaxSignatures) return Refused(row.signature_header, "more than 16 signatures");
    const size_t end = row.separator == '\0' ? std::string_view::npos : header.find(row.separator);
    std::string_view one = header.substr(0, end);
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
    if (row.separator == ',' && !one.empty() && one.front() == ' ') one.remove_prefix(1);
    if (one.substr(0, row.prefix.size()) != row.prefix) continue;
    one.remove_prefix(row.prefix.size());
    std::string bytes;
    const bool read = row.base64 ? FromBase64(one, &bytes) : FromHex(one, &bytes);
    if (!read || bytes.size() != sizeof(Digest)) continue;
    found.push_back(std::move(bytes));
  }
  if (found.empty()) {
    return Refused(row.signature_header, "holds no signature such as " + std::string(row.prefix) +
                                             (row.base64 ? "<base64 of 32 bytes>" : "<64 hex digits>"));
  }
  return found;
}

Status CheckCount(std::string_view field, const std::vector<Secret>& secrets) {
  if (secrets.empty()) return InvalidField(std::string(field), "no secret; give at least one");
  if (secrets.size() > kMaxSecrets) return InvalidField(std::string(field), "more than 8 secrets; remove old ones");
  return {};
}

}  // namespace

Result<SignatureScheme> ParseSignatureScheme(std::string_view field, std::string_view name) {
  std::string all;
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name == name) return static_cast<SignatureScheme>(i);
    if (i > 0) all += ", ";
    all += kRows[i].name;
  }
  return InvalidField(std::string(field), "not a signature scheme; write one of " + all);
}

Result<Secret> ParseWebhookSecret(std::string_view field, std::string_view text) {
  std::string bytes;
  if (text.substr(0, kSecretPrefix.size()) != kSecretPrefix || !FromBase64(text.substr(kSecretPrefix.size()), &bytes) ||
      bytes.size() < kMinWhsecBytes || bytes.size() > kMaxWhsecBytes) {
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return InvalidField(std::string(field), "must be whsec_ and the base64 of 24 to 64 bytes");
  }
  return Secret(std::move(bytes));
}

std::string NewWebhookSecret() {
  std::array<char, 32> bytes;
  SecureRandom(bytes.data(), bytes.size());
  std::string text = std::string(kSecretPrefix) + ToBase64({bytes.data(), bytes.size()});
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return text;
}

Result<WebhookSigner> WebhookSigner::Create(std::string_view field, std::vector<Secret> secrets) {
  if (Status s = CheckCount(field, secrets); !s) return s.error();
  for (const Secret& secret : secrets) {
    if (secret.Reveal().size() < kMinWhsecBytes) return InvalidField(std::string(field), "shorter than 24 bytes");
  }
  return WebhookSigner(std::move(secrets));
}

Result<WebhookHeaders> WebhookSigner::Sign(std::string_view id, InstantMs at, std::string_view body) const {
  if (!IdShaped(id)) {
    return InvalidField("webhook-id", "must be 1 to 128 visible ASCII characters without '.'");
  }
  WebhookHeaders headers{std::string(id), std::to_string(at / kSecondMs), {}};
  for (const Secret& secret : secrets_) {
    if (!headers.signature.empty()) headers.signature += ' ';
    headers.signature += SignatureOf(SignatureScheme::kStandardWebhooks, secret, id, headers.timestamp, body);
  }
  return headers;
}

Result<WebhookVerifier> WebhookVerifier::Create(std::string_view field, SignatureScheme scheme,
                                                std::vector<Secret> secrets) {
  if (Status s = CheckCount(field, secrets); !s) return s.error();
  for (const Secret& secret : secrets) {
    const size_t size = secret.Reveal().size();
    if (size < kMinSecretBytes || size > kMaxSecretBytes) {
      return InvalidField(std::string(field), "must have 16 to 1024 bytes");
    }
  }
  return WebhookVerifier(scheme, std::move(secrets));
}

Result<VerifiedWebhook> WebhookVerifier::Verify(const HeaderLookup& headers, std::string_view body,
                                                InstantMs now) const {
  const Row& row = RowOf(scheme_);
  const auto signature = headers(row.signature_header);
  if (!signature || signature->empty()) return Refused(row.signature_header, "missing");
  if (signature->size() > kMaxHeaderBytes) return Refused(row.signature_header, "more than 4096 bytes");

  VerifiedWebhook verified;
  verified.id_signed = row.what == Signed::kIdTimeBody;
  if (!row.id_header.empty()) {
    const auto id = headers(row.id_header);
    if (verified.id_signed && (!id || id->empty())) return Refused(row.id_header, "missing");
    if (id && !id->empty()) {
      const bool shaped = verified.id_signed ? IdShaped(*id) : VisibleAscii(*id) && id->size() <= kMaxIdBytes;
      if (!shaped) return Refused(row.id_header, "must be 1 to 128 visible ASCII characters, without '.' if signed");
      verified.id = std::string(*id);
    }
  }
  std::string_view timestamp;
  if (!row.timestamp_header.empty()) {
    const auto given = headers(row.timestamp_header);
    if (!given || given->empty()) return Refused(row.timestamp_header, "missing");
    const std::optional<InstantMs> at = ReadTimestamp(row, *given);
    if (!at) return Refused(row.timestamp_header, "not a time of this scheme");
    if (*at < now - kWebhookToleranceMs) return Refused(row.timestamp_header, "more than 5 minutes old; send it anew");
    if (*at > now + kWebhookToleranceMs) {
      return Refused(row.timestamp_header, "more than 5 minutes ahead; set the sender's clock");
    }
    verified.sent_at = *at;
    timestamp = *given;
  }
  Result<std::vector<std::string>> listed = ReadSignatures(row, *signature);
  if (!listed) return listed.error();
  bool match = false;
  for (const Secret& secret : secrets_) {
    const Digest expected = Mac(row, secret, verified.id, timestamp, body);
    for (const std::string& one : *listed) match |= ConstantTimeEqual(AsView(expected), one);
  }
  if (!match) return Refused(row.signature_header, "does not match the body; check the secret, and sign the raw bytes");
  return verified;
}

std::string SignatureOf(SignatureScheme scheme, const Secret& secret, std::string_view id, std::string_view timestamp,
                        std::string_view body) {
  const Row& row = RowOf(scheme);
  const Digest mac = Mac(row, secret, id, timestamp, body);
  return std::string(row.prefix) + (row.base64 ? ToBase64(AsView(mac)) : ToHex(AsView(mac)));
}

}  // namespace escalon
