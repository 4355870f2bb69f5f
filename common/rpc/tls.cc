#include "common/rpc/tls.h"

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <fstream>
#include <sstream>
#include <tuple>
#include <utility>

namespace escalon::rpc {
namespace {

constexpr unsigned kRefreshSeconds = 5;

Result<std::string> ReadPem(const std::string& field, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  if (!in || !(bytes << in.rdbuf())) {  // a stream catches what the buffer of a folder throws
    return InvalidField(field, "cannot read " + path + "; give a readable PEM file");
  }
  const std::string text = std::move(bytes).str();
  if (text.find("-----BEGIN ") == std::string::npos) {
    return InvalidField(field, path + " is no PEM file; it must have a -----BEGIN line");
  }
  return text;
}

struct Pems {
  std::string certificate, key, authority;
};

Result<Pems> ReadAll(const TlsFiles& files) {
  Pems pems;
  for (const auto& [field, path, to] :
       {std::tuple{"tls.certificate", &files.certificate, &pems.certificate},
        std::tuple{"tls.key", &files.key, &pems.key}, std::tuple{"tls.authority", &files.authority, &pems.authority}}) {
    if (path->empty()) continue;
    Result<std::string> pem = ReadPem(field, *path);
    if (!pem) return pem.error();
    *to = std::move(*pem);
  }
  if (pems.certificate.empty() != pems.key.empty()) {
    return InvalidField(pems.key.empty() ? "tls.key" : "tls.certificate",
                        "missing; certificate and key belong together");
  }
  return pems;
}

/// Reads the files again when they change; what it could not read leaves the earlier ones in force.
std::shared_ptr<grpc::experimental::CertificateProviderInterface> Watch(const TlsFiles& files) {
  return std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(files.key, files.certificate,
                                                                              files.authority, kRefreshSeconds);
}

}  // namespace

Result<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(const std::optional<TlsFiles>& files) {
  if (!files) return grpc::InsecureServerCredentials();
  Result<Pems> pems = ReadAll(*files);
  if (!pems) return pems.error();
  if (pems->certificate.empty()) return InvalidField("tls.certificate", "missing; a server with TLS needs one");
  grpc::experimental::TlsServerCredentialsOptions options(Watch(*files));
  options.watch_identity_key_cert_pairs();
  if (pems->authority.empty()) {
    options.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  } else {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc::experimental::TlsServerCredentials(options);
}

Result<std::shared_ptr<grpc::ChannelCredentials>> MakeChannelCredentials(const std::optional<TlsFiles>& files) {
  if (!files) return grpc::InsecureChannelCredentials();
  Result<Pems> pems = ReadAll(*files);
  if (!pems) return pems.error();
  if (pems->authority.empty()) return InvalidField("tls.authority", "missing; a client with TLS needs one");
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watch(*files));
  options.watch_root_certs();
  if (!pems->certificate.empty()) options.watch_identity_key_cert_pairs();
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace escalon::rpc
