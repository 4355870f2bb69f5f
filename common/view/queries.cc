#include "common/view/queries.h"

#include <charconv>
#include <cstdlib>
#include <memory>

#include "common/view/scripts.h"

namespace escalon::view {
namespace {

constexpr int kPage = 500;
constexpr int kLoadTries = 5;

Error Rebuilding(int shard) {
  return Error{
      ErrorCode::kUnavailable, "the live view of shard " + std::to_string(shard) + " is being rebuilt", {}, {}, 500};
}

Error Refused(const std::string& text) { return Error{ErrorCode::kUnavailable, "redis: " + text, {}, {}, 500}; }

/// The array behind `pos`, or why there is none.
Result<Position> PositionOf(const Result<Reply>& reply, int shard) {
  if (!reply.ok()) return reply.error();
  if (reply->error()) return Refused(reply->text);
  if (reply->items.empty()) return Refused("an unexpected answer");
  const std::optional<Position> at = ParseViewPosition(reply->items[0].text);
  if (!at) return Rebuilding(shard);
  return *at;
}

/// A double's text; beyond what an instant can be is never.
InstantMs ScoreOf(const std::string& text) {
  const double score = std::strtod(text.c_str(), nullptr);
  return score >= 9.2e18 ? kNever : static_cast<InstantMs>(score);
}

CaseId FromHex(const std::string& hex) {
  Bytes16 bytes{};
  for (size_t i = 0; i < 16 && 2 * i + 2 <= hex.size(); ++i)
    std::from_chars(hex.data() + 2 * i, hex.data() + 2 * i + 2, bytes[i], 16);
  return CaseId(bytes);
}

}  // namespace

Queries::Queries(Redis& redis, int generation, int shards) : redis_(redis), shards_(shards) {
  for (int s = 0; s < shards; ++s) keys_.emplace_back(generation, s);
  redis_.Register(kReadScript);
  redis_.Register(kListScript);
  redis_.Register(kFindScript);
  redis_.Register(kLoadScript);
}

void Queries::ReadCase(const CaseId& id, OnCase done) {
  const int shard = ShardOfCase(id);
  const std::string at = keys(shard).at(), key = keys(shard).of_case(id);
  redis_.Eval(kReadScript, {at, key}, {}, [shard, done = std::move(done)](Result<Reply> reply) mutable {
    const Result<Position> position = PositionOf(reply, shard);
    if (!position.ok()) return done(position.error(), Position{});
    // A nil at the end of a Lua table cuts the array: one item means no case.
    if (reply->items.size() < 2 || reply->items[1].kind != Reply::Kind::kString)
      return done(std::optional<std::string>{}, *position);
    done(std::optional<std::string>(std::move(reply->items[1].text)), *position);
  });
}

void Queries::ReadCases(int shard, const std::vector<CaseId>& ids,
                        runtime::MoveFunction<void(Result<std::vector<std::optional<std::string>>>)> done) {
  if (ids.empty()) return done(std::vector<std::optional<std::string>>{});
  std::vector<std::string> names{keys(shard).at()};
  for (const CaseId& id : ids) names.push_back(keys(shard).of_case(id));
  const std::vector<std::string_view> views(names.begin(), names.end());
  redis_.Eval(kReadScript, views, {}, [shard, count = ids.size(), done = std::move(done)](Result<Reply> reply) mutable {
    const Result<Position> position = PositionOf(reply, shard);
    if (!position.ok()) return done(position.error());
    std::vector<std::optional<std::string>> out(count);
    for (size_t i = 0; i < count && i + 1 < reply->items.size(); ++i) {
      if (reply->items[i + 1].kind == Reply::Kind::kString) out[i] = std::move(reply->items[i + 1].text);
    }
    done(std::move(out));
  });
}

void Queries::List(int shard, std::string_view index, const Cursor& from, int limit, bool descending,
                   runtime::MoveFunction<void(Result<std::vector<Listed>>)> done) {
  const std::string at = keys(shard).at();
  auto read = [shard, done = std::move(done)](Result<Reply> reply) mutable {
    const Result<Position> position = PositionOf(reply, shard);
    if (!position.ok()) return done(position.error());
    std::vector<Listed> out;
    for (size_t i = 1; i + 2 < reply->items.size(); i += 3) {
      out.push_back(
          {FromHex(reply->items[i].text), ScoreOf(reply->items[i + 1].text), std::move(reply->items[i + 2].text)});
    }
    done(std::move(out));
  };
  if (IsUniqueIndex(index)) {
    if (!from.member.empty()) {  // behind the only one
      return redis_.Eval(kFindScript, {at, at}, {keys(shard).tag(), "-"}, std::move(read));
    }
    const std::string unique = keys(shard).unique();
    return redis_.Eval(kFindScript, {at, unique}, {keys(shard).tag(), index}, std::move(read));
  }
  const std::string key = keys(shard).tag() + std::string(index);
  const std::string score = from.score == kNever      ? "+inf"
                            : from.score == INT64_MIN ? "-inf"
                                                      : std::to_string(from.score);
  const std::string most = std::to_string(limit);
  redis_.Eval(kListScript, {at, key}, {keys(shard).tag(), score, from.member, most, descending ? "1" : "0"},
              std::move(read));
}

void Queries::Count(int shard, std::string_view index, runtime::MoveFunction<void(Result<int64_t>)> done) {
  const std::string key = keys(shard).tag() + std::string(index);
  redis_.Send({"ZCARD", key}, [done = std::move(done)](Result<Reply> reply) mutable {
    if (!reply.ok()) return done(reply.error());
    if (reply->error()) return done(Refused(reply->text));
    done(reply->integer);
  });
}

void Queries::History(const CaseId& id, runtime::MoveFunction<void(Result<std::vector<std::string>>)> done) {
  const std::string key = keys(ShardOfCase(id)).history(id);
  redis_.Send({"LRANGE", key, "0", "-1"}, [done = std::move(done)](Result<Reply> reply) mutable {
    if (!reply.ok()) return done(reply.error());
    if (reply->error()) return done(Refused(reply->text));
    std::vector<std::string> out;
    out.reserve(reply->items.size());
    for (Reply& item : reply->items) out.push_back(std::move(item.text));
    done(std::move(out));
  });
}

void Queries::At(int shard, runtime::MoveFunction<void(Result<std::optional<Position>>)> done) {
  const std::string key = keys(shard).at();
  redis_.Send({"HGET", key, "pos"}, [done = std::move(done)](Result<Reply> reply) mutable {
    if (!reply.ok()) return done(reply.error());
    if (reply->error()) return done(Refused(reply->text));
    done(ParseViewPosition(reply->text));
  });
}

struct Queries::Loading {
  int shard = 0;
  InstantMs now = 0;
  int tries = 0;
  size_t rank = 0;
  std::string position;
  LoadedShard loaded;
  runtime::MoveFunction<void(Result<std::optional<LoadedShard>>)> done;
};

void Queries::Load(int shard, InstantMs now, runtime::MoveFunction<void(Result<std::optional<LoadedShard>>)> done) {
  auto loading = std::make_shared<Loading>();
  loading->shard = shard;
  loading->now = now;
  loading->done = std::move(done);
  LoadPage(std::move(loading));
}

void Queries::LoadPage(std::shared_ptr<Loading> loading) {
  const ShardKeys& k = keys(loading->shard);
  const std::string at = k.at(), all = k.all(), rank = std::to_string(loading->rank), page = std::to_string(kPage);
  redis_.Eval(kLoadScript, {at, all}, {k.tag(), rank, page}, [this, loading](Result<Reply> reply) {
    if (!reply.ok()) return loading->done(reply.error());
    if (reply->error() || reply->items.empty()) return loading->done(Refused(reply->text));
    const std::string& position = reply->items[0].text;
    const std::optional<Position> at_now = ParseViewPosition(position);
    if (!at_now) return loading->done(std::optional<LoadedShard>{});
    if (loading->rank == 0) loading->position = position;
    if (position != loading->position) {
      if (++loading->tries >= kLoadTries) return loading->done(std::optional<LoadedShard>{});
      loading->rank = 0;
      loading->loaded = LoadedShard{};
      return LoadPage(loading);
    }
    loading->loaded.at = *at_now;
    for (size_t i = 1; i < reply->items.size(); ++i)
      loading->loaded.snapshots.push_back(std::move(reply->items[i].text));
    if (reply->items.size() < kPage + 1) return LoadKeys(loading);
    loading->rank += kPage;
    LoadPage(loading);
  });
}

void Queries::LoadKeys(std::shared_ptr<Loading> loading) {
  const ShardKeys& k = keys(loading->shard);
  for (int hour = 0; hour < kKeyHours; ++hour) {
    const std::string key = k.keys_of_hour(loading->now + hour * kHourMs);
    redis_.Send({"HGETALL", key}, [loading](Result<Reply> reply) {
      if (!reply.ok() || reply->error()) return;  // the position read below fails alike
      for (size_t i = 0; i + 1 < reply->items.size(); i += 2) {
        if (reply->items[i].text.size() != 16) continue;
        Bytes16 fingerprint;
        std::copy(reply->items[i].text.begin(), reply->items[i].text.end(), fingerprint.begin());
        loading->loaded.keys.emplace_back(fingerprint, std::move(reply->items[i + 1].text));
      }
    });
  }
  const std::string at = k.at();
  redis_.Send({"HGET", at, "pos"}, [this, loading](Result<Reply> reply) {
    if (!reply.ok()) return loading->done(reply.error());
    if (reply->text == loading->position) return loading->done(std::optional<LoadedShard>(std::move(loading->loaded)));
    if (++loading->tries >= kLoadTries) return loading->done(std::optional<LoadedShard>{});
    loading->rank = 0;
    loading->loaded = LoadedShard{};
    LoadPage(loading);
  });
}

void CheckServer(Redis& redis, runtime::MoveFunction<void(Result<std::vector<std::string>>)> done) {
  redis.Send({"CONFIG", "GET", "maxmemory-policy"}, [&redis, done = std::move(done)](Result<Reply> reply) mutable {
    if (!reply.ok()) return done(reply.error());
    auto findings = std::make_shared<std::vector<std::string>>();
    if (!reply->error() && reply->items.size() == 2 && reply->items[1].text != "noeviction") {
      findings->push_back("maxmemory-policy is " + reply->items[1].text + ": set noeviction, or live cases vanish");
    }
    redis.Send({"CONFIG", "GET", "appendonly"}, [findings, done = std::move(done)](Result<Reply> second) mutable {
      if (!second.ok()) return done(second.error());
      if (!second->error() && second->items.size() == 2 && second->items[1].text != "yes") {
        findings->push_back("appendonly is off: after a restart every shard is rebuilt from the log");
      }
      done(std::move(*findings));
    });
  });
}

}  // namespace escalon::view
