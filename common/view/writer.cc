#include "common/view/writer.h"

#include <algorithm>
#include <charconv>

#include "common/core/digest.h"
#include "common/view/operations.h"
#include "common/view/scripts.h"

namespace escalon::view {
namespace {

constexpr char kMark = '~';  ///< begins `pos` while a shard is written in several scripts

}  // namespace

std::string FormatViewPosition(const Position& at) {
  std::string text = std::to_string(at.offset) + ":" + std::to_string(at.epoch) + ":";
  text += ToHex({reinterpret_cast<const char*>(at.owner.data()), at.owner.size()});
  return text + ":" + std::to_string(at.seq);
}

std::optional<Position> ParseViewPosition(std::string_view text) {
  Position at;
  const auto number = [&](auto* out, char end) {
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<size_t>(rest - text.data()));
    if (end == '\0') return text.empty();
    if (text.empty() || text.front() != end) return false;
    text.remove_prefix(1);
    return true;
  };
  if (!number(&at.offset, ':') || !number(&at.epoch, ':') || text.size() < 33) return std::nullopt;
  for (size_t i = 0; i < at.owner.size(); ++i) {
    const auto [rest, error] = std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, at.owner[i], 16);
    if (error != std::errc() || rest != text.data() + 2 * i + 2) return std::nullopt;
  }
  if (text[32] != ':') return std::nullopt;
  text.remove_prefix(33);
  if (!number(&at.seq, '\0')) return std::nullopt;
  return at;
}

Writer::Writer(runtime::EventLoop& loop, const Clock& clock, Redis& redis, WriterOptions options, Encode encode,
               Listener listener, runtime::Metrics& metrics)
    : loop_(loop),
      clock_(clock),
      redis_(redis),
      options_(options),
      encode_(std::move(encode)),
      listener_(std::move(listener)),
      lag_(metrics.AddHistogram("escalon_view_lag_seconds", "From a counted record to its place in the live view.",
                                runtime::kLatenessBuckets)),
      scripts_(metrics.AddCounter("escalon_view_scripts_total", "Batches written to the live view.")),
      cases_(metrics.AddCounter("escalon_view_cases_written_total", "Cases written to the live view.")),
      refused_(metrics.AddCounter("escalon_view_refused_total",
                                  "Batches that Redis refused: position elsewhere, epoch, memory.")),
      resets_(metrics.AddCounter("escalon_view_resets_total", "Shards that were cleared and written whole.")) {
  redis_.Register(kWriteScript);
  redis_.Register(kClearScript);
}

Writer::~Writer() {
  for (auto& [number, shard] : shards_) loop_.Cancel(shard.timer);
}

void Writer::Open(int number, const Position& at, uint64_t epoch) {
  Close(number);
  Shard& shard = shards_.emplace(number, Shard(ShardKeys(options_.generation, number))).first->second;
  shard.epoch = epoch;
  shard.session = ++sessions_;
  shard.written = FormatViewPosition(at);
}

void Writer::Reset(int number, const Position& at, uint64_t epoch, std::vector<CaseId> cases, Fetch fetch,
                   std::vector<KeyEntry> keys, std::vector<HistoryEntry> history,
                   const std::optional<Position>& follows) {
  Open(number, at, epoch);
  resets_->Increment();
  Shard& shard = shards_.at(number);
  shard.resetting = true;
  if (follows) shard.follows = FormatViewPosition(*follows);
  shard.fetch = std::move(fetch);
  for (const CaseId& id : cases) shard.pending.cases[id].anew = true;
  for (auto& entry : history) {
    const auto found = shard.pending.cases.find(entry.id);
    if (found != shard.pending.cases.end()) found->second.history.push_back(std::move(entry.bytes));
  }
  shard.pending.keys = std::move(keys);
  shard.pending.at = at;
  Touched(shard, number);
}

void Writer::Touched(Shard& shard, int number) {
  if (!shard.pending.any) {
    shard.pending.any = true;
    shard.pending.since = clock_.Steady();
  }
  if (shard.timer == 0 && shard.state == State::kIdle) {
    const auto earliest = shard.round_started + std::chrono::milliseconds(options_.round_ms);
    TurnAt(number, earliest);
  }
}

void Writer::TurnAt(int number, std::chrono::steady_clock::time_point when) {
  shards_.at(number).timer = loop_.At(when, [this, number] {
    shards_.at(number).timer = 0;
    Turn(number);
  });
}

void Writer::Touch(int number, std::shared_ptr<const Case> before, std::shared_ptr<const Case> after,
                   HistoryEntry history, const Position& at) {
  const auto found = shards_.find(number);
  if (found == shards_.end()) return;
  Shard& shard = found->second;
  Change& change = shard.pending.cases[after->id];
  if (change.after == nullptr && !change.anew) change.before = std::move(before);
  change.after = std::move(after);
  if (!history.bytes.empty()) change.history.push_back(std::move(history.bytes));
  if (change.history.size() > static_cast<size_t>(options_.history)) change.history.erase(change.history.begin());
  shard.pending.at = at;
  Touched(shard, number);
}

void Writer::Move(int number, const Position& at) {
  const auto found = shards_.find(number);
  if (found == shards_.end()) return;
  found->second.pending.at = at;
  Touched(found->second, number);
}

void Writer::AddKey(int number, KeyEntry key) {
  const auto found = shards_.find(number);
  if (found != shards_.end()) found->second.pending.keys.push_back(std::move(key));
}

void Writer::Close(int number) {
  const auto found = shards_.find(number);
  if (found == shards_.end()) return;
  loop_.Cancel(found->second.timer);
  shards_.erase(found);
}

bool Writer::Settled(int number) const {
  const auto found = shards_.find(number);
  return found == shards_.end() || (found->second.state == State::kIdle && found->second.pending.empty());
}

size_t Writer::backlog() const {
  size_t sum = 0;
  for (const auto& [number, shard] : shards_) sum += shard.pending.cases.size() + shard.under_way.cases.size();
  return sum;
}

void Writer::OnConnection(bool connected) {
  if (!connected) return;
  for (auto& [number, shard] : shards_) {
    // Redis may be another one, emptied or fallen back: settle before the next write even when nothing was under way.
    if (shard.state == State::kUnsure || shard.state == State::kIdle) Ask(number);
  }
}

void Writer::Turn(int number) {
  Shard& shard = shards_.at(number);
  if (shard.state != State::kIdle || shard.pending.empty()) return;
  if (!redis_.connected()) {
    shard.state = State::kUnsure;
    return;
  }
  // A whole shard waits in the connection's buffer: one at a time.
  if (shard.resetting && WritesAWholeShard())
    return TurnAt(number, clock_.Steady() + std::chrono::milliseconds(options_.round_ms));
  shard.round_started = clock_.Steady();
  shard.under_way = std::move(shard.pending);
  shard.pending = Changes{};
  shard.state = State::kWriting;
  shard.next = FormatViewPosition(shard.under_way.at);
  if (shard.resetting || shard.under_way.cases.size() > options_.most_cases) {
    SendWhole(number);
  } else {
    std::vector<std::pair<CaseId, Change>> all(shard.under_way.cases.begin(), shard.under_way.cases.end());
    SendChunk(number, std::move(all), shard.under_way.keys, shard.next, true);
  }
}

bool Writer::WritesAWholeShard() const {
  return std::any_of(shards_.begin(), shards_.end(),
                     [](const auto& entry) { return entry.second.resetting && entry.second.state == State::kWriting; });
}

void Writer::SendWhole(int number) {
  Shard& shard = shards_.at(number);
  const std::string tag = shard.keys.tag(), epoch = std::to_string(shard.epoch);
  const std::string mark = kMark + std::to_string(shard.session) + "." + std::to_string(scripts_->Value());
  if (shard.resetting) {
    const InstantMs hour = clock_.WallMs() / kHourMs;
    const std::string first_hour = std::to_string(hour), last_hour = std::to_string(hour + kKeyHours - 1);
    const std::string at = shard.keys.at(), due = shard.keys.due(), all = shard.keys.all(), names = shard.keys.names(),
                      unique = shard.keys.unique();
    redis_.Eval(kClearScript, {at, due, all, names, unique},
                {epoch, mark, tag, shard.follows, first_hour, last_hour, damaged_.contains(number) ? "1" : "0"},
                [this, number, session = shard.session](Result<Reply> reply) {
                  Answered(number, session, false, std::move(reply));
                });
    shard.written = mark;
  }
  std::vector<std::pair<CaseId, Change>> all(shard.under_way.cases.begin(), shard.under_way.cases.end()), chunk;
  std::vector<KeyEntry> keys = shard.under_way.keys, key_chunk;
  size_t next = 0, next_key = 0;
  do {
    const size_t to = std::min(all.size(), next + options_.most_cases),
                 key_to = std::min(keys.size(), next_key + options_.most_cases);
    chunk.assign(all.begin() + static_cast<long>(next), all.begin() + static_cast<long>(to));
    key_chunk.assign(keys.begin() + static_cast<long>(next_key), keys.begin() + static_cast<long>(key_to));
    next = to;
    next_key = key_to;
    const bool last = next == all.size() && next_key == keys.size();
    SendChunk(number, chunk, key_chunk, last ? shard.next : mark, last);
    if (!last) shard.written = mark;
  } while (next < all.size() || next_key < keys.size());
}

void Writer::SendChunk(int number, std::vector<std::pair<CaseId, Change>> chunk, std::vector<KeyEntry> keys,
                       std::string next, bool last) {
  Shard& shard = shards_.at(number);
  Operations operations(shard.keys, options_.history, options_.keep_history_ms, shard.names);
  const bool begins_history = shard.resetting && shard.follows.empty();
  for (const auto& [id, change] : chunk) {
    const std::shared_ptr<const Case> after = change.after != nullptr ? change.after : shard.fetch(id);
    if (after == nullptr) continue;
    operations.Put(change.before.get(), *after, encode_(*after), change.history, begins_history);
  }
  for (const KeyEntry& key : keys) operations.PutKey(key.fingerprint, key.value, key.expires_at);
  std::vector<std::string_view> key_list, arguments;
  const std::string at = shard.keys.at(), epoch = std::to_string(shard.epoch);
  key_list.push_back(at);
  arguments.insert(arguments.end(), {epoch, shard.written, next});
  operations.AppendTo(&key_list, &arguments);
  // A script that is refused ends in Settle, which forgets them again.
  shard.names.insert(operations.NewNames().begin(), operations.NewNames().end());
  scripts_->Increment();
  cases_->Increment(static_cast<double>(chunk.size()));
  redis_.Eval(kWriteScript, key_list, arguments, [this, number, session = shard.session, last](Result<Reply> reply) {
    Answered(number, session, last, std::move(reply));
  });
}

void Writer::Answered(int number, uint64_t session, bool last, Result<Reply> reply) {
  const auto found = shards_.find(number);
  if (found == shards_.end() || found->second.session != session) return;
  Shard& shard = found->second;
  if (shard.state != State::kWriting) return;
  if (!reply.ok()) {
    shard.state = State::kUnsure;
    if (redis_.connected()) Ask(number);
    return;
  }
  if (reply->error() || reply->items.size() != 2) {
    refused_->Increment();
    return Refused(number, reply->text);
  }
  const std::string& verdict = reply->items[0].text;
  if (verdict == "ok") {
    if (last) Settle(number, shard.next);
    return;
  }
  refused_->Increment();
  if (verdict == "deposed") {
    shard.state = State::kElsewhere;
    if (listener_.deposed) listener_.deposed(number);
    return;
  }
  Elsewhere(number, reply->items[1].text);
}

void Writer::Ask(int number) {
  Shard& shard = shards_.at(number);
  shard.state = State::kAsking;
  const std::string at = shard.keys.at();
  redis_.Send({"HGET", at, "pos"}, [this, number, session = shard.session](Result<Reply> reply) {
    const auto found = shards_.find(number);
    if (found == shards_.end() || found->second.session != session || found->second.state != State::kAsking) return;
    if (!reply.ok()) {
      found->second.state = State::kUnsure;  // the next connection asks again
      return;
    }
    if (reply->error()) return Refused(number, reply->text);
    Settle(number, reply->text);
  });
}

void Writer::Refused(int number, const std::string& why) {
  Shard& shard = shards_.at(number);
  shard.state = State::kUnsure;
  // Memory, or a server that loads, comes back by itself, and nothing of the script was written. A key that is not what
  // was written there does not, and part of the script may have been.
  const bool damaged =
      why.starts_with("WRONGTYPE") || (why.starts_with("ERR") && why.find("user_script") != std::string::npos);
  if (damaged) damaged_.insert(number);
  loop_.After(kSecondMs, [this, number, session = shard.session, damaged] {
    const auto again = shards_.find(number);
    if (again == shards_.end() || again->second.session != session || again->second.state != State::kUnsure) return;
    if (damaged) return Elsewhere(number, {});
    if (redis_.connected()) Ask(number);
  });
}

void Writer::Settle(int number, const std::string& position) {
  Shard& shard = shards_.at(number);
  const bool written = !shard.under_way.empty() && position == shard.next;
  if (!written && position != shard.written) return Elsewhere(number, position);
  if (!written && !shard.written.empty() && shard.written.front() == kMark) return Elsewhere(number, position);
  if (written) {
    const auto lag = clock_.Steady() - shard.under_way.since;
    lag_->Observe(std::chrono::duration<double>(lag).count());
    shard.written = shard.next;
    if (shard.resetting) damaged_.erase(number);
    shard.resetting = false;
    shard.fetch = {};
    const Position at = shard.under_way.at;
    shard.under_way = Changes{};
    shard.state = State::kIdle;
    if (listener_.viewed) listener_.viewed(number, at);
  } else {
    shard.names.clear();
    Merge(shard);
    shard.state = State::kIdle;
  }
  const auto still = shards_.find(number);
  if (still != shards_.end() && !still->second.pending.empty()) Touched(still->second, number);
}

void Writer::Merge(Shard& shard) {
  if (shard.under_way.empty()) return;
  Changes merged = std::move(shard.under_way);
  shard.under_way = Changes{};
  for (auto& [id, change] : shard.pending.cases) {
    Change& earlier = merged.cases[id];
    if (earlier.after == nullptr && !earlier.anew) earlier.before = change.before;
    earlier.after = change.after;
    earlier.history.insert(earlier.history.end(), change.history.begin(), change.history.end());
  }
  merged.keys.insert(merged.keys.end(), shard.pending.keys.begin(), shard.pending.keys.end());
  if (!shard.pending.empty()) merged.at = shard.pending.at;
  shard.pending = std::move(merged);
}

void Writer::Elsewhere(int number, const std::string& position) {
  Shard& shard = shards_.at(number);
  shard.state = State::kElsewhere;
  if (listener_.elsewhere) listener_.elsewhere(number, ParseViewPosition(position));
}

}  // namespace escalon::view
