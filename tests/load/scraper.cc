#include "tests/load/scraper.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "common/runtime/shutdown.h"

namespace escalon::load {
namespace {

constexpr size_t kMostPageBytes = 4 << 20;
constexpr DurationMs kQuietStepMs = 250;
constexpr int kQuietTimes = 3;

}  // namespace

std::map<std::string, Exposition> ScrapeAll(http::Client& client, const std::map<std::string, std::string>& urls,
                                            DurationMs timeout_ms) {
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    size_t open = 0;
    std::map<std::string, Exposition> pages;
  };
  const auto shared = std::make_shared<Shared>();
  shared->open = urls.size();
  for (const auto& [service, url] : urls) {
    http::ClientRequest request;
    request.url = url;
    request.timeout_ms = timeout_ms;
    request.max_response_bytes = kMostPageBytes;
    client.Send(std::move(request), [shared, service](Result<http::ClientResponse> answer) {
      std::optional<Exposition> page;
      if (answer.ok() && answer->status == 200) page = Exposition::Parse(answer->body);
      const std::lock_guard lock(shared->mutex);
      if (page) shared->pages.emplace(service, std::move(*page));
      if (--shared->open == 0) shared->changed.notify_all();
    });
  }
  std::unique_lock lock(shared->mutex);
  shared->changed.wait(lock, [&] { return shared->open == 0; });
  return shared->pages;
}

void AwaitQuiet(http::Client& client, const std::map<std::string, std::string>& urls, DurationMs limit_ms) {
  const runtime::ShutdownRequest pause;
  int quiet = 0;
  double intents = -1;
  for (DurationMs waited = 0; waited < limit_ms && quiet < kQuietTimes; waited += kQuietStepMs) {
    const auto pages = ScrapeAll(client, urls, kSecondMs);
    const auto page = pages.find("notification");
    if (page == pages.end()) return;
    const double now = page->second.Sum("escalon_notification_intents_total");
    const double busy =
        page->second.Sum("escalon_notification_queue_length") + page->second.Sum("escalon_notification_in_flight");
    quiet = busy == 0 && now == intents ? quiet + 1 : 0;
    intents = now;
    static_cast<void>(pause.WaitFor(kQuietStepMs));
  }
}

std::unique_ptr<http::Client> LoopbackClient(const Clock& clock, runtime::Logger log) {
  http::ClientOptions options;
  if (auto guard = http::AddressGuard::WithAllowed({"127.0.0.0/8"}); guard.ok()) options.guard = std::move(*guard);
  return http::Client::Create(std::move(options), clock, std::move(log));
}

}  // namespace escalon::load
