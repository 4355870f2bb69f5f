#include "services/escalonctl/offline/view_loader.h"

#include <chrono>
#include <future>
#include <string>

#include "common/runtime/address.h"
#include "services/escalonctl/cli/pause.h"

namespace escalon::escalonctl {
namespace {

constexpr DurationMs kAgainMs = 100;

}  // namespace

ViewLoader::ViewLoader(view::RedisOptions redis, int generation, int shards, const Clock& clock, DurationMs timeout)
    : clock_(clock),
      timeout_(timeout),
      thread_("escalonctl-redis", clock),
      redis_(thread_.loop(), std::move(redis), runtime::Logger()),
      queries_(redis_, generation, shards) {}

ViewLoader::~ViewLoader() { thread_.Stop(); }

Result<std::unique_ptr<ViewLoader>> ViewLoader::Open(const Settings& settings, int generation, int shards,
                                                     const Clock& clock) {
  const auto address = runtime::ParseHostPort(settings.redis, "redis");
  if (!address) return address.error();
  view::RedisOptions redis;
  redis.host = address->host;
  redis.port = address->port;
  redis.password = settings.redis_password.Reveal();
  redis.timeout_ms = settings.timeout;
  std::unique_ptr<ViewLoader> out(new ViewLoader(std::move(redis), generation, shards, clock, settings.timeout));
  if (const Status connected = out->Connect(settings.redis); !connected) return connected.error();
  return out;
}

Status ViewLoader::Connect(const std::string& address) {
  auto connected = std::make_shared<std::promise<void>>();
  std::future<void> done = connected->get_future();
  redis_.Start([connected, first = true](bool now) mutable {
    if (now && std::exchange(first, false)) connected->set_value();
  });
  thread_.Start();
  if (done.wait_for(std::chrono::milliseconds(timeout_)) == std::future_status::ready) return {};
  return Error{ErrorCode::kUnavailable, "Redis at " + address + " cannot be reached; check --redis and the password"};
}

ViewLoader::Loaded ViewLoader::Load(int shard, bool wait) {
  for (DurationMs left = wait ? timeout_ : 0;; left -= kAgainMs) {
    Loaded loaded = LoadOnce(shard);
    const bool may_come = loaded.ok() ? !loaded->has_value() : loaded.error().code == ErrorCode::kUnavailable;
    if (!may_come || left <= 0) return loaded;
    Pause(kAgainMs);
  }
}

ViewLoader::Loaded ViewLoader::LoadOnce(int shard) {
  auto loaded = std::make_shared<std::promise<Loaded>>();
  std::future<Loaded> done = loaded->get_future();
  thread_.loop().Post([this, shard, loaded] {
    queries_.Load(shard, clock_.WallMs(), [loaded](Loaded answer) { loaded->set_value(std::move(answer)); });
  });
  if (done.wait_for(std::chrono::milliseconds(timeout_)) == std::future_status::ready) return done.get();
  return Error{ErrorCode::kDeadlineExceeded,
               "Redis did not deliver shard " + std::to_string(shard) + " in time; give a longer --timeout"};
}

}  // namespace escalon::escalonctl
