#include "tests/support/cluster/door.h"

#include <gtest/gtest.h>

namespace escalon::test {

using nlohmann::json;

Door::Door(Cluster& cluster, const std::string& subject)
    : port_(cluster.node("intake").http_port()), headers_([&] {
        std::vector<std::string> out = {"Content-Type: application/json"};
        if (!subject.empty()) out.push_back("Authorization: " + cluster.keys().Of(subject));
        return out;
      }()) {}

Result<HttpAnswer> Door::Call(const std::string& method, const std::string& path, const std::string& body) const {
  return HttpCall(port_, method, path, body, headers_);
}

HttpAnswer Door::PostRaw(const std::string& path, const std::string& body) const {
  const Result<HttpAnswer> answer = Call("POST", path, body);
  EXPECT_TRUE(answer.ok()) << answer.error().message;
  return answer.ok() ? *answer : HttpAnswer{};
}

HttpAnswer Door::Get(const std::string& path) const {
  const Result<HttpAnswer> answer = Call("GET", path);
  EXPECT_TRUE(answer.ok()) << answer.error().message;
  return answer.ok() ? *answer : HttpAnswer{};
}

std::string Door::Submit(const json& submission) const {
  const HttpAnswer answer = Post("/v1/cases", submission);
  EXPECT_TRUE(answer.status == 200 || answer.status == 201) << answer.status << " " << answer.body;
  const json body = json::parse(answer.body, nullptr, false);
  return body.is_object() ? body.value("case_id", "") : "";
}

json Door::Case(const std::string& id, uint64_t min_version) const {
  const HttpAnswer answer =
      Get("/v1/cases/" + id + (min_version > 0 ? "?min_version=" + std::to_string(min_version) : ""));
  EXPECT_EQ(answer.status, 200) << answer.body;
  const json body = json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || !body.is_object()) return json::object();
  return body.contains("case") ? body["case"] : body;
}

HttpAnswer Door::Command(const std::string& id, const json& command) const {
  return Post("/v1/cases/" + id + "/commands", command);
}

json Incident(const std::string& key, const std::string& impact, const std::string& urgency) {
  return {{"kind", "incident"}, {"title", "VPN is down"}, {"description", "nobody can connect"},
          {"source", "itsm"},   {"external_ref", key},    {"idempotency_key", key},
          {"impact", impact},   {"urgency", urgency},     {"requester", {{"name", "Jane Roe"}}}};
}

CaseId IdOf(const std::string& text) {
  const Result<CaseId> id = CaseId::Parse(text);
  return id.ok() ? *id : CaseId();
}

}  // namespace escalon::test
