#include "common/rpc/tls.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
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

void Install(const TlsFiles& from, const TlsFiles& to) {
  for (const auto& [source, target] : {std::pair{from.key, to.key}, {from.certificate, to.certificate}}) {
    std::filesystem::copy_file(source, target + ".new", std::filesystem::copy_options::overwrite_existing);
    std::filesystem::rename(target + ".new", target);
  }
}

std::string TextOf(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(Tls, new_certificates_are_taken_up_while_the_server_runs) {
  const escalon::test::TempDir old_folder, new_folder, folder;
  const TlsFiles old_files = MakeFiles(old_folder.path()), new_files = MakeFiles(new_folder.path());
  // For a while both authorities are believed: docs/operations.md, Keys.
  TlsFiles files{folder.path() + "/cert.pem", folder.path() + "/key.pem", folder.path() + "/authority.pem"};
  Install(old_files, files);
  std::ofstream(files.authority) << TextOf(old_files.authority) << TextOf(new_files.authority);
  test::Keys keys;
  test::FakeKeeper keeper;
  test::Instance instance(keys, keeper);
  ServerOptions options;
  options.tls = files;
  const auto server = Server::Start(options, {instance.service->service()}, instance.clock, runtime::Logger());
  ASSERT_TRUE(server) << server.error().message;
  const std::string address = "127.0.0.1:" + std::to_string((*server)->port());
  // Believes only servers that bear the certificate, which it bears itself.
  const auto answered = [&](const TlsFiles& believed, uint64_t n, DurationMs within) {
    test::Client client(keys, {address}, [&](KeeperClientOptions& o) { o.tls = believed; });
    return client.Ask(test::MakeCommand(n, std::to_string(n), client.In(within))).ok();
  };
  test::Client standing(keys, {address}, [&](KeeperClientOptions& o) { o.tls = files; });
  ASSERT_TRUE(standing.Ask(test::MakeCommand(1, "a", standing.In(20'000))));
  ASSERT_FALSE(answered(new_files, 2, 500));
  Install(new_files, files);
  bool taken_up = false;
  for (uint64_t n = 3; n < 60 && !taken_up; ++n) taken_up = answered(new_files, n, 1000);
  EXPECT_TRUE(taken_up);
  EXPECT_FALSE(answered(old_files, 100, 500)) << "the old certificate is still shown";
  EXPECT_TRUE(standing.Ask(test::MakeCommand(101, "b", standing.In(20'000)))) << "a connection that stood was cut";
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
