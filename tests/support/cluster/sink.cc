#include "tests/support/cluster/sink.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/runtime/system_clock.h"

namespace escalon::test {

using nlohmann::json;

std::string Message::case_id() const {
  return body.is_object() && body.contains("data") ? body["data"].value("case_id", "") : "";
}

std::string Message::link(const std::string& name) const {
  if (case_id().empty() || !body["data"].contains("links")) return {};
  const std::string url = body["data"]["links"].value(name, "");
  return url.empty() ? url : url.substr(url.find('/', url.find("//") + 2));
}

Sink::Sink() {
  auto server = http::Server::Start(
      "sink", {},
      [this](http::Request request, http::Responder responder) {
        Message message;
        message.person = request.path.substr(request.path.rfind('/') + 1);
        message.body = json::parse(request.body, nullptr, false);
        message.id = std::string(request.headers.Get("webhook-id"));
        message.signature = std::string(request.headers.Get("webhook-signature"));
        message.at = runtime::SystemClock().WallMs();
        http::Response response;
        response.status = status_.load();
        const bool taken = response.status < 300;
        if (!taken) refused_.Change([](uint64_t& n) { ++n; });
        responder.Send(std::move(response));
        if (taken) messages_.Change([&](std::vector<Message>& all) { all.push_back(std::move(message)); });
      },
      runtime::Logger());
  EXPECT_TRUE(server.ok());
  server_ = std::move(*server);
}

std::vector<Message> Sink::All() { return messages_.Get(); }

Message Sink::Await(const std::function<bool(const Message&)>& wanted) {
  Message found;
  EXPECT_TRUE(messages_.Wait([&](const std::vector<Message>& all) {
    const auto one = std::find_if(all.begin(), all.end(), wanted);
    if (one != all.end()) found = *one;
    return one != all.end();
  })) << "the message never came";
  return found;
}

Message Sink::Await(const std::string& person, const std::string& case_id) {
  return Await([&](const Message& m) { return m.person == person && m.case_id() == case_id; });
}

}  // namespace escalon::test
