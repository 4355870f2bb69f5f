#include "common/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/unit/http/raw_connection.h"

namespace escalon::http {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr size_t kLarge = 64 * 1024 * 1024;  ///< more than sockets hold

// Answers what arrived: method, path and body. `/later` is kept until the test answers it, `/drop` is dropped.
class ServerTest : public ::testing::Test {
 protected:
  void StartWith(ServerOptions options) {
    auto started = Server::Start(
        "test", options,
        [this](Request request, Responder responder) { Handle(std::move(request), std::move(responder)); },
        runtime::Logger(), &metrics_);
    ASSERT_TRUE(started.ok()) << started.error().message;
    server_ = std::move(*started);
  }
  void SetUp() override { StartWith({}); }

  void Handle(Request request, Responder responder) {
    if (request.path == "/drop") return;
    if (request.path == "/large") return responder.Send(TextResponse(std::string(kLarge, 'x')));
    if (request.path == "/twice") {
      responder.Send(TextResponse("first"));
      responder.Send(TextResponse("second"));
      return;
    }
    if (request.path == "/later") {
      const std::lock_guard lock(mutex_);
      if (waiting_) {
        waiting_->set_value(std::move(responder));
        waiting_.reset();
      }
      return;
    }
    if (request.path == "/split") {
      Response response = TextResponse("x");
      response.headers.Add("X-Evil", "a\r\nSet-Cookie: b");
      response.headers.Add("X-Good", "c");
      return responder.Send(std::move(response));
    }
    responder.Send(TextResponse(request.method + " " + request.path + "?" + request.query + " " + request.body));
  }

  std::future<Responder> NextLater() {
    const std::lock_guard lock(mutex_);
    waiting_.emplace();
    return waiting_->get_future();
  }

  static std::string Get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: t\r\n\r\n"; }
  static std::string Post(const std::string& path, const std::string& body) {
    return "POST " + path + " HTTP/1.1\r\nHost: t\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  }

  runtime::Metrics metrics_;
  std::mutex mutex_;
  std::optional<std::promise<Responder>> waiting_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersOnAKeptConnection) {
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write(Get("/a?b=c")));
  EXPECT_THAT(c.ReadResponse(), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("\r\n\r\nGET /a?b=c ")));
  ASSERT_TRUE(c.Write(Post("/d", "body")));
  EXPECT_THAT(c.ReadResponse(), HasSubstr("POST /d? body"));
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  RawConnection c(server_->port());
  std::string all;
  for (int i = 0; i < 50; ++i) all += i % 2 == 0 ? Get("/" + std::to_string(i)) : Post("/" + std::to_string(i), "x");
  ASSERT_TRUE(c.Write(all));
  for (int i = 0; i < 50; ++i) EXPECT_THAT(c.ReadResponse(), HasSubstr(" /" + std::to_string(i) + "?"));
}

TEST_F(ServerTest, ARequestMayArriveByteByByte) {
  RawConnection c(server_->port());
  for (const char byte : Post("/slow", "ok")) ASSERT_TRUE(c.Write({&byte, 1}));
  EXPECT_THAT(c.ReadResponse(), HasSubstr("POST /slow? ok"));
}

TEST_F(ServerTest, ChunkedBodiesAreTakenWithinTheLimit) {
  RawConnection c(server_->port());
  ASSERT_TRUE(
      c.Write("POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
  EXPECT_THAT(c.ReadResponse(), HasSubstr("POST /c? abcde"));
}

TEST_F(ServerTest, ADeclaredBodyOverTheLimitIsRefusedBeforeItArrives) {
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write("POST /big HTTP/1.1\r\nHost: t\r\nContent-Length: 262145\r\n\r\n"));
  const std::string answer = c.ReadResponse();
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 413"), HasSubstr("application/problem+json"), HasSubstr("262144"),
                            HasSubstr("Connection: close")));
}

TEST_F(ServerTest, ABodyOfExactlyTheLimitIsTaken) {
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write(Post("/max", std::string(262'144, 'x'))));
  EXPECT_THAT(c.ReadResponse(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, AChunkedBodyOverTheLimitIsRefusedWhileItArrives) {
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write("POST /big HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"));
  const std::string chunk = "10000\r\n" + std::string(65'536, 'x') + "\r\n";
  for (int i = 0; i < 5; ++i) c.Write(chunk);
  EXPECT_THAT(c.ReadResponse(), StartsWith("HTTP/1.1 413"));
}

TEST_F(ServerTest, AHeaderOverTheLimitIsRefused) {
  RawConnection c(server_->port());
  c.Write("GET / HTTP/1.1\r\nHost: t\r\nX-Big: " + std::string(17'000, 'x') + "\r\n\r\n");
  EXPECT_THAT(c.ReadResponse(), StartsWith("HTTP/1.1 431"));
}

TEST_F(ServerTest, AHeaderThatNeverEndsIsRefused) {
  RawConnection c(server_->port());
  c.Write("GET / HTTP/1.1\r\nHost: t\r\n");
  for (int i = 0; i < 40; ++i)
    if (!c.Write("X-" + std::to_string(i) + ": " + std::string(1000, 'x') + "\r\n")) break;
  EXPECT_THAT(c.ReadResponse(), StartsWith("HTTP/1.1 431"));
}

TEST_F(ServerTest, GarbageIsRefusedAndTheServerGoesOn) {
  for (const std::string& garbage :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), std::string(5000, '\0'),
        std::string("PRI * HTTP/2.0\r\n\r\n"), std::string("GET\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nBad Name: x\r\n\r\n"), std::string("GET / HTTP/1.1\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        std::string("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")}) {
    RawConnection c(server_->port());
    c.Write(garbage);
    EXPECT_THAT(c.ReadAll(), StartsWith("HTTP/1.1 400")) << garbage;
  }
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write(Get("/alive")));
  EXPECT_THAT(c.ReadResponse(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, HandlersMayAnswerLaterFromAnotherThread) {
  auto later = NextLater();
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write(Get("/later") + Get("/next")));
  std::thread other([responder = later.get()]() mutable { responder.Send(TextResponse("late")); });
  EXPECT_THAT(c.ReadResponse(), HasSubstr("late"));
  EXPECT_THAT(c.ReadResponse(), HasSubstr("/next"));
  other.join();
}

TEST_F(ServerTest, OnlyTheFirstAnswerCounts) {
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write(Get("/twice") + Get("/next")));
  EXPECT_THAT(c.ReadResponse(), HasSubstr("first"));
  EXPECT_THAT(c.ReadResponse(), HasSubstr("/next"));
}

TEST_F(ServerTest, ADroppedRequestIsAnsweredAsAFault) {
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write(Get("/drop") + Get("/next")));
  EXPECT_THAT(c.ReadResponse(), AllOf(StartsWith("HTTP/1.1 500"), HasSubstr("internal")));
  EXPECT_THAT(c.ReadResponse(), HasSubstr("/next"));
}

TEST_F(ServerTest, HeadersCannotBeSplit) {
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write(Get("/split")));
  EXPECT_THAT(c.ReadResponse(), AllOf(HasSubstr("X-Good: c"), Not(HasSubstr("Set-Cookie"))));
}

TEST_F(ServerTest, HeadHasNoBodyButItsLength) {
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write("HEAD /h HTTP/1.1\r\nHost: t\r\n\r\n" + Get("/next")));
  EXPECT_THAT(c.ReadUntil("\r\n\r\n"), HasSubstr("Content-Length: 9"));
  EXPECT_THAT(c.ReadResponse(), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("/next")));
}

TEST_F(ServerTest, ExpectContinueIsAnswered) {
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write("POST /e HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_THAT(c.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 100"));
  ASSERT_TRUE(c.Write("ok"));
  EXPECT_THAT(c.ReadResponse(), HasSubstr("POST /e? ok"));
}

TEST_F(ServerTest, CloseIsHonoured) {
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write("GET /a HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(c.ReadAll(), HasSubstr("Connection: close"));
  RawConnection old(server_->port());
  ASSERT_TRUE(old.Write("GET /a HTTP/1.0\r\n\r\n"));
  EXPECT_THAT(old.ReadAll(), HasSubstr("GET /a"));
}

TEST_F(ServerTest, ASlowClientIsToldAndClosed) {
  server_.reset();
  ServerOptions options;
  options.read_timeout_ms = 30;
  StartWith(options);
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write("POST /slow HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nabc"));
  EXPECT_THAT(c.ReadAll(), StartsWith("HTTP/1.1 408"));
}

TEST_F(ServerTest, AnIdleConnectionIsClosedSilently) {
  server_.reset();
  ServerOptions options;
  options.idle_timeout_ms = 30;
  StartWith(options);
  RawConnection c(server_->port());
  EXPECT_EQ(c.ReadAll(), "");
}

TEST_F(ServerTest, AnAnswerThatDoesNotComeInTimeBecomes504AndItsLateOneIsDropped) {
  server_.reset();
  ServerOptions options;
  options.answer_timeout_ms = 30;
  StartWith(options);
  auto later = NextLater();
  RawConnection c(server_->port());
  ASSERT_TRUE(c.Write(Get("/later")));
  EXPECT_THAT(c.ReadAll(), StartsWith("HTTP/1.1 504"));
  later.get().Send(TextResponse("too late"));
}

TEST_F(ServerTest, ConnectionsBeyondTheLimitAreClosed) {
  server_.reset();
  ServerOptions options;
  options.max_connections = 2;
  StartWith(options);
  RawConnection a(server_->port()), b(server_->port());
  for (RawConnection* c : {&a, &b}) {
    ASSERT_TRUE(c->Write(Get("/")));
    EXPECT_THAT(c->ReadResponse(), StartsWith("HTTP/1.1 200"));
  }
  RawConnection third(server_->port());
  third.Write(Get("/"));
  EXPECT_EQ(third.ReadAll(), "");
}

TEST_F(ServerTest, AScrapeThatReadsNothingHindersNobodyAndIsCutOff) {
  server_.reset();
  ServerOptions options;
  options.max_connections = 2;
  options.write_timeout_ms = 100;
  StartWith(options);
  RawConnection hung(server_->port()), other(server_->port());
  ASSERT_TRUE(hung.Write(Get("/large")));
  ASSERT_TRUE(other.Write(Get("/a")));
  EXPECT_THAT(other.ReadResponse(), StartsWith("HTTP/1.1 200"));
  // There is room for a third when the first was cut off.
  std::string answer;
  for (const auto begun = std::chrono::steady_clock::now();
       answer.empty() && std::chrono::steady_clock::now() - begun < std::chrono::seconds(20);) {
    RawConnection third(server_->port());
    if (third.Write(Get("/b"))) answer = third.ReadResponse();
  }
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_LT(hung.ReadAll().size(), kLarge);
}

TEST_F(ServerTest, StopAnswersWhatIsInFlightAndClosesTheIdle) {
  auto later = NextLater();
  RawConnection idle(server_->port()), busy(server_->port());
  ASSERT_TRUE(idle.Write(Get("/a")));
  idle.ReadResponse();
  ASSERT_TRUE(busy.Write(Get("/later")));
  Responder responder = later.get();
  const uint16_t port = server_->port();
  auto stopped = std::async(std::launch::async, [&] { return server_->Stop(60'000); });
  EXPECT_EQ(idle.ReadAll(), "");  // closed: from here on the server is stopping
  responder.Send(TextResponse("last"));
  EXPECT_THAT(busy.ReadAll(), AllOf(HasSubstr("last"), HasSubstr("Connection: close")));
  EXPECT_TRUE(stopped.get());
  EXPECT_FALSE(RawConnection(port).connected());
}

TEST_F(ServerTest, StopCutsWhatTakesTooLong) {
  auto later = NextLater();
  RawConnection busy(server_->port());
  ASSERT_TRUE(busy.Write(Get("/later")));
  Responder responder = later.get();
  EXPECT_FALSE(server_->Stop(1));
  EXPECT_EQ(busy.ReadAll(), "");
  server_.reset();
  responder.Send(TextResponse("into the void"));
}

TEST_F(ServerTest, AClientThatLeavesEarlyHarmsNobody) {
  auto later = NextLater();
  std::optional<RawConnection> c(std::in_place, server_->port());
  ASSERT_TRUE(c->Write(Get("/later")));
  Responder responder = later.get();
  c.reset();
  responder.Send(TextResponse(std::string(1'000'000, 'x')));
  RawConnection next(server_->port());
  ASSERT_TRUE(next.Write(Get("/alive")));
  EXPECT_THAT(next.ReadResponse(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, ManyClientsOnSeveralThreads) {
  server_.reset();
  ServerOptions options;
  options.threads = 3;
  StartWith(options);
  std::vector<std::thread> clients;
  std::atomic<int> good{0};
  for (int t = 0; t < 8; ++t)
    clients.emplace_back([&, t] {
      RawConnection c(server_->port());
      for (int i = 0; i < 100; ++i) {
        const std::string mark = std::to_string(t) + "-" + std::to_string(i);
        if (c.Write(Post("/p", mark)) && c.ReadResponse().ends_with(" " + mark)) ++good;
      }
    });
  for (auto& client : clients) client.join();
  EXPECT_EQ(good, 800);
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("escalon_http_responses_total{class=\"2xx\",server=\"test\"} 800"));
}

TEST_F(ServerTest, ATakenPortIsAClearError) {
  ServerOptions options;
  options.port = server_->port();
  const auto second = Server::Start(
      "second", options, [](const Request&, Responder) {}, runtime::Logger());
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(options.port)));
  options.address = "not an address";
  EXPECT_FALSE(Server::Start(
                   "third", options, [](const Request&, Responder) {}, runtime::Logger())
                   .ok());
}

}  // namespace
}  // namespace escalon::http
