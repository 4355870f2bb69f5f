#include "tests/e2e/door.h"

#include <gtest/gtest.h>

#include <thread>

namespace escalon::e2e {

Sink::Sink() {
  auto server = http::Server::Start(
      "sink", {},
      [this](http::Request request, http::Responder responder) {
        Message message;
        message.person = request.path.substr(request.path.rfind('/') + 1);
        message.body = json::parse(request.body, nullptr, false);
        message.id = std::string(request.headers.Get("webhook-id"));
        message.signature = std::string(request.headers.Get("webhook-signature"));
        http::Response response;
        response.status = status_.load();
        responder.Send(std::move(response));
        messages_.Change([&](std::vector<Message>& all) { all.push_back(std::move(message)); });
      },
      runtime::Logger());
  EXPECT_TRUE(server.ok());
  server_ = std::move(*server);
}

void Sink::Answer(int status) { status_ = status; }

std::vector<Message> Sink::All() { return messages_.Get(); }

Message Sink::Await(const std::function<bool(const Message&)>& wanted) {
  const auto find = [&](const std::vector<Message>& all) { return std::find_if(all.begin(), all.end(), wanted); };
  EXPECT_TRUE(messages_.Wait([&](const std::vector<Message>& all) { return find(all) != all.end(); }))
      << "the message never came";
  const std::vector<Message> all = messages_.Get();
  const auto found = find(all);
  return found != all.end() ? *found : Message{};
}

e2e::HttpAnswer Door::PostRaw(const std::string& path, const std::string& body) {
  auto answer = e2e::HttpCall("POST", address_, path, key_, body);
  EXPECT_TRUE(answer.ok()) << answer.error().message;
  return answer.ok() ? *answer : e2e::HttpAnswer{};
}

e2e::HttpAnswer Door::Post(const std::string& path, const json& body) { return PostRaw(path, body.dump()); }

e2e::HttpAnswer Door::Get(const std::string& path) {
  auto answer = e2e::HttpCall("GET", address_, path, key_);
  EXPECT_TRUE(answer.ok()) << answer.error().message;
  return answer.ok() ? *answer : e2e::HttpAnswer{};
}

std::string Door::Submit(const json& submission) {
  const e2e::HttpAnswer answer = Post("/v1/cases", submission);
  EXPECT_TRUE(answer.status == 200 || answer.status == 201) << answer.status << " " << answer.body;
  const json body = json::parse(answer.body, nullptr, false);
  return body.is_object() ? body.value("case_id", "") : "";
}

json Door::Case(const std::string& id) {
  const e2e::HttpAnswer answer = Get("/v1/cases/" + id);
  const json body = json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || !body.is_object()) return json::object();
  return body.contains("case") ? body["case"] : body;
}

e2e::HttpAnswer Door::Command(const std::string& id, const json& command) {
  return Post("/v1/cases/" + id + "/commands", command);
}

json Door::AwaitCase(const std::string& id, const std::function<bool(const json&)>& wanted,
                     std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  json last;
  while (std::chrono::steady_clock::now() < until) {
    last = Case(id);
    if (!last.empty() && wanted(last)) return last;
    std::this_thread::sleep_for(
        std::chrono::milliseconds(20));  // the API of another process; it has no event for "nothing more happens"
  }
  ADD_FAILURE() << "the case never came that far: " << last.dump(1);
  return last;
}

json Incident(const std::string& key, const std::string& impact, const std::string& urgency) {
  return {{"kind", "incident"}, {"title", "VPN is down"}, {"description", "nobody can connect"},
          {"source", "itsm"},   {"external_ref", key},    {"idempotency_key", key},
          {"impact", impact},   {"urgency", urgency},     {"requester", {{"name", "Jane Roe"}}}};
}

}  // namespace escalon::e2e
