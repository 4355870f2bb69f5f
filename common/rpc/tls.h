#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/core/result.h"

namespace grpc {
class ChannelCredentials;
class ServerCredentials;
}  // namespace grpc

namespace escalon::rpc {

/// Paths of PEM files. A server needs certificate and key, and with an authority also demands certificates of its
/// clients; a client needs the authority, and certificate and key only when the server demands them. Files that change
/// are taken up within some seconds by connections that begin from then on; those that stand go on.
struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string authority;
};

/// Without files: plain text. Errors name `tls.certificate`, `tls.key` or `tls.authority`.
Result<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(const std::optional<TlsFiles>& files);
Result<std::shared_ptr<grpc::ChannelCredentials>> MakeChannelCredentials(const std::optional<TlsFiles>& files);

}  // namespace escalon::rpc
