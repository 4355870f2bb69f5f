// Secrets and personal words are planted everywhere they may be, a case lives a whole life at the most talkative log
// level, and then none of them may stand in a log, in what the admin servers show or in a command line.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "tests/e2e/end_to_end.h"
#include "tests/support/plain_http.h"

namespace escalon::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kRedisPassword[] = "planted-redis-password";
constexpr char kSaslPassword[] = "planted-sasl-password";
constexpr char kDescription[] = "planted description: my pin is 4711";
constexpr char kName[] = "Planted Person";
constexpr char kContact[] = "mail:planted@customer.example";
constexpr char kNote[] = "planted note about the customer";
constexpr char kSolution[] = "planted solution";
constexpr char kRefused[] = "planted text of a refused submission";

std::string FileText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class PlantedSecrets : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    sink_ = std::make_unique<Sink>();
    ClusterOptions options;
    options.services = {"intake", "triage", "sla-timer", "notification"};
    options.roster = TestRoster(sink_->port());
    options.settings[""] = {{"log.level", "debug"}};
    options.redis_password = kRedisPassword;
    options.secrets = {{"ESCALON_KAFKA_SASL_PASSWORD", kSaslPassword}};
    auto started = Cluster::Start(std::move(options));
    ASSERT_TRUE(started.ok()) << started.error().message;
    cluster_ = std::move(*started);
  }
  static void TearDownTestSuite() {
    cluster_.reset();
    sink_.reset();
  }
  void SetUp() override { ASSERT_NE(cluster_, nullptr); }

  /// What each secret is called in a failure → its text.
  std::map<std::string, std::string> Secrets() const {
    std::map<std::string, std::string> out = {{"redis password", kRedisPassword},
                                              {"kafka password", kSaslPassword},
                                              {"description", kDescription},
                                              {"name", kName},
                                              {"contact", kContact},
                                              {"note", kNote},
                                              {"solution", kSolution},
                                              {"refused text", kRefused}};
    for (const char* subject :
         {"intake", "triage", "routing", "sla-timer", "notification", "operator", "source", "ann"}) {
      const std::string token = cluster_->keys().Token(subject);
      out[std::string("API key of ") + subject] = token.substr(token.rfind('_') + 1);
    }
    // Every long word of the secrets' files: base64 of keys, whsec_ texts.
    for (const char* file : {"links.keys", "sealing.keys", "webhook.secrets", "webhooks.yaml"}) {
      std::istringstream words(FileText(cluster_->dir() + "/" + file));
      for (std::string word; words >> word;) {
        while (word.find_first_of("[]},") != std::string::npos) word.erase(word.find_first_of("[]},"), 1);
        if (word.size() >= 32) out[file] = word;
      }
    }
    return out;
  }

  static inline std::unique_ptr<Sink> sink_;
  static inline std::unique_ptr<Cluster> cluster_;
};

TEST_F(PlantedSecrets, stand_in_no_log_no_metric_no_configuration_and_no_command_line) {
  const Door source(*cluster_, "source"), ann(*cluster_, "ann"), nobody(*cluster_, "");
  json incident = Incident("INC-1");
  incident["description"] = kDescription;
  incident["requester"] = {{"id", "rita"}, {"name", kName}, {"contact", kContact}};
  const std::string id = source.Submit(incident);
  const Message page = sink_->Await("ann", id);
  const std::string link = page.link("acknowledge");
  ASSERT_THAT(link, HasSubstr("/l/"));
  EXPECT_EQ(nobody.PostRaw(link, "").status, 200);
  EXPECT_EQ(ann.Command(id, {{"add_note", {{"text", kNote}}}}).status, 200);
  EXPECT_EQ(ann.Command(id, {{"resolve", {{"text", kSolution}}}}).status, 200);
  ASSERT_NE(cluster_->log().Wait(IdOf(id), [](const Case& c) { return c.state == CaseState::kResolved; }), nullptr);
  // What goes wrong is what gets logged.
  EXPECT_EQ(source.PostRaw("/v1/cases", std::string("{\"title\": \"") + kRefused + "\", \"nonsense\": 1}").status, 400);
  EXPECT_EQ(nobody.Get("/v1/cases/" + id).status, 401);
  EXPECT_EQ(ann.Post("/v1/policies", {{"yaml", kRefused}}).status, 403);
  EXPECT_EQ(source.PostRaw("/v1/webhooks/signed", std::string("{\"title\": \"") + kRefused + "\"}").status, 401);
  EXPECT_THAT(nobody.Get(link.substr(0, link.size() - 1)).status, ::testing::AnyOf(400, 401, 403));

  std::map<std::string, std::string> secrets = Secrets();
  secrets["signed link"] = link.substr(link.find("/l/") + 3);
  ASSERT_GE(secrets.size(), 21u);
  for (const std::string& name : cluster_->names()) {
    Node& node = cluster_->node(name);
    std::map<std::string, std::string> places = {
        {"log", FileText(cluster_->dir() + "/" + name + ".log")},
        {"configuration file", FileText(cluster_->dir() + "/" + name + ".yaml")},
        {"command line", FileText("/proc/" + std::to_string(node.pid()) + "/cmdline")}};
    for (const char* path : {"/metrics", "/configz", "/readyz", "/healthz", "/version"}) {
      const Result<std::string> shown = node.Admin(path);
      ASSERT_TRUE(shown.ok()) << shown.error().message;
      places[path] = *shown;
    }
    // The search itself can find something.
    EXPECT_THAT(places["log"], HasSubstr("starting")) << name;
    EXPECT_THAT(places["/configz"], HasSubstr("service.key")) << name;
    for (const auto& [place, text] : places) {
      for (const auto& [what, secret] : secrets) {
        EXPECT_EQ(text.find(secret), std::string::npos) << name << ": the " << what << " stands in " << place;
      }
    }
  }
}

}  // namespace
}  // namespace escalon::test
