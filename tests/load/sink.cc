#include "tests/load/sink.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace escalon::load {

Sink::Sink(SinkOptions options, runtime::EventLoop& loop, http::Client& client)
    : options_(std::move(options)), loop_(loop), client_(client) {
  shared_->random.seed(options_.seed ^ 0xc11c);
}

Result<std::unique_ptr<Sink>> Sink::Start(SinkOptions options, runtime::EventLoop& loop, http::Client& client,
                                          runtime::Logger log) {
  std::unique_ptr<Sink> sink(new Sink(std::move(options), loop, client));
  http::ServerOptions server;
  server.port = sink->options_.port;
  auto started = http::Server::Start(
      "sink", server,
      [sink = sink.get()](http::Request request, http::Responder responder) {
        sink->Take(request);
        responder.Send({.status = 204});
      },
      std::move(log));
  if (!started.ok()) return started.error();
  sink->server_ = std::move(*started);
  return sink;
}

Sink::~Sink() {
  StopClicking();
  server_->Stop(500);
}

Sink::Numbers Sink::Get() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->numbers;
}

void Sink::StopClicking() {
  const std::lock_guard lock(shared_->mutex);
  shared_->clicking = false;
}

void Sink::Take(const http::Request& request) {
  const nlohmann::json body = nlohmann::json::parse(request.body, nullptr, false);
  std::string link;
  {
    const std::lock_guard lock(shared_->mutex);
    Numbers& numbers = shared_->numbers;
    ++numbers.received;
    if (!body.is_object() || !body.contains("data")) {
      ++numbers.unreadable;
      return;
    }
    const nlohmann::json& data = body["data"];
    ++numbers.by_person[data.value("person", data.value("team", "?"))];
    if (data.value("purpose", "") != "page") return;
    ++numbers.pages;
    if (!data.contains("links") || !shared_->clicking) return;
    link = data["links"].value("acknowledge", "");
    const bool ours = !options_.links_base.empty() && link.starts_with(options_.links_base);
    if (!ours || std::uniform_real_distribution<double>(0, 1)(shared_->random) >= options_.click_share) return;
  }
  ClickLater(link);
}

void Sink::ClickLater(const std::string& url) {
  DurationMs wait = 0;
  {
    const std::lock_guard lock(shared_->mutex);
    wait = std::uniform_int_distribution<DurationMs>(options_.click_least_ms, options_.click_most_ms)(shared_->random);
  }
  loop_.Post([this, shared = shared_, url, wait] {
    loop_.After(wait, [this, shared, url] {
      {
        const std::lock_guard lock(shared->mutex);
        if (!shared->clicking) return;
        ++shared->numbers.clicked;
      }
      Click(url);
    });
  });
}

void Sink::Click(const std::string& url) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = url;
  request.headers.Add("content-type", "application/x-www-form-urlencoded");
  request.headers.Add("accept", "application/json");
  client_.Send(std::move(request), [shared = shared_](Result<http::ClientResponse> answer) {
    const std::lock_guard lock(shared->mutex);
    if (answer.ok() && answer->status < 300) {
      ++shared->numbers.taken;
    } else {
      ++shared->numbers.refused;
    }
  });
}

}  // namespace escalon::load
