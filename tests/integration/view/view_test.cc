// The live view on a real Redis: the writer's script, what it refuses, and what readers see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "common/runtime/system_clock.h"
#include "common/view/queries.h"
#include "common/view/writer.h"
#include "tests/support/event_waiter.h"
#include "tests/support/redis_server.h"

namespace escalon::view {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kShards = 8;
constexpr DurationMs kTimeoutMs = 500;  ///< of the connection to Redis

std::string Encode(const Case& c) { return c.id.ToString() + "@" + std::to_string(c.version); }

struct Seen {
  int viewed = 0;
  Position at;
  int elsewhere = 0;
  std::optional<Position> actual;
  int deposed = 0;
  bool connected = false;
  int lost = 0;  ///< connections
};

/// Shard 0 is written whole, by an owner of epoch 1.
void Whole(Writer& w, const Position& at, const std::vector<std::shared_ptr<const Case>>& cases,
           std::vector<KeyEntry> keys, std::vector<HistoryEntry> history,
           const std::optional<Position>& follows = std::nullopt) {
  std::vector<CaseId> ids;
  std::map<CaseId, std::shared_ptr<const Case>> by_id;
  for (const auto& c : cases) {
    ids.push_back(c->id);
    by_id[c->id] = c;
  }
  w.Reset(
      0, at, 1, std::move(ids), [by_id](const CaseId& id) { return by_id.at(id); }, std::move(keys), std::move(history),
      follows);
}

/// A writer and readers on one connection, in their own thread.
class Owner {
 public:
  explicit Owner(int port)
      : thread_("view", clock_), redis_(thread_.loop(), Options(port), {}), queries_(redis_, 1, kShards) {
    writer_ = std::make_unique<Writer>(
        thread_.loop(), clock_, redis_,
        WriterOptions{.generation = 1, .shards = kShards, .round_ms = 1, .most_cases = 100}, Encode,
        Writer::Listener{
            .viewed = [this](int, const Position& at) { seen.Change([&](Seen& s) { ++s.viewed, s.at = at; }); },
            .elsewhere =
                [this](int, std::optional<Position> at) {
                  seen.Change([&](Seen& s) { ++s.elsewhere, s.actual = at; });
                },
            .deposed = [this](int) { seen.Change([&](Seen& s) { ++s.deposed; }); }},
        metrics_);
    redis_.Start([this](bool connected) {
      writer_->OnConnection(connected);
      seen.Change([&](Seen& s) { s.connected = connected, s.lost += !connected; });
    });
    thread_.Start();
    EXPECT_TRUE(seen.Wait([](const Seen& s) { return s.connected; }));
  }
  ~Owner() { thread_.Stop(); }

  void Do(std::function<void(Writer&)> work) {
    std::promise<void> done;
    thread_.loop().Post([&] {
      work(*writer_);
      done.set_value();
    });
    done.get_future().get();
  }
  template <typename T>
  Result<T> Ask(std::function<void(Queries&, std::function<void(Result<T>)>)> question) {
    auto answer = std::make_shared<std::promise<Result<T>>>();
    auto future = answer->get_future();
    thread_.loop().Post([this, question, answer] {
      question(queries_, [answer](Result<T> result) { answer->set_value(std::move(result)); });
    });
    return future.get();
  }
  Result<std::optional<std::string>> Read(const CaseId& id) {
    return Ask<std::optional<std::string>>([&](Queries& q, auto done) {
      q.ReadCase(id, [done](Result<std::optional<std::string>> r, const Position&) { done(std::move(r)); });
    });
  }
  Result<std::vector<Listed>> List(const std::string& index, Cursor from, int limit, bool descending = false) {
    return Ask<std::vector<Listed>>([&](Queries& q, auto done) { q.List(0, index, from, limit, descending, done); });
  }
  Result<std::optional<LoadedShard>> Load() {
    return Ask<std::optional<LoadedShard>>([&](Queries& q, auto done) { q.Load(0, clock_.WallMs(), done); });
  }

  test::EventWaiter<Seen> seen;

 private:
  static RedisOptions Options(int port) {
    RedisOptions options;
    options.port = port;
    options.timeout_ms = kTimeoutMs;
    options.reconnect = {5, 20};
    return options;
  }
  runtime::SystemClock clock_;
  runtime::Metrics metrics_;
  runtime::LoopThread thread_;
  Redis redis_;
  Queries queries_;
  std::unique_ptr<Writer> writer_;
};

std::shared_ptr<Case> MakeCase(int number, uint64_t version = 1) {
  auto c = std::make_shared<Case>();
  c->id = CaseId::Make(1'800'000'000'000 + number, 0, 0, static_cast<uint64_t>(number));
  c->tenant = "acme";
  c->version = version;
  c->opened_at = 1'800'000'000'000 + number;
  c->owner.team = "desk";
  auto facts = std::make_shared<Facts>();
  facts->service = "shop";
  c->facts = facts;
  ClockRun clock;
  clock.name = "response";
  clock.due_at = c->opened_at + kHourMs;
  clock.alarms.push_back({clock.due_at + 1, AlarmKind::kBreach, {}, {}});
  c->clocks.push_back(clock);
  return c;
}

Position At(int64_t offset, uint64_t epoch = 1) {
  Position at;
  at.offset = offset;
  at.epoch = epoch;
  at.owner.fill(7);
  at.seq = static_cast<uint64_t>(offset);
  return at;
}

class ViewTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = test::RedisServer::Start();
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = std::move(*server);
    owner_ = std::make_unique<Owner>(server_->port());
  }
  void Viewed(const Position& at) {
    ASSERT_TRUE(owner_->seen.Wait([&](const Seen& s) { return s.at == at; })) << "the view never reached " << at.offset;
  }
  std::unique_ptr<test::RedisServer> server_;
  std::unique_ptr<Owner> owner_;
};

TEST_F(ViewTest, a_fresh_shard_answers_unavailable_until_it_was_written_whole) {
  auto read = owner_->Read(MakeCase(1)->id);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kUnavailable);
  owner_->Do([](Writer& w) { Whole(w, At(5), {MakeCase(1)}, {}, {}); });
  Viewed(At(5));
  read = owner_->Read(MakeCase(1)->id);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(**read, Encode(*MakeCase(1)));
  EXPECT_EQ(*owner_->Read(MakeCase(2)->id), std::nullopt);
}

TEST_F(ViewTest, what_is_written_can_be_listed_counted_and_loaded) {
  owner_->Do([](Writer& w) { Whole(w, At(1), {}, {}, {}); });
  Viewed(At(1));
  owner_->Do([](Writer& w) {
    for (int i = 1; i <= 250; ++i) w.Touch(0, nullptr, MakeCase(i), {MakeCase(i)->id, "batch"}, At(1 + i));
    KeyEntry key;
    key.fingerprint.fill(3);
    key.value = "value";
    key.expires_at = runtime::SystemClock().WallMs() + kHourMs;
    w.AddKey(0, key);
  });
  Viewed(At(251));
  std::vector<int64_t> scores;
  Cursor from{INT64_MIN, {}};
  for (int page = 0; page < 10; ++page) {
    auto listed = owner_->List(IndexKey("team", "acme", "desk"), from, 100);
    ASSERT_TRUE(listed.ok()) << listed.error().message;
    for (const Listed& l : *listed) scores.push_back(l.score);
    if (listed->size() < 100) break;
    from = {listed->back().score, HexOf(listed->back().id)};
  }
  EXPECT_THAT(scores, SizeIs(250));
  EXPECT_TRUE(std::is_sorted(scores.begin(), scores.end()));
  auto newest = owner_->List("all", {kNever, {}}, 1, true);
  ASSERT_TRUE(newest.ok());
  EXPECT_EQ(newest->at(0).id, MakeCase(250)->id);
  auto due = owner_->List("due", {INT64_MIN, {}}, 1);
  ASSERT_TRUE(due.ok());
  EXPECT_EQ(due->at(0).id, MakeCase(1)->id);
  auto loaded = owner_->Load();
  ASSERT_TRUE(loaded.ok() && loaded->has_value());
  EXPECT_EQ((*loaded)->at, At(251));
  EXPECT_THAT((*loaded)->snapshots, SizeIs(250));
  ASSERT_THAT((*loaded)->keys, SizeIs(1));
  EXPECT_EQ((*loaded)->keys[0].second, "value");
  const auto history =
      owner_->Ask<std::vector<std::string>>([](Queries& q, auto done) { q.History(MakeCase(7)->id, done); });
  ASSERT_TRUE(history.ok());
  EXPECT_THAT(*history, ElementsAre("batch"));
}

TEST_F(ViewTest, a_case_that_moves_leaves_its_old_lists_and_a_retired_one_leaves_all) {
  owner_->Do([](Writer& w) { Whole(w, At(1), {MakeCase(1)}, {}, {}); });
  Viewed(At(1));
  auto moved = MakeCase(1, 2);
  moved->owner.team = "network";
  moved->clocks.clear();
  owner_->Do([&](Writer& w) { w.Touch(0, MakeCase(1), moved, {moved->id, "b2"}, At(2)); });
  Viewed(At(2));
  EXPECT_THAT(*owner_->List(IndexKey("team", "acme", "desk"), {INT64_MIN, {}}, 10), IsEmpty());
  EXPECT_THAT(*owner_->List(IndexKey("team", "acme", "network"), {INT64_MIN, {}}, 10), SizeIs(1));
  EXPECT_THAT(*owner_->List("due", {INT64_MIN, {}}, 10), IsEmpty());
  auto retired = std::make_shared<Case>(*moved);
  retired->version = 3;
  retired->retired = true;
  owner_->Do([&](Writer& w) { w.Touch(0, moved, retired, {moved->id, "b3"}, At(3)); });
  Viewed(At(3));
  EXPECT_EQ(*owner_->Read(moved->id), std::nullopt);
  EXPECT_THAT(*owner_->List("all", {INT64_MIN, {}}, 10), IsEmpty());
}

TEST_F(ViewTest, a_unique_index_finds_the_newest_case_and_forgets_only_its_own) {
  const auto with_ref = [](int number) {
    auto c = MakeCase(number);
    auto facts = std::make_shared<Facts>(*c->facts);
    facts->source = "itsm";
    facts->external_ref = "INC1";
    c->facts = facts;
    return c;
  };
  const std::string index = IndexKey("ref", "acme", "itsm/INC1");
  owner_->Do([&](Writer& w) { Whole(w, At(1), {with_ref(1)}, {}, {}); });
  Viewed(At(1));
  ASSERT_THAT(*owner_->List(index, {INT64_MIN, {}}, 10), SizeIs(1));
  owner_->Do([&](Writer& w) { w.Touch(0, nullptr, with_ref(2), {}, At(2)); });
  Viewed(At(2));
  auto retired = std::make_shared<Case>(*with_ref(1));
  retired->retired = true;
  owner_->Do([&](Writer& w) { w.Touch(0, with_ref(1), retired, {}, At(3)); });
  Viewed(At(3));
  const auto found = owner_->List(index, {INT64_MIN, {}}, 10);
  ASSERT_TRUE(found.ok());
  ASSERT_THAT(*found, SizeIs(1));
  EXPECT_EQ(found->at(0).id, MakeCase(2)->id);
  EXPECT_THAT(*owner_->List(index, {found->at(0).score, HexOf(found->at(0).id)}, 10), IsEmpty());
  EXPECT_THAT(*owner_->List(IndexKey("ref", "acme", "itsm/INC2"), {INT64_MIN, {}}, 10), IsEmpty());
}

TEST_F(ViewTest, view_rolled_back_is_noticed_and_written_whole) {
  owner_->Do([](Writer& w) { Whole(w, At(1), {MakeCase(1)}, {}, {}); });
  Viewed(At(1));
  ASSERT_TRUE(server_->Command({"HSET", "{g1.s00}:at", "pos", FormatViewPosition(At(0))})
                  .ok());  // as a failover would leave it
  owner_->Do([](Writer& w) { w.Touch(0, nullptr, MakeCase(2), {}, At(2)); });
  ASSERT_TRUE(owner_->seen.Wait([](const Seen& s) { return s.elsewhere == 1; }));
  EXPECT_EQ(owner_->seen.Get().actual, std::optional<Position>(At(0)));
  EXPECT_EQ(*owner_->Read(MakeCase(2)->id), std::nullopt) << "something was written at the wrong place";
  owner_->Do([](Writer& w) { Whole(w, At(2), {MakeCase(1), MakeCase(2)}, {}, {}); });
  Viewed(At(2));
  EXPECT_TRUE(owner_->Read(MakeCase(2)->id)->has_value());
}

TEST_F(ViewTest, a_whole_shard_is_written_as_its_cases_stand_when_their_turn_comes) {
  const std::string desk = IndexKey("team", "acme", "desk"), network = IndexKey("team", "acme", "network");
  owner_->Do([](Writer& w) { Whole(w, At(1), {MakeCase(1), MakeCase(2)}, {}, {}); });
  Viewed(At(1));
  int asked = 0;
  std::map<CaseId, std::shared_ptr<const Case>> counted;  // the opening of the last has not counted
  for (int n = 1; n <= 249; ++n) counted[MakeCase(n)->id] = MakeCase(n);
  owner_->Do([&](Writer& w) {
    std::vector<CaseId> ids;
    for (int n = 1; n <= 250; ++n) ids.push_back(MakeCase(n)->id);
    w.Reset(0, At(2), 1, ids,
            [&asked, &counted](const CaseId& id) -> std::shared_ptr<const Case> {
              ++asked;
              const auto it = counted.find(id);
              return it != counted.end() ? it->second : nullptr;
            },
            {}, {});
    // Counted before the shard's turn: the first moves to another team, the second is gone.
    auto moved = MakeCase(1, 2);
    moved->owner.team = "network";
    auto gone = MakeCase(2, 2);
    gone->retired = true;
    w.Touch(0, MakeCase(1), moved, {}, At(3));
    w.Touch(0, MakeCase(2), gone, {}, At(4));
  });
  Viewed(At(4));
  EXPECT_EQ(asked, 248) << "of 250 two were touched";
  EXPECT_THAT(*owner_->List(network, {INT64_MIN, {}}, 1000), SizeIs(1));
  EXPECT_THAT(*owner_->List(desk, {INT64_MIN, {}}, 1000), SizeIs(247));
  EXPECT_THAT(*owner_->List("all", {INT64_MIN, {}}, 1000), SizeIs(248));
  EXPECT_EQ(*owner_->Read(MakeCase(1)->id), Encode(*MakeCase(1, 2)));
  EXPECT_EQ(*owner_->Read(MakeCase(2)->id), std::nullopt);
}

TEST_F(ViewTest, an_owner_who_is_busy_does_not_take_redis_for_dead) {
  owner_->Do([](Writer& w) {
    w.Reset(0, At(1), 1, {MakeCase(1)->id},
            [](const CaseId&) {
              std::this_thread::sleep_for(std::chrono::milliseconds(2 * kTimeoutMs));  // as decoding many cases would
              return MakeCase(1);
            },
            {}, {});
  });
  Viewed(At(1));
  EXPECT_EQ(owner_->seen.Get().lost, 0);
  EXPECT_EQ(owner_->seen.Get().elsewhere, 0);
}

TEST_F(ViewTest, shards_are_written_whole_one_after_the_other_and_all_of_them) {
  owner_->Do([&](Writer& w) {
    for (int shard = 0; shard < kShards; ++shard) {
      w.Reset(shard, At(1), 1, {MakeCase(1)->id}, [](const CaseId&) { return MakeCase(1); }, {}, {});
    }
  });
  ASSERT_TRUE(owner_->seen.Wait([](const Seen& s) { return s.viewed == kShards; }));
  owner_->Do([](Writer& w) {
    for (int shard = 0; shard < kShards; ++shard) EXPECT_TRUE(w.Settled(shard)) << shard;
  });
}

TEST_F(ViewTest, a_damaged_shard_is_noticed_and_written_whole) {
  int64_t at = 1;
  int elsewhere = 0;
  const CaseId id = MakeCase(1)->id;
  const auto whole = [&] {
    owner_->Do([&](Writer& w) { Whole(w, At(at), {MakeCase(1, static_cast<uint64_t>(at))}, {}, {{id, "whole"}}); });
  };
  // The owner writes it whole whenever it hears that the view stands elsewhere, as the keeper does.
  const auto reach = [&] {
    while (true) {
      ASSERT_TRUE(owner_->seen.Wait([&](const Seen& s) { return s.at == At(at) || s.elsewhere > elsewhere; }));
      if (owner_->seen.Get().at == At(at)) return;
      ++elsewhere;
      whole();
    }
  };
  whole();
  ASSERT_NO_FATAL_FAILURE(reach());
  for (const std::string& key :
       {std::string("at"), std::string("due"), std::string("all"), std::string("names"), "h:" + HexOf(id)}) {
    ASSERT_TRUE(server_->Command({"SET", "{g1.s00}:" + key, "garbage"}).ok());
    ++at;
    owner_->Do([&](Writer& w) {
      w.Touch(0, MakeCase(1), MakeCase(1, static_cast<uint64_t>(at)), {id, "more"}, At(at));
      w.Touch(0, nullptr, MakeCase(2), {}, At(at));
    });
    ASSERT_NO_FATAL_FAILURE(reach()) << key;
    ++at;
    whole();  // where a write had not met it
    ASSERT_NO_FATAL_FAILURE(reach()) << key;
    EXPECT_THAT(*owner_->List("due", {INT64_MIN, {}}, 10), SizeIs(1)) << key;
    EXPECT_THAT(*owner_->List("all", {INT64_MIN, {}}, 10), SizeIs(1)) << key;
    ASSERT_TRUE(owner_->Load().ok());
    EXPECT_THAT((**owner_->Load()).snapshots, SizeIs(1)) << key;
  }
  EXPECT_GE(elsewhere, 4);
}

TEST_F(ViewTest, a_history_goes_on_from_its_place_or_begins_anew_and_is_never_doubled) {
  const CaseId id = MakeCase(1)->id;
  const auto history = [&] {
    const auto read = owner_->Ask<std::vector<std::string>>([&](Queries& q, auto done) { q.History(id, done); });
    return read.ok() ? *read : std::vector<std::string>{read.error().message};
  };
  owner_->Do([&](Writer& w) {
    Whole(w, At(1), {MakeCase(1)}, {}, {{id, "one"}});
    w.Touch(0, MakeCase(1), MakeCase(1, 2), {id, "two"}, At(2));
  });
  Viewed(At(2));
  EXPECT_THAT(history(), ElementsAre("one", "two"));
  owner_->Do([&](Writer& w) { Whole(w, At(3), {MakeCase(1, 3)}, {}, {{id, "three"}}, At(2)); });
  Viewed(At(3));
  EXPECT_THAT(history(), ElementsAre("one", "two", "three"));
  // It stands elsewhere than the history goes on from: nothing is written.
  owner_->Do([&](Writer& w) { Whole(w, At(5), {MakeCase(1, 5)}, {}, {{id, "five"}}, At(4)); });
  ASSERT_TRUE(owner_->seen.Wait([](const Seen& s) { return s.elsewhere == 1; }));
  EXPECT_EQ(owner_->seen.Get().actual, std::optional<Position>(At(3)));
  EXPECT_THAT(history(), ElementsAre("one", "two", "three"));
  owner_->Do([&](Writer& w) { Whole(w, At(4), {MakeCase(1, 4)}, {}, {{id, "three"}, {id, "four"}}); });
  Viewed(At(4));
  EXPECT_THAT(history(), ElementsAre("three", "four"));
}

TEST_F(ViewTest, a_key_that_the_log_does_not_know_is_gone_when_a_shard_was_written_whole) {
  KeyEntry key;
  key.fingerprint.fill(3);
  key.value = "value";
  key.expires_at = runtime::SystemClock().WallMs() + 72 * kHourMs;
  owner_->Do([&](Writer& w) { Whole(w, At(1), {}, {key}, {}); });
  Viewed(At(1));
  EXPECT_THAT((**owner_->Load()).keys, SizeIs(1));
  owner_->Do([](Writer& w) { Whole(w, At(2), {}, {}, {}); });
  Viewed(At(2));
  EXPECT_THAT((**owner_->Load()).keys, IsEmpty());
}

TEST_F(ViewTest, older_epoch_cannot_write_view) {
  owner_->Do([](Writer& w) { Whole(w, At(1), {MakeCase(1)}, {}, {}); });
  Viewed(At(1));
  Owner successor(server_->port());
  successor.Do([](Writer& w) {
    w.Open(0, At(1), 2);
    w.Touch(0, MakeCase(1), MakeCase(1, 2), {}, At(3, 2));
  });
  ASSERT_TRUE(successor.seen.Wait([](const Seen& s) { return s.at == At(3, 2); }));
  owner_->Do([](Writer& w) { w.Touch(0, MakeCase(1), MakeCase(1, 9), {}, At(2)); });
  ASSERT_TRUE(owner_->seen.Wait([](const Seen& s) { return s.deposed == 1; }));
  EXPECT_EQ(**successor.Read(MakeCase(1)->id), Encode(*MakeCase(1, 2)));
  owner_->Do([](Writer& w) { Whole(w, At(2), {MakeCase(5)}, {}, {}); });
  ASSERT_TRUE(owner_->seen.Wait([](const Seen& s) { return s.deposed == 2; }));
  EXPECT_EQ(**successor.Read(MakeCase(1)->id), Encode(*MakeCase(1, 2)));
}

TEST_F(ViewTest, oom_in_view_script_writes_nothing) {
  owner_->Do([](Writer& w) { Whole(w, At(1), {MakeCase(1)}, {}, {}); });
  Viewed(At(1));
  ASSERT_TRUE(server_->Command({"CONFIG", "SET", "maxmemory", "1"}).ok());
  owner_->Do([](Writer& w) { w.Touch(0, nullptr, MakeCase(2), {MakeCase(2)->id, "b"}, At(2)); });
  // Refused as a whole: readers see the position and the cases of before.
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(*owner_->Read(MakeCase(2)->id), std::nullopt);
  }
  ASSERT_TRUE(server_->Command({"CONFIG", "SET", "maxmemory", "0"}).ok());
  Viewed(At(2));
  EXPECT_TRUE(owner_->Read(MakeCase(2)->id)->has_value());
}

TEST_F(ViewTest, a_restarted_empty_redis_is_noticed_before_the_next_write) {
  owner_->Do([](Writer& w) { Whole(w, At(1), {MakeCase(1)}, {}, {}); });
  Viewed(At(1));
  ASSERT_TRUE(server_->Kill9().ok());
  ASSERT_TRUE(owner_->seen.Wait([](const Seen& s) { return !s.connected; }));
  owner_->Do([](Writer& w) {
    for (int i = 2; i < 50; ++i) w.Touch(0, nullptr, MakeCase(i), {}, At(i));
  });
  ASSERT_TRUE(server_->StartAgain().ok());
  ASSERT_TRUE(owner_->seen.Wait([](const Seen& s) { return s.elsewhere >= 1; }));
  EXPECT_EQ(owner_->seen.Get().actual, std::nullopt);
}

TEST_F(ViewTest, a_stopped_redis_gets_everything_when_it_wakes) {
  owner_->Do([](Writer& w) { Whole(w, At(1), {MakeCase(1)}, {}, {}); });
  Viewed(At(1));
  ASSERT_TRUE(server_->Pause().ok());
  owner_->Do([](Writer& w) {
    for (int i = 2; i <= 300; ++i) w.Touch(0, nullptr, MakeCase(i), {}, At(i));
  });
  ASSERT_TRUE(owner_->seen.Wait([](const Seen& s) { return !s.connected; })) << "the watchdog gives up a silent server";
  ASSERT_TRUE(server_->Resume().ok());
  // What the old connection had sent may have landed in part, under a mark: then the owner writes the shard whole.
  ASSERT_TRUE(owner_->seen.Wait([](const Seen& s) { return s.at == At(300) || s.elsewhere > 0; }));
  if (owner_->seen.Get().elsewhere > 0) {
    owner_->Do([](Writer& w) {
      std::vector<std::shared_ptr<const Case>> all;
      for (int i = 1; i <= 300; ++i) all.push_back(MakeCase(i));
      Whole(w, At(300), all, {}, {});
    });
  }
  Viewed(At(300));
  EXPECT_TRUE(owner_->Read(MakeCase(300)->id)->has_value());
}

TEST_F(ViewTest, a_forgotten_script_is_taught_again) {
  owner_->Do([](Writer& w) { Whole(w, At(1), {MakeCase(1)}, {}, {}); });
  Viewed(At(1));
  ASSERT_TRUE(server_->Command({"SCRIPT", "FLUSH"}).ok());
  owner_->Do([](Writer& w) { w.Touch(0, nullptr, MakeCase(2), {}, At(2)); });
  Viewed(At(2));
}

TEST(ViewPosition, text_round_trips_and_garbage_is_nothing) {
  EXPECT_EQ(ParseViewPosition(FormatViewPosition(At(123, 9))), std::optional<Position>(At(123, 9)));
  for (const char* text :
       {"", "~1.2", "1:2:3", "1:2:zz070707070707070707070707070707:3", "x:1:07070707070707070707070707070707:1"}) {
    EXPECT_EQ(ParseViewPosition(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace escalon::view
