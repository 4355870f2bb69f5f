#include "common/rpc/tls.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/certificate.h"
#include "tests/unit/rpc/rpc_support.h"

namespace escalon::rpc {
namespace {

TlsFiles MakeFiles(const std::string& folder) {
  const auto files = escalon::test::WriteCertificate(folder);
  EXPECT_TRUE(files.ok());
  return {files->certificate, files->key, files->authority};
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
