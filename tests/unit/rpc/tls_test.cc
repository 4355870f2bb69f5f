#include "common/rpc/tls.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

#include "tests/unit/rpc/rpc_support.h"

namespace escalon::rpc {
namespace {

/// A key and a certificate for 127.0.0.1 that it signed itself, good for an hour.
TlsFiles MakeFiles(const std::string& folder) {
  const TlsFiles files{folder + "/cert.pem", folder + "/key.pem", folder + "/cert.pem"};
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> cert(X509_new(), X509_free);
  X509_set_version(cert.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3600);
  X509_set_pubkey(cert.get(), key.get());
  X509_NAME* name = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1,
                             0);
  X509_set_issuer_name(cert.get(), name);
  for (const auto& [nid, value] :
       {std::pair{NID_subject_alt_name, "IP:127.0.0.1"}, std::pair{NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(cert.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(cert.get(), key.get(), EVP_sha256());
  std::FILE* out = std::fopen(files.key.c_str(), "w");
  PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(out);
  out = std::fopen(files.certificate.c_str(), "w");
  PEM_write_X509(out, cert.get());
  std::fclose(out);
  return files;
}

TEST(Tls, commands_go_encrypted_and_only_from_clients_with_a_certificate) {
  const escalon::test::TempDir folder;
  const TlsFiles files = MakeFiles(folder.path());
  test::Keys keys;
  test::FakeKeeper keeper;
  test::Instance instance(keys, keeper);
  ServerOptions options;
  options.tls = files;  // with an authority: demands certificates
  const auto server = Server::Start(options, {instance.service->service()}, instance.clock, runtime::Logger());
  ASSERT_TRUE(server) << server.error().message;
  const std::string address = "127.0.0.1:" + std::to_string((*server)->port());

  test::Client trusted(keys, {address}, [&](KeeperClientOptions& o) { o.tls = files; });
  EXPECT_TRUE(trusted.Ask(test::MakeCommand(1, "a", trusted.In(20'000))));
  test::Client nameless(keys, {address}, [&](KeeperClientOptions& o) { o.tls = TlsFiles{"", "", files.authority}; });
  test::Client plain(keys, {address});
  EXPECT_FALSE(nameless.Ask(test::MakeCommand(1, "b", nameless.In(300))));
  EXPECT_FALSE(plain.Ask(test::MakeCommand(1, "c", plain.In(300))));
  EXPECT_EQ(keeper.seen(), 1u);
  (*server)->Stop(0);
}

TEST(Tls, files_that_do_not_do_are_named) {
  const escalon::test::TempDir folder;
  const TlsFiles files = MakeFiles(folder.path());
  const auto field = [](const auto& made) { return made ? std::string() : made.error().fields.at(0).field; };
  EXPECT_EQ(field(MakeServerCredentials(TlsFiles{files.certificate, "", ""})), "tls.key");
  EXPECT_EQ(field(MakeServerCredentials(TlsFiles{"", files.key, ""})), "tls.certificate");
  EXPECT_EQ(field(MakeServerCredentials(TlsFiles{"", "", ""})), "tls.certificate");
  EXPECT_EQ(field(MakeServerCredentials(TlsFiles{folder.path(), files.key, ""})), "tls.certificate");
  EXPECT_EQ(field(MakeChannelCredentials(TlsFiles{"", "", ""})), "tls.authority");
  EXPECT_EQ(field(MakeChannelCredentials(TlsFiles{"", "", folder.path() + "/nothing.pem"})), "tls.authority");
  EXPECT_EQ(field(MakeChannelCredentials(std::nullopt)), "");
}

}  // namespace
}  // namespace escalon::rpc
