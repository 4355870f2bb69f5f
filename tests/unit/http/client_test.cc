#include "common/http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "common/http/server.h"
#include "common/runtime/system_clock.h"
#include "tests/unit/http/raw_connection.h"
#include "tests/unit/http/smtp_sink.h"

namespace escalon::http {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = Server::Start(
        "target", {},
        [this](Request request, Responder responder) { Handle(std::move(request), std::move(responder)); },
        runtime::Logger());
    ASSERT_TRUE(started.ok());
    server_ = std::move(*started);
    Connect({});
  }
  void Connect(ClientOptions options) {
    options.guard = AddressGuard::WithAllowed({"127.0.0.0/8"}).value();
    client_ = Client::Create(std::move(options), clock_, runtime::Logger());
  }
  void Handle(Request request, Responder responder) {
    if (request.path == "/redirect") return responder.Send({302, "", "", {{"Location", Url("/elsewhere")}}});
    if (request.path == "/huge") return responder.Send(TextResponse(std::string(1'000'000, 'x')));
    if (request.path == "/hold") {
      const std::lock_guard lock(mutex_);
      held_.push_back(std::move(responder));
      if (held_.size() == expected_) all_held_.set_value();
      return;
    }
    ++served_;
    Response response =
        TextResponse(request.method + " " + request.body + " " + std::string(request.headers.Get("X-Id")));
    response.headers.Add("X-Reply", "yes");
    responder.Send(std::move(response));
  }
  std::string Url(const std::string& path) { return "http://127.0.0.1:" + std::to_string(server_->port()) + path; }

  std::future<Result<ClientResponse>> Start(ClientRequest request) {
    auto promise = std::make_shared<std::promise<Result<ClientResponse>>>();
    auto future = promise->get_future();
    client_->Send(std::move(request),
                  [promise](Result<ClientResponse> result) { promise->set_value(std::move(result)); });
    return future;
  }
  Result<ClientResponse> Call(ClientRequest request) { return Start(std::move(request)).get(); }
  Status Mail_(Mail mail, MailRelay relay) {
    std::promise<Status> promise;
    client_->SendMail(std::move(mail), std::move(relay), [&](Status status) { promise.set_value(std::move(status)); });
    return promise.get_future().get();
  }

  runtime::SystemClock clock_;
  std::mutex mutex_;
  std::vector<Responder> held_;
  size_t expected_ = 0;
  std::promise<void> all_held_;
  std::atomic<int> served_{0};
  std::unique_ptr<Server> server_;
  std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, SendsAndReceives) {
  const auto answer = Call({.method = "POST", .url = Url("/x"), .headers = {{"X-Id", "7"}}, .body = "hello"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "POST hello 7");
  EXPECT_EQ(answer->headers.Get("x-reply"), "yes");
  EXPECT_EQ(answer->remote_address, "127.0.0.1");
  EXPECT_FALSE(answer->truncated);
}

TEST_F(ClientTest, ReusesConnections) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Call({.url = Url("/x")}).ok());
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(ClientTest, DoesNotFollowRedirects) {
  EXPECT_EQ(Call({.url = Url("/redirect")})->status, 302);
  EXPECT_EQ(served_, 0);
}

TEST_F(ClientTest, LongBodiesAreCutAndMarked) {
  const auto answer = Call({.url = Url("/huge")});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 200);
  EXPECT_TRUE(answer->truncated);
  EXPECT_EQ(answer->body.size(), 65'536u);
  EXPECT_EQ(Call({.url = Url("/x"), .max_response_bytes = 0})->truncated, true);
}

TEST_F(ClientTest, TheGuardRefusesWhatIsNotAllowed) {
  client_ = Client::Create({}, clock_, runtime::Logger());
  for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1"}) {
    const auto answer = Call({.url = "http://" + host + ":" + std::to_string(server_->port()) + "/x"});
    ASSERT_FALSE(answer.ok()) << host;
    EXPECT_EQ(answer.error().code, ErrorCode::kPermissionDenied) << host << ": " << answer.error().message;
  }
  EXPECT_EQ(served_, 0);
}

TEST_F(ClientTest, OtherSchemesAndBrokenUrlsAreRefused) {
  for (const std::string url : {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "", "http://",
                                "no url", "http://a b/", "http://127.0.0.1:99999/", "http://x/\r\nEvil: 1"}) {
    const auto answer = Call({.url = url});
    ASSERT_FALSE(answer.ok()) << url;
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalidArgument) << url << ": " << answer.error().message;
    EXPECT_EQ(answer.error().fields.at(0).field, "url") << url;
  }
}

TEST_F(ClientTest, HeadersAndMethodsCannotBeSplit) {
  EXPECT_EQ(Call({.url = Url("/x"), .headers = {{"X-Id", "a\r\nX-Evil: 1"}}}).error().fields.at(0).field, "headers");
  EXPECT_EQ(Call({.url = Url("/x"), .headers = {{"X Id", "a"}}}).error().fields.at(0).field, "headers");
  EXPECT_EQ(Call({.method = "GET / HTTP/1.1\r\n", .url = Url("/x")}).error().fields.at(0).field, "method");
  EXPECT_EQ(served_, 0);
}

TEST_F(ClientTest, GivesUpInTime) {
  const auto answer = Call({.url = Url("/hold"), .timeout_ms = 50});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kDeadlineExceeded);
}

TEST_F(ClientTest, ARefusedConnectionIsUnavailable) {
  const uint16_t port = server_->port();
  server_.reset();
  const auto answer = Call({.url = "http://127.0.0.1:" + std::to_string(port) + "/"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
}

TEST_F(ClientTest, OnlySoManyAreInFlightAndTheRestWaits) {
  ClientOptions options;
  options.max_in_flight = 2;
  options.max_queued = 3;
  Connect(std::move(options));
  expected_ = 2;
  std::vector<std::future<Result<ClientResponse>>> answers;
  for (int i = 0; i < 2; ++i) answers.push_back(Start({.url = Url("/hold")}));
  all_held_.get_future().wait();
  for (int i = 0; i < 3; ++i) answers.push_back(Start({.url = Url("/x")}));
  const auto refused = Call({.url = Url("/x")});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(served_, 0);
  for (Responder& responder : held_) responder.Send(TextResponse("now"));
  for (auto& answer : answers) EXPECT_TRUE(answer.get().ok());
  EXPECT_EQ(served_, 3);
}

TEST_F(ClientTest, ManyAtOnceAreAllAnswered) {
  std::vector<std::future<Result<ClientResponse>>> answers;
  for (int i = 0; i < 500; ++i)
    answers.push_back(Start({.method = "POST", .url = Url("/x"), .body = std::to_string(i)}));
  for (int i = 0; i < 500; ++i)
    EXPECT_EQ(answers[static_cast<size_t>(i)].get()->body, "POST " + std::to_string(i) + " ");
}

TEST_F(ClientTest, StopEndsWhatRunsAndRefusesMore) {
  expected_ = 1;
  auto answer = Start({.url = Url("/hold")});
  all_held_.get_future().wait();
  client_->Stop();
  EXPECT_EQ(answer.get().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Call({.url = Url("/x")}).error().code, ErrorCode::kUnavailable);
  client_->Stop();
}

TEST_F(ClientTest, MailArrivesWhole) {
  SmtpSink sink;
  const Mail mail{.from = "desk@example.com",
                  .to = {"ann@example.com", "bob@example.com"},
                  .subject = "P1: Zürich down",
                  .text = "First line\n.\n..dots\nlast"};
  const Status status = Mail_(mail, {.url = sink.url(), .tls = MailRelay::Tls::kNone});
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(sink.from(), "<desk@example.com>");
  EXPECT_THAT(sink.recipients(), ::testing::ElementsAre("<ann@example.com>", "<bob@example.com>"));
  EXPECT_THAT(sink.data(), HasSubstr("\r\n\r\nFirst line\r\n.\r\n..dots\r\nlast\r\n"));
}

TEST_F(ClientTest, ARelaysRefusalSaysWhetherToTryAgain) {
  const Mail mail{.from = "desk@example.com", .to = {"ann@example.com"}, .subject = "s", .text = "t"};
  SmtpSink never("550 5.1.1 no such user");
  const Status refused = Mail_(mail, {.url = never.url(), .tls = MailRelay::Tls::kNone});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument) << refused.error().message;
  SmtpSink later("451 4.3.0 try later");
  const Status busy = Mail_(mail, {.url = later.url(), .tls = MailRelay::Tls::kNone});
  ASSERT_FALSE(busy.ok());
  EXPECT_EQ(busy.error().code, ErrorCode::kUnavailable) << busy.error().message;
}

TEST_F(ClientTest, TlsIsDemandedWhenAskedFor) {
  SmtpSink sink;
  const Status status = Mail_({.from = "a@b.c", .to = {"d@e.f"}, .subject = "s", .text = "t"},
                              {.url = sink.url(), .tls = MailRelay::Tls::kRequired});
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(sink.data(), "");
}

}  // namespace
}  // namespace escalon::http
