#include "common/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/http/problem.h"

namespace escalon::http {
namespace {

using nlohmann::json;

class KeepingSink : public Responder::Sink {
 public:
  explicit KeepingSink(Response& kept) : kept_(kept) {}
  void Send(Response response) override { kept_ = std::move(response); }

 private:
  Response& kept_;
};

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    const auto say = [](const std::string& name) {
      return [name](const Request& request, Responder responder) {
        std::string text = name;
        for (const auto& [key, value] : request.params) text += " " + key + "=" + value;
        responder.Send(TextResponse(text));
      };
    };
    router_.Add("GET", "/v1/cases/{id}", say("get"));
    router_.Add("GET", "/v1/cases/mine", say("mine"));
    router_.Add("POST", "/v1/cases/{id}:ack", say("ack"));
    router_.Add("POST", "/v1/cases", say("submit"));
    router_.Add("GET", "/v1/cases", say("list"));
    router_.Add("GET", "/", say("root"));
    router_.Add("DELETE", "/v1/{kind}/{id}", say("delete"));
  }
  Response Call(const std::string& method, const std::string& path) {
    Response kept;
    Request request;
    request.method = method;
    request.path = path;
    router_.Handle(std::move(request), Responder(std::make_shared<KeepingSink>(kept)));
    return kept;
  }
  Router router_;
};

TEST_F(RouterTest, FindsTheMostLiteralRoute) {
  EXPECT_EQ(Call("GET", "/v1/cases/7").body, "get id=7");
  EXPECT_EQ(Call("GET", "/v1/cases/mine").body, "mine");
  EXPECT_EQ(Call("POST", "/v1/cases/7:ack").body, "ack id=7");
  EXPECT_EQ(Call("POST", "/v1/cases").body, "submit");
  EXPECT_EQ(Call("GET", "/").body, "root");
  EXPECT_EQ(Call("DELETE", "/v1/cases/mine").body, "delete id=mine kind=cases");
  EXPECT_EQ(Call("HEAD", "/v1/cases").body, "list");
}

TEST_F(RouterTest, DecodesParameters) {
  EXPECT_EQ(Call("GET", "/v1/cases/a%2Fb%20c").body, "get id=a/b c");
  EXPECT_EQ(Call("GET", "/v1/cases/%zz").status, 400);
  EXPECT_EQ(Call("GET", "/v1/cases/%00").status, 400);
  EXPECT_EQ(Call("GET", "/v1/cases/%ff").status, 400);
  EXPECT_EQ(Call("GET", "/v1/cases/%2").status, 400);
}

TEST_F(RouterTest, UnknownPathsAre404) {
  for (const char* path : {"/v1", "/v1/cases/", "/v1/cases/7/x", "//", "", "*", "/V1/cases", "/v1/cases/7/"})
    EXPECT_EQ(Call("GET", path).status, 404) << path;
}

TEST_F(RouterTest, UnknownMethodsAre405WithAllow) {
  const Response response = Call("PUT", "/v1/cases");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.Get("allow"), "GET, HEAD, POST");
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(Call("BREW", "/v1/cases/7").status, 405);
}

TEST(ProblemTest, EveryCodeHasItsStatus) {
  EXPECT_EQ(HttpStatusOf(ErrorCode::kInvalidArgument), 400);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kUnauthenticated), 401);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kPermissionDenied), 403);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kNotFound), 404);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kWrongState), 409);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kResourceExhausted), 429);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kInternal), 500);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kUnavailable), 503);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kDeadlineExceeded), 504);
}

TEST(ProblemTest, CarriesFieldsAndAdvice) {
  Error error = InvalidField("facts.impact", "must be one of high, low");
  error.retry_after_ms = 1200;
  const Response response = ProblemResponse(error);
  const json body = json::parse(response.body);
  EXPECT_EQ(body["type"], "urn:escalon:problem:invalid_argument");
  EXPECT_EQ(body["status"], 400);
  EXPECT_EQ(body["fields"][0]["field"], "facts.impact");
  EXPECT_EQ(body["retry_after_ms"], 1200);
  EXPECT_EQ(response.headers.Get("Retry-After"), "2");
  EXPECT_EQ(ProblemResponse(Error{ErrorCode::kUnavailable, "away"}).headers.Get("Retry-After"), "1");
  EXPECT_FALSE(ProblemResponse(Error{ErrorCode::kNotFound, "no"}).headers.Has("Retry-After"));
}

TEST(ProblemTest, HostileTextStaysJson) {
  const Response response = ProblemResponse(InvalidField("\xff\"\n", std::string("\x00\x1b", 2)));
  EXPECT_TRUE(json::accept(response.body)) << response.body;
}

TEST(MessageTest, PercentCodingIsExact) {
  EXPECT_EQ(PercentDecode("a%20b+c"), "a b+c");
  EXPECT_EQ(PercentDecode("a+b", true), "a b");
  EXPECT_EQ(PercentEncode("a b/ü~"), "a%20b%2F%C3%BC~");
  EXPECT_EQ(PercentDecode(PercentEncode("ü/?&=\n漢")), "ü/?&=\n漢");
  const auto query = ParseQuery("a=1&&b=%26&c&=d");
  ASSERT_TRUE(query.has_value());
  EXPECT_THAT(*query, ::testing::ElementsAre(
                          std::pair<std::string, std::string>("a", "1"), std::pair<std::string, std::string>("b", "&"),
                          std::pair<std::string, std::string>("c", ""), std::pair<std::string, std::string>("", "d")));
  EXPECT_FALSE(ParseQuery("a=%").has_value());
}

}  // namespace
}  // namespace escalon::http
