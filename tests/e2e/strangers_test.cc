// Every gRPC method of the contract and every HTTP route of the served document, tried without a credential, with
// broken ones and with those of another tenant (DESIGN §5.12): nothing of the owner's is shown, nothing of it changes.
// Each request is one that works for somebody: a check that refuses only because the request is wrong would prove
// nothing.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/e2e/contract_calls.h"
#include "tests/e2e/end_to_end.h"

namespace escalon::test {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using nlohmann::json;
using std::chrono::milliseconds;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr milliseconds kStreamPatience{400};  ///< a watch that is allowed never ends by itself
constexpr char kTitle[] = "the-title-of-acme";
constexpr char kDescription[] = "the-words-of-acme";

/// What only acme's own people may ever see in an answer.
struct Canaries {
  std::vector<std::string> all;
  std::vector<std::string> In(const std::string& text) const {
    std::vector<std::string> found;
    for (const std::string& canary : all) {
      if (text.find(canary) != std::string::npos) found.push_back(canary);
    }
    return found;
  }
};

class Strangers : public EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    json incident = Incident(Fresh("INC"));
    number_ = incident["external_ref"];
    incident["title"] = kTitle;
    incident["description"] = kDescription;
    incident["dedup_key"] = number_;
    id_ = source_.Submit(incident);
    const auto c = AwaitState(id_, CaseState::kAssigned);
    source_.Case(id_, c->version);  // the view has it: it can be listed
    const std::string raw(IdOf(id_).AsBytes());
    canaries_ = {{id_, raw, kTitle, kDescription, number_}};
  }

  /// The number that the case's log and the rules had when it was looked at.
  struct State {
    uint64_t version;
    std::string policies, roster;
    bool operator==(const State&) const = default;
  };
  State Now() {
    EXPECT_TRUE(cluster().log().CatchUp().ok());
    const auto c = cluster().log().Get(IdOf(id_));
    return {c == nullptr ? 0 : c->version, mia_.Get("/v1/policies").body, mia_.Get("/v1/roster").body};
  }

  void Fill(Message& request);
  void FillField(Message& message, const FieldDescriptor& field);

  std::string id_, number_;
  Canaries canaries_;
  ContractCalls calls_;
};

/// By the meaning of a field's name; what it does not know stays empty, and the control says whether that will do.
void Strangers::FillField(Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  const std::map<std::string, std::string> texts = {
      {"case_id", id_},   {"case_ids", id_},  {"tenant", "acme"},        {"person", "ann"},
      {"teams", "desk"},  {"source", "itsm"}, {"external_ref", number_}, {"yaml", TestPolicy()},
      {"text", "a test"}, {"channel", "log"}, {"ids", "0/0/0"},          {"decision", "vendor"},
  };
  if (field.type() == FieldDescriptor::TYPE_BYTES) {
    const std::string raw(IdOf(id_).AsBytes());
    if (field.name() == "case_ids") reflection.AddString(&message, &field, raw);
    return;
  }
  if (field.name() == "dry_run") return reflection.SetBool(&message, &field, true);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const auto sub = [&]() {
      return field.is_repeated() ? reflection.AddMessage(&message, &field)
                                 : reflection.MutableMessage(&message, &field);
    };
    const std::string type = field.message_type()->name();
    std::string body;
    if (type == "Submission") {
      json submission = Incident(Fresh("stranger"));
      submission["dedup_key"] = number_;  // of acme's open case: it must not be joined
      body = submission.dump();
    } else if (type == "Command") {
      body = json{{"command_id", Fresh("stranger")}, {"log_attempt", {{"what", "mine now"}}}}.dump();
    } else if (type == "Facts") {
      body = R"({"kind": "incident", "title": "x", "impact": "GRADE_HIGH", "urgency": "GRADE_HIGH"})";
    } else if (type == "CaseFilter") {
      body = R"({"team": "desk"})";
    }
    if (!body.empty()) {
      EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(body, sub()).ok()) << type;
    }
    return;
  }
  if (field.type() != FieldDescriptor::TYPE_STRING) return;
  const auto text = texts.find(field.name());
  if (text == texts.end()) return;
  if (field.is_repeated()) return reflection.AddString(&message, &field, text->second);
  reflection.SetString(&message, &field, text->second);
}

void Strangers::Fill(Message& request) {
  for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
    FillField(request, *request.GetDescriptor()->field(i));
  }
  // A policy and a roster are both `yaml`.
  if (request.GetDescriptor()->full_name().starts_with("escalon.roster.")) {
    if (const FieldDescriptor* yaml = request.GetDescriptor()->FindFieldByName("yaml"))
      request.GetReflection()->SetString(&request, yaml, TestRoster());
  }
}

std::string NameOf(ContractCalls::Method method) { return method->service()->name() + "/" + method->name(); }

TEST_F(Strangers, no_method_answers_without_a_credential_or_with_a_broken_one) {
  std::string broken = cluster().keys().Of("ann");
  broken.back() = broken.back() == '0' ? '1' : '0';
  std::set<std::string> served;
  const State before = Now();
  for (const std::string& node : cluster().names()) {
    const auto channel = cluster().node(node).channel();
    for (const auto method : calls_.methods()) {
      const auto request = calls_.RequestOf(method);
      Fill(*request);
      for (const std::string& credential :
           {std::string(), std::string("Bearer x"), broken, std::string("Basic YTpi")}) {
        const auto answer = calls_.Call(channel, method, *request, credential, kStreamPatience);
        if (!answer.served()) break;
        served.insert(NameOf(method));
        EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAUTHENTICATED)
            << node << " " << NameOf(method) << ": " << answer.status.error_message();
        EXPECT_THAT(answer.bytes, IsEmpty()) << node << " " << NameOf(method);
        EXPECT_THAT(answer.status.error_message(), Not(HasSubstr(broken.substr(20)))) << "it repeats the credential";
      }
    }
  }
  for (const auto method : calls_.methods()) {
    EXPECT_TRUE(served.contains(NameOf(method))) << NameOf(method) << " is served nowhere: remove it or serve it";
  }
  EXPECT_EQ(Now(), before);
}

TEST_F(Strangers, no_method_shows_or_changes_what_is_another_tenants) {
  const State before = Now();
  for (const std::string& node : cluster().names()) {
    const auto channel = cluster().node(node).channel();
    for (const auto method : calls_.methods()) {
      const auto request = calls_.RequestOf(method);
      Fill(*request);
      for (const char* stranger : {"globex-ann", "globex-source", "globex-operator"}) {
        const auto answer = calls_.Call(channel, method, *request, cluster().keys().Of(stranger), kStreamPatience);
        if (!answer.served()) break;
        const std::string where = node + " " + NameOf(method) + " as " + stranger;
        EXPECT_THAT(canaries_.In(answer.bytes), IsEmpty()) << where;
        EXPECT_NE(answer.status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << where;
        EXPECT_NE(answer.status.error_code(), grpc::StatusCode::INTERNAL) << where;
        const bool one_case = request->GetDescriptor()->FindFieldByName("case_id") != nullptr;
        if (one_case && answer.status.ok()) {
          EXPECT_THAT(answer.bytes, IsEmpty()) << where << " knows something of a case that is not theirs";
        }
      }
    }
  }
  EXPECT_EQ(Now(), before);
  // The stranger's submissions under the same dedup key went elsewhere.
  EXPECT_EQ(cluster().log().Get(IdOf(id_))->reports, 1u);
}

TEST_F(Strangers, each_of_these_requests_works_for_somebody) {
  // A case that may be changed, for those who may.
  for (const auto method : calls_.methods()) {
    std::string heard;
    bool works = false;
    for (const std::string& node : cluster().names()) {
      for (const char* holder : {"mia", "source", "operator", "routing"}) {
        const auto request = calls_.RequestOf(method);
        Fill(*request);
        const auto answer =
            calls_.Call(cluster().node(node).channel(), method, *request, cluster().keys().Of(holder), kStreamPatience);
        if (!answer.served()) break;
        // A stream that is read for a while ends by the reader's own deadline; a shard that serves needs no
        // reconciling.
        const grpc::StatusCode code = answer.status.error_code();
        works |= answer.status.ok() || code == grpc::StatusCode::DEADLINE_EXCEEDED ||
                 code == grpc::StatusCode::FAILED_PRECONDITION;
        heard += "\n  " + node + " to " + holder + ": " + answer.status.error_message();
      }
    }
    EXPECT_TRUE(works) << NameOf(method) << " refuses everybody: teach FillField what it wants" << heard;
  }
}

struct Operation {
  std::string method, path, body;
  bool open = false;  ///< needs no API key, or has another kind of credential
};

class HttpStrangers : public Strangers {
 protected:
  /// All of the document that intake serves, with the places in the paths filled.
  std::vector<Operation> Operations() {
    const std::map<std::string, std::string> places = {
        {"{id}", id_}, {"{source}", "monitor"}, {"{token}", "bm90IGEgdG9rZW4.bm90IGEgdG9rZW4"}};
    std::vector<Operation> out;
    const YAML::Node document = YAML::Load(Door(cluster(), "").Get("/openapi.yaml").body);
    for (const auto& path : document["paths"]) {
      std::string filled = path.first.as<std::string>();
      const bool policy = filled.starts_with("/v1/policies/");
      for (const auto& [place, value] : places) {
        const size_t at = filled.find(place);
        if (at != std::string::npos) filled.replace(at, place.size(), policy ? "test" : value);
      }
      EXPECT_THAT(filled, Not(HasSubstr("{"))) << "say what stands in its place";
      for (const auto& operation : path.second) {
        std::string method = operation.first.as<std::string>();
        if (method != "get" && method != "post" && method != "put" && method != "patch" && method != "delete") continue;
        for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
        out.push_back({method, filled + Query(filled), BodyOf(method, filled), IsOpen(operation.second)});
      }
    }
    return out;
  }

 private:
  static bool IsOpen(const YAML::Node& operation) {
    const YAML::Node security = operation["security"];
    return security && security.size() == 1 && security[0].size() == 0;
  }
  std::string Query(const std::string& path) const {
    if (path == "/v1/cases:lookup") return "?source=itsm&external_ref=" + number_;
    if (path.ends_with("/explanations")) return "?person=ann";
    if (path.ends_with("/authority")) return "?decision=vendor&person=ann";
    if (path == "/v1/roster/on-call") return "?team=desk";
    return {};
  }
  std::string BodyOf(const std::string& method, const std::string& path) {
    if (method == "GET") return {};
    json submission = Incident(Fresh("stranger"));
    submission["dedup_key"] = number_;
    if (path == "/v1/cases") return submission.dump();
    if (path == "/v1/cases:batch") return json{{"submissions", json::array({submission})}}.dump();
    if (path.ends_with("/commands"))
      return json{{"command_id", Fresh("stranger")}, {"log_attempt", {{"what", "mine now"}}}}.dump();
    if (path.starts_with("/v1/policies")) return json{{"yaml", TestPolicy()}}.dump();
    if (path.starts_with("/v1/roster")) return json{{"yaml", TestRoster()}}.dump();
    if (path.starts_with("/v1/webhooks/")) return submission.dump();
    if (path.starts_with("/l/")) return {};
    ADD_FAILURE() << path << " is new: say what a good body of it is";
    return {};
  }
};

TEST_F(HttpStrangers, no_route_answers_without_a_credential) {
  const State before = Now();
  const std::vector<Operation> all = Operations();
  ASSERT_GE(all.size(), 20u);
  for (const Operation& operation : all) {
    const auto answer = Door(cluster(), "").Call(operation.method, operation.path, operation.body);
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    const std::string where = operation.method + " " + operation.path + ": " + answer->body.substr(0, 200);
    if (!operation.open) {
      EXPECT_EQ(answer->status, 401) << where;
    } else if (operation.path.starts_with("/l/")) {
      EXPECT_THAT(answer->status, AnyOf(400, 401, 403)) << where;
    } else {
      EXPECT_EQ(operation.path, "/openapi.yaml") << "is open to everybody: is that meant?";
    }
    EXPECT_THAT(canaries_.In(answer->body), IsEmpty()) << where;
  }
  EXPECT_EQ(Now(), before);
}

TEST_F(HttpStrangers, no_route_shows_or_changes_what_is_another_tenants) {
  const State before = Now();
  for (const Operation& operation : Operations()) {
    if (operation.open) continue;
    for (const char* stranger : {"globex-ann", "globex-source", "globex-operator"}) {
      const auto answer = Door(cluster(), stranger).Call(operation.method, operation.path, operation.body);
      ASSERT_TRUE(answer.ok()) << answer.error().message;
      const std::string where =
          operation.method + " " + operation.path + " as " + stranger + ": " + answer->body.substr(0, 200);
      EXPECT_THAT(canaries_.In(answer->body), IsEmpty()) << where;
      EXPECT_NE(answer->status, 401) << where;
      EXPECT_LT(answer->status, 500) << where;
      if (operation.path.find(id_) != std::string::npos) {
        EXPECT_THAT(answer->status, AnyOf(403, 404)) << where;
      }
      if (operation.path.starts_with("/v1/webhooks/")) {
        EXPECT_EQ(answer->status, 404) << where;
      }
    }
  }
  EXPECT_EQ(Now(), before);
  EXPECT_EQ(cluster().log().Get(IdOf(id_))->reports, 1u);
}

TEST_F(HttpStrangers, each_of_these_requests_works_for_somebody) {
  for (const Operation& operation : Operations()) {
    if (operation.open) continue;
    std::string heard;
    bool works = false;
    for (const char* holder : {"source", "mia", "operator"}) {
      const auto answer = Door(cluster(), holder).Call(operation.method, operation.path, operation.body);
      ASSERT_TRUE(answer.ok()) << answer.error().message;
      works |= answer->status / 100 == 2;
      heard +=
          "\n  to " + std::string(holder) + ": " + std::to_string(answer->status) + " " + answer->body.substr(0, 200);
    }
    EXPECT_TRUE(works) << operation.method << " " << operation.path << heard;
  }
}

}  // namespace
}  // namespace escalon::test
