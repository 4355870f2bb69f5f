// Bad input and strangers, by HTTP and by gRPC: a clear error that names the field, and nothing changed (DESIGN §5.10,
// §5.12).
#include <gmock/gmock.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include "common/rpc/status.h"
#include "escalon/cases/v1/case_service.grpc.pb.h"
#include "tests/e2e/end_to_end.h"

namespace escalon::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace cs = ::escalon::cases::v1;

/// The public API by gRPC, one call at a time.
class Client {
 public:
  Client(Cluster& cluster, const std::string& subject)
      : stub_(cs::CaseService::NewStub(cluster.node("intake").channel())),
        authorization_(subject.empty() ? std::string() : cluster.keys().Of(subject)) {}

  Result<cs::CommandResult> Submit(const submission::v1::Submission& submission) {
    cs::SubmitCaseRequest request;
    *request.mutable_submission() = submission;
    cs::SubmitCaseResponse response;
    const auto context = Context();
    const grpc::Status status = stub_->SubmitCase(context.get(), request, &response);
    return Answer(status, response.result());
  }
  Result<cs::CommandResult> Execute(const std::string& id, const cs::Command& command) {
    cs::ExecuteRequest request;
    request.set_case_id(id);
    *request.mutable_command() = command;
    cs::ExecuteResponse response;
    const auto context = Context();
    const grpc::Status status = stub_->Execute(context.get(), request, &response);
    return Answer(status, response.result());
  }
  Result<cs::PublicCase> Get(const std::string& id, uint64_t min_version = 0) {
    cs::GetCaseRequest request;
    request.set_case_id(id);
    request.set_min_version(min_version);
    cs::GetCaseResponse response;
    const auto context = Context();
    const grpc::Status status = stub_->GetCase(context.get(), request, &response);
    return Answer(status, response.case_());
  }
  Result<cs::ListCasesResponse> List(const cs::ListCasesRequest& request) {
    cs::ListCasesResponse response;
    const auto context = Context();
    const grpc::Status status = stub_->ListCases(context.get(), request, &response);
    return Answer(status, response);
  }

 private:
  std::unique_ptr<grpc::ClientContext> Context() const {
    auto context = std::make_unique<grpc::ClientContext>();
    if (!authorization_.empty()) context->AddMetadata("authorization", authorization_);
    context->set_deadline(std::chrono::system_clock::now() + kPatience);
    return context;
  }
  template <typename T>
  static Result<T> Answer(const grpc::Status& status, const T& value) {
    if (status.ok()) return value;
    return rpc::FromGrpc(status);
  }
  const std::unique_ptr<cs::CaseService::Stub> stub_;
  const std::string authorization_;
};

submission::v1::Submission Plain(const std::string& key) {
  submission::v1::Submission out;
  out.set_idempotency_key(key);
  out.set_kind("incident");
  out.set_title("VPN is down");
  out.set_source("itsm");
  out.set_impact(common::v1::GRADE_MEDIUM);
  out.set_urgency(common::v1::GRADE_MEDIUM);
  return out;
}

std::vector<std::string> FieldsOf(const Error& error) {
  std::vector<std::string> out;
  for (const FieldViolation& violation : error.fields) out.push_back(violation.field);
  return out;
}

class Input : public EndToEnd {
 protected:
  size_t CasesInLog() {
    EXPECT_TRUE(cluster().log().CatchUp().ok());
    size_t sum = 0;
    cluster().log().With([&](const std::vector<LogOracle>& shards) {
      for (const LogOracle& shard : shards) sum += shard.cases().size();
    });
    return sum;
  }
  Client client_{cluster(), "source"};
};

TEST_F(Input, by_http_bad_submissions_are_named_and_make_no_case) {
  const size_t before = CasesInLog();
  struct Bad {
    std::string body, word;
    int least, most;
  };
  const std::vector<Bad> all = {
      {"{", "", 400, 400},
      {"", "", 400, 400},
      {"[]", "", 400, 400},
      {R"({"kind":"incident","title":"x","impact":"enormous"})", "impact", 400, 400},
      {R"({"kind":"incident","title":"x","nonsense":1})", "nonsense", 400, 400},
      {R"({"kind":"incident"})", "title", 400, 400},
      {R"({"kind":"incident","title":7})", "title", 400, 400},
      {"{\"kind\":\"incident\",\"title\":\"a\\u0007b\"}", "title", 400, 400},
      {"{\"kind\":\"incident\",\"title\":\"a\\u202eb\"}", "title", 400, 400},
      {"{\"kind\":\"incident\",\"title\":\"\xff\xfe\"}", "", 400, 400},
      {std::string(5000, '['), "", 400, 400},
      {R"({"kind":"incident","title":")" + std::string(2000, 'x') + "\"}", "title", 400, 400},
      {R"({"kind":"incident","title":"x","description":")" + std::string(300 * 1024, 'x') + "\"}", "", 400, 413},
      {R"({"kind":"incident","title":")" + std::string(10 << 20, 'x') + "\"}", "", 413, 413},
  };
  for (const Bad& bad : all) {
    const HttpAnswer answer = source_.PostRaw("/v1/cases", bad.body);
    EXPECT_GE(answer.status, bad.least) << bad.body.substr(0, 80) << "\n" << answer.body;
    EXPECT_LE(answer.status, bad.most) << bad.body.substr(0, 80) << "\n" << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(bad.word)) << bad.body.substr(0, 80);
  }
  EXPECT_EQ(CasesInLog(), before);
  EXPECT_EQ(source_.Get("/v1/nothing-here").status, 404);
}

TEST_F(Input, by_grpc_bad_submissions_are_named_and_make_no_case) {
  const size_t before = CasesInLog();
  const auto expect = [&](const std::function<void(submission::v1::Submission&)>& spoil, const std::string& field) {
    submission::v1::Submission submission = Plain(Fresh("bad"));
    spoil(submission);
    const auto answer = client_.Submit(submission);
    ASSERT_FALSE(answer.ok()) << field;
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalidArgument) << field << ": " << answer.error().message;
    EXPECT_THAT(FieldsOf(answer.error()), ::testing::Contains(HasSubstr(field))) << answer.error().message;
  };
  expect([](auto& s) { s.clear_title(); }, "title");
  expect([](auto& s) { s.set_title("a\x07z"); }, "title");
  expect([](auto& s) { s.set_title("line\nbreak"); }, "title");
  expect([](auto& s) { s.set_idempotency_key(std::string(5000, 'k')); }, "idempotency_key");
  expect([](auto& s) { s.set_impact(static_cast<common::v1::Grade>(77)); }, "impact");
  expect(
      [](auto& s) {
        for (int i = 0; i < 500; ++i) s.add_tags("tag" + std::to_string(i));
      },
      "tags");
  expect([](auto& s) { s.mutable_occurred_at()->set_nanos(-5); }, "occurred_at");
  submission::v1::Submission large = Plain(Fresh("large"));
  large.set_description(std::string(300 * 1024, 'x'));
  EXPECT_FALSE(client_.Submit(large).ok());
  large.set_description(std::string(10 << 20, 'x'));
  const auto huge = client_.Submit(large);
  ASSERT_FALSE(huge.ok());
  EXPECT_EQ(huge.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(CasesInLog(), before);
}

TEST_F(Input, commands_on_nothing_in_a_wrong_state_or_of_another_kind_change_nothing) {
  EXPECT_EQ(ann_.Command("01a21514-16e0-814c-8008-c75a33f6b540", {{"start_work", json::object()}}).status, 404);
  EXPECT_EQ(ann_.Command("not-an-id", {{"start_work", json::object()}}).status, 400);
  const auto opened = client_.Submit(Plain(Fresh("k")));
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const std::string id = opened->case_id();
  const auto c = AwaitState(id, CaseState::kAssigned);
  const HttpAnswer wrong = source_.Command(id, {{"confirm_resolution", json::object()}});
  EXPECT_EQ(wrong.status, 409) << wrong.body;
  EXPECT_THAT(wrong.body, HasSubstr("assigned"));
  // What only services may say, and what nobody says.
  EXPECT_EQ(ann_.Command(id, {{"clock_due", {{"clock", "resolution"}, {"generation", 1}}}}).status, 403);
  EXPECT_EQ(ann_.Command(id, json::object()).status, 400);
  Client ann(cluster(), "ann");
  cs::Command command;
  command.set_command_id(Fresh("c"));
  command.mutable_escalate()->set_to_level("L99");
  command.mutable_escalate()->set_text("it is beyond us");
  const auto escalated = ann.Execute(id, command);
  ASSERT_FALSE(escalated.ok());
  EXPECT_THAT(FieldsOf(escalated.error()), ::testing::Contains(HasSubstr("to_level"))) << escalated.error().message;
  cs::Command stale;
  stale.set_command_id(Fresh("c"));
  stale.set_expected_version(1);
  stale.mutable_start_work();
  EXPECT_FALSE(ann.Execute(id, stale).ok()) << "the case has moved on since version 1";
  ASSERT_TRUE(cluster().log().CatchUp().ok());
  EXPECT_EQ(cluster().log().Get(IdOf(id))->version, c->version);
  // One id, two commands: the second is not taken for the first.
  cs::Command attempt;
  attempt.set_command_id(Fresh("c"));
  attempt.mutable_log_attempt()->set_what("restarted");
  const auto first = ann.Execute(id, attempt);
  ASSERT_TRUE(first.ok()) << first.error().message;
  const auto again = ann.Execute(id, attempt);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->version(), first->version()) << "a repeat had a second effect";
  attempt.mutable_log_attempt()->set_what("something else");
  const auto other = ann.Execute(id, attempt);
  ASSERT_FALSE(other.ok());
  EXPECT_THAT(FieldsOf(other.error()), ::testing::Contains(HasSubstr("command_id")));
}

TEST_F(Input, another_tenant_sees_nothing_and_changes_nothing) {
  const auto opened = client_.Submit(Plain(Fresh("k")));
  ASSERT_TRUE(opened.ok());
  const std::string id = opened->case_id();
  const auto c = AwaitState(id, CaseState::kAssigned);
  ann_.Case(id, c->version);
  const Door foreign(cluster(), "globex-ann");
  EXPECT_EQ(foreign.Get("/v1/cases/" + id).status, 404);
  EXPECT_EQ(foreign.Get("/v1/cases/" + id + "/history").status, 404);
  EXPECT_EQ(foreign.Get("/v1/cases/" + id + "/trace").status, 404);
  EXPECT_EQ(foreign.Command(id, {{"cancel", {{"reason", "mine"}}}}).status, 404);
  EXPECT_THAT(foreign.Get("/v1/cases").body, Not(HasSubstr(id)));
  EXPECT_THAT(foreign.Get("/v1/cases:lookup?source=itsm&external_ref=x").body, Not(HasSubstr(id)));
  Client theirs(cluster(), "globex-source");
  const auto got = theirs.Get(id);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::kNotFound);
  // The same keys are other keys there.
  submission::v1::Submission same = Plain("one-key");
  same.set_dedup_key("one-alarm");
  const auto mine = client_.Submit(same), other = theirs.Submit(same);
  ASSERT_TRUE(mine.ok() && other.ok());
  EXPECT_NE(mine->case_id(), other->case_id());
  ASSERT_TRUE(cluster().log().CatchUp().ok());
  EXPECT_EQ(cluster().log().Get(IdOf(id))->version, c->version);
}

TEST_F(Input, without_a_key_or_the_right_nothing_is_done) {
  const auto opened = client_.Submit(Plain(Fresh("k")));
  ASSERT_TRUE(opened.ok());
  const std::string id = opened->case_id();
  AwaitState(id, CaseState::kAssigned);
  Client nobody(cluster(), "");
  const auto got = nobody.Get(id);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(Door(cluster(), "").Get("/v1/cases/" + id).status, 401);
  const Door reader(cluster(), "reader");
  EXPECT_EQ(reader.Get("/v1/cases/" + id).status, 200);
  EXPECT_EQ(reader.Command(id, {{"cancel", {{"reason", "no"}}}}).status, 403);
  EXPECT_EQ(reader.Post("/v1/cases", Incident(Fresh("INC"))).status, 403);
  EXPECT_EQ(ann_.Post("/v1/policies", {{"yaml", "x"}}).status, 403);
}

TEST_F(Input, lists_are_paged_without_loss_or_repeat) {
  const std::string service = Fresh("service");
  std::vector<std::string> ids;
  for (int i = 0; i < 25; ++i) {
    submission::v1::Submission submission = Plain(Fresh("k"));
    submission.set_service(service);
    const auto opened = client_.Submit(submission);
    ASSERT_TRUE(opened.ok());
    ids.push_back(opened->case_id());
  }
  for (const std::string& id : ids) {
    const auto c = AwaitState(id, CaseState::kAssigned);
    ASSERT_TRUE(client_.Get(id, c->version).ok());
  }
  std::vector<std::string> listed;
  cs::ListCasesRequest request;
  request.mutable_filter()->set_service(service);
  request.set_order(cs::CASE_ORDER_OPENED);
  request.set_page_size(7);
  do {
    const auto page = client_.List(request);
    ASSERT_TRUE(page.ok()) << page.error().message;
    for (const cs::PublicCase& c : page->cases()) listed.push_back(c.case_id());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && listed.size() < 100);
  EXPECT_THAT(listed, ::testing::UnorderedElementsAreArray(ids));
  request.set_page_token("forged");
  const auto forged = client_.List(request);
  ASSERT_FALSE(forged.ok());
  EXPECT_THAT(FieldsOf(forged.error()), ::testing::Contains(HasSubstr("page_token")));
}

}  // namespace
}  // namespace escalon::test
