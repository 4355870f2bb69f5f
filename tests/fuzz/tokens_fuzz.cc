// What a stranger may hand in to prove who he is: links, webhook signatures, claims and keys of an identity provider.
#include "common/security/identity_token.h"
#include "common/security/json_web_key.h"
#include "common/security/signed_link.h"
#include "common/security/webhook_signature.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace escalon;

constexpr InstantMs kNow = 1'903'190'400'000;

const LinkSigner& Links() {
  static const LinkSigner links(KeyRing::Parse("keys", NewKeyRingLine("k1")).value());
  return links;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = fuzz::TextOf(data, size);
  fuzz::Must(!Links().Verify(text, kNow).ok(), "nobody makes a link without the key");
  (void)JsonWebKeys::Parse("keys", text);
  const auto principal = PrincipalOfClaims(text, {.issuer = "https://id.example", .audience = "escalon"}, kNow);
  if (principal.ok()) {
    fuzz::Must(!principal->roles.Has(Role::kService), "no token makes a service");
    fuzz::Must(principal->tenant != "*", "no token is of all tenants");
  }
  const size_t split = text.find('\n');
  const std::string_view header = text.substr(0, split);
  const std::string_view body = split == std::string_view::npos ? std::string_view() : text.substr(split + 1);
  static constexpr SignatureScheme kSchemes[] = {SignatureScheme::kStandardWebhooks, SignatureScheme::kGitHub,
                                                 SignatureScheme::kPagerDutyV3,      SignatureScheme::kSlack,
                                                 SignatureScheme::kZendesk,          SignatureScheme::kGrafana};
  static const auto* const verifiers = [] {
    auto* all = new std::vector<WebhookVerifier>;
    for (const SignatureScheme scheme : kSchemes) {
      std::vector<Secret> secrets;
      secrets.push_back(ParseWebhookSecret("secret", NewWebhookSecret()).value());
      all->push_back(WebhookVerifier::Create("source", scheme, std::move(secrets)).value());
    }
    return all;
  }();
  for (const WebhookVerifier& verifier : *verifiers) {
    const auto verified = verifier.Verify([header](std::string_view) { return header; }, body, kNow);
    fuzz::Must(!verified.ok(), "nobody signs without the secret");
  }
  return 0;
}
