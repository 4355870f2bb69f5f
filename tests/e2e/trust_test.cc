// A cluster whose services believe each other by certificate, and callers by the tokens of an identity provider too.
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>

#include <algorithm>
#include <fstream>

#include "common/rpc/tls.h"
#include "common/runtime/system_clock.h"
#include "tests/e2e/contract_calls.h"
#include "tests/support/certificate.h"
#include "tests/support/cluster/cluster.h"
#include "tests/support/cluster/door.h"
#include "tests/support/plain_http.h"
#include "tests/support/token_issuer.h"

namespace escalon::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr char kIssuer[] = "https://login.example/realms/desk";

class Trust : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto files = WriteCertificate(dir_->path());
    ASSERT_TRUE(files.ok()) << files.error().message;
    files_ = *files;
    const std::string keys = dir_->path() + "/keys.json";
    std::ofstream(keys) << json{{"keys", json::array({issuer_.Jwk()})}}.dump();
    ClusterOptions options;
    options.services = {"intake", "triage", "sla-timer", "notification"};
    options.settings[""] = {{"tls.certificate", files->certificate}, {"tls.key", files->key},
                            {"tls.authority", files->authority},     {"identity.issuer", kIssuer},
                            {"identity.audience", "escalon"},        {"identity.keys_file", keys}};
    auto started = Cluster::Start(std::move(options));
    ASSERT_TRUE(started.ok()) << started.error().message;
    cluster_ = std::move(*started);
  }
  static void TearDownTestSuite() {
    cluster_.reset();
    dir_.reset();
  }
  void SetUp() override { ASSERT_NE(cluster_, nullptr); }

  static std::string TokenOf(const std::string& subject, const std::string& tenant, const std::string& role) {
    const int64_t now = runtime::SystemClock().WallMs() / kSecondMs;
    return "Bearer " + issuer_.Sign({{"iss", kIssuer},
                                     {"aud", "escalon"},
                                     {"sub", subject},
                                     {"tenant", tenant},
                                     {"roles", {role}},
                                     {"iat", now},
                                     {"exp", now + 600}});
  }
  static HttpAnswer Http(const std::string& method, const std::string& path, const std::string& authorization,
                         const json& body = nullptr) {
    const auto answer = HttpCall(cluster_->node("intake").http_port(), method, path, body.is_null() ? "" : body.dump(),
                                 {"Content-Type: application/json", "Authorization: " + authorization});
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    return answer.ok() ? *answer : HttpAnswer{};
  }
  /// What a health check of the node hears over such a channel.
  grpc::StatusCode Health(const std::string& node, const std::optional<rpc::TlsFiles>& files) {
    const auto channel = grpc::CreateChannel(cluster_->node(node).address(), *rpc::MakeChannelCredentials(files));
    const auto method = *std::find_if(calls_.methods().begin(), calls_.methods().end(),
                                      [](const auto* m) { return m->name() == "ListClocks"; });
    return calls_.Call(channel, method, *calls_.RequestOf(method), cluster_->keys().Of("mia"), std::chrono::seconds(2))
        .status.error_code();
  }

  static inline std::unique_ptr<TempDir> dir_ = std::make_unique<TempDir>();
  static inline const IssuerKey issuer_ = IssuerKey::Ec("k1");
  static inline CertificateFiles files_;
  static inline std::unique_ptr<Cluster> cluster_;
  ContractCalls calls_;
};

TEST_F(Trust, a_case_goes_its_way_among_services_that_know_each_other_by_certificate) {
  const Door source(*cluster_, "source"), ann(*cluster_, "ann");
  const std::string id = source.Submit(Incident("INC-1"));
  const auto assigned = cluster_->log().Wait(IdOf(id), [](const Case& c) { return c.state == CaseState::kAssigned; });
  ASSERT_NE(assigned, nullptr);
  EXPECT_FALSE(assigned->triaged_by_fallback) << "triage did not reach the owner";
  EXPECT_EQ(ann.Command(id, {{"acknowledge", json::object()}}).status, 200);
  // The door reaches the others: their calls are passed on.
  const rpc::TlsFiles whole{files_.certificate, files_.key, files_.authority};
  EXPECT_EQ(Health("intake", whole), grpc::StatusCode::OK);
  EXPECT_EQ(Health("intake", rpc::TlsFiles{"", "", files_.authority}), grpc::StatusCode::OK)
      << "clients of the door need no certificate";
  EXPECT_EQ(Health("intake", std::nullopt), grpc::StatusCode::UNAVAILABLE) << "the door talks plain text";
  for (const char* inside : {"sla-timer", "notification", "triage", "routing-0"}) {
    EXPECT_NE(Health(inside, whole), grpc::StatusCode::UNAVAILABLE) << inside;
    EXPECT_EQ(Health(inside, rpc::TlsFiles{"", "", files_.authority}), grpc::StatusCode::UNAVAILABLE)
        << inside << " takes calls without a certificate";
    EXPECT_EQ(Health(inside, std::nullopt), grpc::StatusCode::UNAVAILABLE) << inside << " talks plain text";
  }
}

TEST_F(Trust, a_token_of_the_identity_provider_is_a_credential_of_its_tenant) {
  const HttpAnswer opened = Http("POST", "/v1/cases", TokenOf("itsm", "acme", "integrator"), Incident("INC-2"));
  ASSERT_EQ(opened.status, 201) << opened.body;
  const std::string id = json::parse(opened.body).value("case_id", "");
  const auto c = cluster_->log().Wait(IdOf(id), [](const Case& now) { return now.state == CaseState::kAssigned; });
  ASSERT_NE(c, nullptr);
  const std::string path = "/v1/cases/" + id + "?min_version=" + std::to_string(c->version);
  EXPECT_EQ(Http("GET", path, TokenOf("ann", "acme", "agent")).status, 200);
  EXPECT_EQ(Http("GET", path, TokenOf("ann", "globex", "agent")).status, 404);
  EXPECT_EQ(
      Http("POST", "/v1/cases/" + id + "/commands", TokenOf("eve", "acme", "reader"), {{"acknowledge", json::object()}})
          .status,
      403);
  EXPECT_EQ(
      Http("POST", "/v1/cases/" + id + "/commands", TokenOf("ann", "acme", "agent"), {{"acknowledge", json::object()}})
          .status,
      200);
  const auto acknowledged =
      cluster_->log().Wait(IdOf(id), [](const Case& now) { return now.state == CaseState::kAcknowledged; });
  ASSERT_NE(acknowledged, nullptr);
  EXPECT_EQ(acknowledged->acknowledged_by, "ann") << "who did it is who the token says";
  EXPECT_EQ(Http("GET", path, TokenOf("x", "acme", "service")).status, 403) << "a token made a service";
  std::string forged = TokenOf("ann", "acme", "agent");
  forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Http("GET", path, forged).status, 401);
  // By gRPC, and through the door to another service, which judges it anew.
  for (const auto method : calls_.methods()) {
    if (method->name() != "ListClocks") continue;
    const auto channel = cluster_->node("intake").channel();
    const auto request = calls_.RequestOf(method);
    EXPECT_TRUE(calls_.Call(channel, method, *request, TokenOf("ann", "acme", "agent")).status.ok());
    EXPECT_EQ(calls_.Call(channel, method, *request, forged).status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  }
}

}  // namespace
}  // namespace escalon::test
