#pragma once

#include <memory>
#include <optional>

#include "common/core/result.h"
#include "common/rpc/tls.h"
#include "common/runtime/config.h"
#include "common/runtime/options.h"
#include "common/security/credentials.h"

/// Whom a service believes: callers by API key or token, other services by certificate. Used by composition roots.
namespace escalon::cluster {

/// credentials.file, identity.*, tls.*.
runtime::Options TrustOptions();

/// API keys, and with identity.issuer the tokens of an identity provider.
Result<std::unique_ptr<Credentials>> CredentialsFromConfig(const runtime::Config& config);

/// TLS among the services, both ways; nullopt: plain text.
std::optional<rpc::TlsFiles> TlsFromConfig(const runtime::Config& config);

}  // namespace escalon::cluster
