#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/ids.h"
#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/security/secret.h"

namespace escalon {

/// What a link lets its holder do, once or more often, until it expires. The numbers are in links that are out: they
/// stay for ever.
enum class LinkAction : uint8_t {
  kAcknowledge = 1,
  kView = 2,     ///< state and ETA
  kConfirm = 3,  ///< the resolution works
  kReject = 4,   ///< it does not
  kRate = 5,
  kEscalate = 6,  ///< ask for escalation
  kAddFact = 7,
};
std::string_view LinkActionName(LinkAction action);  ///< `acknowledge`

/// What a link says. `subject` is a person's id, never an address: a link is readable by whoever sees it.
struct SignedLink {
  std::string tenant;  ///< IdKind::kTenant
  CaseId case_id;
  LinkAction action = LinkAction::kView;
  std::string subject;         ///< IdKind::kSubject
  int64_t intent_version = 0;  ///< the case's version whose event carried the notification intent; ≥ 0
  uint32_t intent_index = 0;   ///< its index there
  InstantMs expires_at = 0;    ///< valid before this instant, refused from it on
  bool operator==(const SignedLink&) const = default;
};

/// `Error::detail` of a refused link.
inline constexpr std::string_view kLinkMalformed = "link_malformed";         ///< kInvalidArgument
inline constexpr std::string_view kLinkUnknownKey = "link_unknown_key";      ///< kUnauthenticated
inline constexpr std::string_view kLinkBadSignature = "link_bad_signature";  ///< kUnauthenticated
inline constexpr std::string_view kLinkExpired = "link_expired";             ///< kUnauthenticated
inline constexpr std::string_view kLinkWrongAction = "link_wrong_action";    ///< kPermissionDenied

inline constexpr size_t kMaxLinkToken = 512;

/// Makes and judges the tokens of acknowledgement and requester links: base64url(payload) "." base64url(HMAC-SHA256).
/// The payload (format 1): 0x01 · key id (u8 length, bytes) · action u8 · expires be64 · case id 16 · intent version
/// be64 · intent index be32 · tenant (u8 length, bytes) · subject (u8 length, bytes). What is signed starts with a
/// label of its own, so that a key of the ring is no use for another format. A token may be used again: the effect of a
/// repeat is the decider's affair (idempotent by intent). Immutable; any thread. About 2 µs each way.
class LinkSigner {
 public:
  explicit LinkSigner(KeyRing keys) : keys_(std::move(keys)) {}

  /// At most kMaxLinkToken characters, all safe in a URL's path. InvalidField for a tenant, subject or version that no
  /// link can carry.
  Result<std::string> Make(const SignedLink& link) const;
  /// Any action: for the page that dispatches by it.
  Result<SignedLink> Verify(std::string_view token, InstantMs now) const;
  /// As above, and the link must be for `wanted`.
  Result<SignedLink> Verify(std::string_view token, LinkAction wanted, InstantMs now) const;

 private:
  KeyRing keys_;
};

}  // namespace escalon
