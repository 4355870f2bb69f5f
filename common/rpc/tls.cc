#include "common/rpc/tls.h"

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <fstream>
#include <sstream>
#include <tuple>
#include <utility>

namespace escalon::rpc {
namespace {

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

}  // namespace

Result<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(const std::optional<TlsFiles>& files) {
  if (!files) return grpc::InsecureServerCredentials();
  Result<Pems> pems = ReadAll(*files);
  if (!pems) return pems.error();
  if (pems->certificate.empty()) return InvalidField("tls.certificate", "missing; a server with TLS needs one");
  grpc::SslServerCredentialsOptions options(pems->authority.empty()
                                                ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                                : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = pems->authority;
  options.pem_key_cert_pairs.push_back({pems->key, pems->certificate});
  return grpc::SslServerCredentials(options);
}

Result<std::shared_ptr<grpc::ChannelCredentials>> MakeChannelCredentials(const std::optional<TlsFiles>& files) {
  if (!files) return grpc::InsecureChannelCredentials();
  Result<Pems> pems = ReadAll(*files);
  if (!pems) return pems.error();
  if (pems->authority.empty()) return InvalidField("tls.authority", "missing; a client with TLS needs one");
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = pems->authority;
  options.pem_private_key = pems->key;
  options.pem_cert_chain = pems->certificate;
  return grpc::SslCredentials(options);
}

}  // namespace escalon::rpc
