#include "common/cluster/trust.h"

#include <utility>

#include "common/security/identity_token.h"

namespace escalon::cluster {

runtime::Options TrustOptions() {
  return {
      runtime::PathOption("credentials.file", "credentials.yaml",
                          "Who may call: API keys, hashed. Read again when it changes."),
      runtime::StringOption("identity.issuer", "",
                            "Identity provider whose tokens are credentials too, as `iss` has it; empty: API keys "
                            "alone.",
                            "https://login.example/realms/desk"),
      runtime::StringOption("identity.audience", "", "What `aud` of those tokens must hold.", "escalon"),
      runtime::PathOption("identity.keys_file", "",
                          "The provider's public keys, a JWK set; read again when a token names a new one."),
      runtime::StringOption("identity.tenant_claim", "tenant", "Claim that names the tenant.", "organisation.id"),
      runtime::StringOption("identity.roles_claim", "roles", "Claim that lists the roles.", "realm_access.roles"),
      runtime::StringOption("identity.roles_prefix", "", "Only roles that begin so count, without it.", "escalon-"),
      runtime::PathOption(
          "tls.certificate", "",
          "PEM file of this service's certificate, for its gRPC port and towards other services; empty: "
          "plain text."),
      runtime::PathOption("tls.key", "", "PEM file of its key."),
      runtime::PathOption("tls.authority", "",
                          "PEM file of the authority that signed the services' certificates: theirs are demanded and "
                          "checked both ways."),
  };
}

Result<std::unique_ptr<Credentials>> CredentialsFromConfig(const runtime::Config& config) {
  auto credentials = Credentials::Load(config.GetString("credentials.file"));
  if (!credentials.ok() || config.GetString("identity.issuer").empty()) return credentials;
  IdentityRules rules;
  rules.issuer = config.GetString("identity.issuer");
  rules.audience = config.GetString("identity.audience");
  rules.tenant_claim = config.GetString("identity.tenant_claim");
  rules.roles_claim = config.GetString("identity.roles_claim");
  rules.roles_prefix = config.GetString("identity.roles_prefix");
  auto tokens = IdentityTokens::Load(std::move(rules), config.GetString("identity.keys_file"));
  if (!tokens.ok()) return tokens.error();
  (*credentials)->Accept(std::move(*tokens));
  return credentials;
}

std::optional<rpc::TlsFiles> TlsFromConfig(const runtime::Config& config) {
  rpc::TlsFiles files{config.GetString("tls.certificate"), config.GetString("tls.key"),
                      config.GetString("tls.authority")};
  if (files.certificate.empty() && files.key.empty() && files.authority.empty()) return std::nullopt;
  return files;
}

}  // namespace escalon::cluster
