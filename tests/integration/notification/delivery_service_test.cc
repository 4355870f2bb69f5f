#include "services/notification/inbound/delivery_service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>

#include <filesystem>
#include <fstream>

#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "escalon/delivery/v1/delivery_service.grpc.pb.h"
#include "tests/integration/notification/notifier_world.h"
#include "tests/support/temp_dir.h"

namespace escalon::notification {
namespace {

namespace pb = delivery::v1;
using testing::HasSubstr;

class DeliveryServiceTest : public NotifierTest {
 protected:
  void SetUp() override {
    NotifierTest::SetUp();
    const std::string path = dir_.path() + "/credentials.yaml";
    std::ofstream file(path);
    file << "version: 1\ncredentials:\n";
    const auto key = [&file](std::string tenant, RoleSet roles) {
      const NewKey made = NewApiKey();
      file << FormatCredential(made, {std::move(tenant), "olga", roles});
      return "Bearer " + made.token;
    };
    operator_ = key("acme", {Role::kOperator});
    reader_ = key("acme", {Role::kReader});
    stranger_ = key("other", {Role::kOperator, Role::kReader});
    manager_ = key("acme", {Role::kManager});
    file.close();
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    auto credentials = Credentials::Load(path);
    ASSERT_TRUE(credentials.ok()) << credentials.error().message;
    credentials_ = std::move(*credentials);
    StartNotifier();
    limits_ = std::make_unique<rpc::CallLimits>(
        rpc::CallOptions{*credentials_, clock_, running_->registry, runtime::Logger()});
    history_ = std::make_unique<History>(kafka_, names_.delivery, kShards, clock_, runtime::Logger());
    service_ = std::make_unique<DeliveryService>(*running_->notifier, *history_, owners_, rosters_, *limits_);
    auto server = rpc::Server::Start({}, {service_->service()}, clock_, runtime::Logger());
    ASSERT_TRUE(server.ok());
    server_ = std::move(*server);
    stub_ = pb::DeliveryService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }
  void TearDown() override {
    server_.reset();
    service_.reset();
    history_.reset();
    limits_.reset();
    NotifierTest::TearDown();
  }

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (pb::DeliveryService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const std::string& key, const Request& request, Response* response) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", key);
    context.set_deadline(std::chrono::system_clock::now() + test::kPatience);
    return (stub_.get()->*method)(&context, request, response);
  }

  test::TempDir dir_;
  std::string operator_, reader_, stranger_, manager_;
  std::unique_ptr<Credentials> credentials_;
  std::unique_ptr<rpc::CallLimits> limits_;
  std::unique_ptr<History> history_;
  std::unique_ptr<DeliveryService> service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<pb::DeliveryService::Stub> stub_;
};

TEST_F(DeliveryServiceTest, TenantsSeeTheirOwnDeliveriesAlone) {
  Case c = MakeCase("mine");
  Append(c, {Page("ana"), Page("ben")});
  Deliveries(c.id, 2);
  pb::ListDeliveriesRequest request;
  request.set_case_id(c.id.ToString());
  request.set_page_size(1);
  pb::ListDeliveriesResponse page;
  ASSERT_TRUE(Call(&pb::DeliveryService::Stub::ListDeliveries, reader_, request, &page).ok());
  ASSERT_EQ(page.deliveries_size(), 1);
  EXPECT_EQ(page.deliveries(0).outcome(), pb::DELIVERY_OUTCOME_DELIVERED);
  const std::string first = page.deliveries(0).person();
  request.set_page_token(page.next_page_token());
  ASSERT_TRUE(Call(&pb::DeliveryService::Stub::ListDeliveries, reader_, request, &page).ok());
  ASSERT_EQ(page.deliveries_size(), 1);
  EXPECT_NE(page.deliveries(0).person(), first);
  request.clear_page_token();
  ASSERT_TRUE(Call(&pb::DeliveryService::Stub::ListDeliveries, stranger_, request, &page).ok());
  EXPECT_EQ(page.deliveries_size(), 0);
}

TEST_F(DeliveryServiceTest, WhatHangsOnARestrictedCaseIsNotListedForEveryReader) {
  sink_.On("/ben", [](const http::Request&, http::Responder responder) { responder.Send({400, "", "", {}}); });
  Case c = MakeCase("a grievance");
  auto facts = std::make_shared<Facts>(*c.facts);
  facts->restricted = true;
  c.facts = facts;
  owners_.Put(c);
  Append(c, {Page("ana"), Page("ben")});
  Deliveries(c.id, 2);
  pb::ListDeliveriesRequest request;
  request.set_case_id(c.id.ToString());
  pb::ListDeliveriesResponse page;
  ASSERT_TRUE(Call(&pb::DeliveryService::Stub::ListDeliveries, reader_, request, &page).ok());
  EXPECT_EQ(page.deliveries_size(), 0);
  pb::ListDeadLettersResponse letters;
  ASSERT_TRUE(Call(&pb::DeliveryService::Stub::ListDeadLetters, reader_, pb::ListDeadLettersRequest(), &letters).ok());
  EXPECT_EQ(letters.dead_letters_size(), 0);
  ASSERT_TRUE(Call(&pb::DeliveryService::Stub::ListDeliveries, operator_, request, &page).ok());
  EXPECT_EQ(page.deliveries_size(), 2) << "who has to send it again sees it";
  ASSERT_TRUE(
      Call(&pb::DeliveryService::Stub::ListDeadLetters, operator_, pb::ListDeadLettersRequest(), &letters).ok());
  EXPECT_EQ(letters.dead_letters_size(), 1);
}

TEST_F(DeliveryServiceTest, DeadLettersAreListedAndSentAgainByWhoMay) {
  sink_.On("/ben", [](const http::Request&, http::Responder responder) { responder.Send({400, "", "", {}}); });
  Case c = MakeCase("dead");
  Append(c, {Page("ben")});
  Deliveries(c.id, 2);
  pb::ListDeadLettersResponse letters;
  ASSERT_TRUE(
      Call(&pb::DeliveryService::Stub::ListDeadLetters, stranger_, pb::ListDeadLettersRequest(), &letters).ok());
  EXPECT_EQ(letters.dead_letters_size(), 0);
  ASSERT_TRUE(Call(&pb::DeliveryService::Stub::ListDeadLetters, reader_, pb::ListDeadLettersRequest(), &letters).ok());
  ASSERT_EQ(letters.dead_letters_size(), 1);
  EXPECT_EQ(letters.dead_letters(0).last().reason(), "answered 400");
  pb::ResendRequest resend;
  resend.add_ids(letters.dead_letters(0).id());
  pb::ResendResponse outcome;
  EXPECT_EQ(Call(&pb::DeliveryService::Stub::Resend, reader_, resend, &outcome).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_TRUE(Call(&pb::DeliveryService::Stub::Resend, stranger_, resend, &outcome).ok());
  EXPECT_FALSE(outcome.outcomes(0).done());
  resend.set_discard(true);
  ASSERT_TRUE(Call(&pb::DeliveryService::Stub::Resend, operator_, resend, &outcome).ok());
  EXPECT_TRUE(outcome.outcomes(0).done()) << outcome.outcomes(0).reason();
  EXPECT_EQ(Deliveries(c.id, 3).back().outcome, wire::DeliveryOutcome::kDiscarded);
}

TEST_F(DeliveryServiceTest, BadInputIsNamed) {
  pb::ListDeliveriesRequest list;
  pb::ListDeliveriesResponse deliveries;
  const auto refusal = [&] { return Call(&pb::DeliveryService::Stub::ListDeliveries, reader_, list, &deliveries); };
  list.set_case_id("nonsense");
  EXPECT_THAT(refusal().error_message(), HasSubstr("case_id"));
  list.Clear();
  list.set_page_size(501);
  EXPECT_THAT(refusal().error_message(), HasSubstr("page_size"));
  list.Clear();
  list.set_page_token("1/2");
  EXPECT_THAT(refusal().error_message(), HasSubstr("page_token"));
  list.Clear();
  list.add_outcomes(static_cast<pb::DeliveryOutcome>(99));
  EXPECT_THAT(refusal().error_message(), HasSubstr("outcomes"));
  EXPECT_EQ(Call(&pb::DeliveryService::Stub::ListDeliveries, "Bearer no", list, &deliveries).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  pb::ResendResponse resent;
  EXPECT_THAT(Call(&pb::DeliveryService::Stub::Resend, operator_, pb::ResendRequest(), &resent).error_message(),
              HasSubstr("ids"));
  pb::TestPageRequest page;
  pb::TestPageResponse answer;
  page.set_person("ana\nx");
  EXPECT_THAT(Call(&pb::DeliveryService::Stub::TestPage, manager_, page, &answer).error_message(), HasSubstr("person"));
  page.set_person("ana");
  page.set_text("two\nlines");
  EXPECT_THAT(Call(&pb::DeliveryService::Stub::TestPage, manager_, page, &answer).error_message(), HasSubstr("text"));
}

TEST_F(DeliveryServiceTest, ATestPageSaysWhatTheChannelSaid) {
  pb::TestPageRequest page;
  page.set_person("ana");
  page.set_text("are you there");
  pb::TestPageResponse answer;
  ASSERT_TRUE(Call(&pb::DeliveryService::Stub::TestPage, manager_, page, &answer).ok());
  EXPECT_EQ(answer.delivery().outcome(), pb::DELIVERY_OUTCOME_DELIVERED);
  EXPECT_THAT(sink_.Wait("/ana", 1)[0].body, HasSubstr("are you there"));
}

}  // namespace
}  // namespace escalon::notification
