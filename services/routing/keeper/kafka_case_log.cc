#include "services/routing/keeper/kafka_case_log.h"

#include <algorithm>

#include "common/core/random.h"

namespace escalon::routing {
namespace {

constexpr int kKafkaTimeoutMs = 5000;
constexpr DurationMs kSkewAlarmMs = 250;      ///< DESIGN §7.15
constexpr DurationMs kReplaceEveryMs = 1000;  ///< at most one new producer a second (rule 9)

}  // namespace

KafkaCaseLog::KafkaCaseLog(runtime::EventLoop& loop, const Clock& clock, Listener listener, runtime::Logger logger,
                           runtime::Metrics& metrics)
    : loop_(loop),
      clock_(clock),
      listener_(std::move(listener)),
      logger_(std::move(logger)),
      skew_(metrics.AddGauge("escalon_kafka_clock_skew_seconds",
                             "The broker's clock minus ours at the last append; above 0.25 is an alarm.")),
      replaced_(
          metrics.AddCounter("escalon_keeper_producers_replaced_total", "Producers replaced after a fatal error.")) {}

Result<std::unique_ptr<KafkaCaseLog>> KafkaCaseLog::Open(runtime::EventLoop& loop, const Clock& clock,
                                                         KafkaCaseLogOptions options, Listener listener,
                                                         runtime::Logger logger, runtime::Metrics& metrics) {
  std::unique_ptr<KafkaCaseLog> out(new KafkaCaseLog(loop, clock, std::move(listener), std::move(logger), metrics));
  log::ProducerConfig producer;
  producer.kafka = options.kafka;
  producer.topic = options.topic;
  producer.shards = options.shards;
  producer.linger_ms = options.linger_ms;
  for (int i = 0; i < std::clamp(options.producers, 1, options.shards); ++i) {
    auto opened = log::Producer::Open(producer);
    if (!opened.ok()) return opened.error();
    out->producers_.push_back(std::move(*opened));
  }
  auto bases = log::BaseIndex::Open(options.kafka, options.topic, options.base_group);
  if (!bases.ok()) return bases.error();
  out->bases_ = std::move(*bases);
  out->blocking_ = std::make_unique<runtime::Executor>("bases", 1, 4096, out->logger_);
  log::ShardSourceConfig source;
  source.kafka = options.kafka;
  source.topic = options.topic;
  source.fetch_min_bytes = 1;  // a take-over or a gap waits for a single record
  KafkaCaseLog* self = out.get();
  auto reader = log::ShardSource::Open(
      std::move(source), {.on_batch =
                              [self](log::LogBatch&& batch) {
                                self->loop_.Post([self, b = std::make_unique<log::LogBatch>(std::move(batch))] {
                                  self->listener_.on_read(std::move(*b));
                                });
                              },
                          .on_error =
                              [self](int shard, uint64_t read, const Error& error) {
                                self->loop_.Post([self, shard, read, e = std::make_unique<Error>(error)] {
                                  self->listener_.on_read_error(shard, read, *e);
                                });
                              }});
  if (!reader.ok()) return reader.error();
  out->source_ = std::move(*reader);
  for (const auto& each : out->producers_) {
    loop.Watch(each->fd(), runtime::EventLoop::kReadable, [self, p = each.get()](uint32_t) { self->Poll(*p); });
  }
  return out;
}

KafkaCaseLog::~KafkaCaseLog() {
  source_.reset();
  for (const auto& producer : producers_) loop_.Unwatch(producer->fd());
}

void KafkaCaseLog::Poll(log::Producer& producer) {
  const log::Producer::Events events{
      .on_delivery =
          [this](const log::Delivery& d) {
            if (replacing_) return;  // its shard was told that nothing pending will be reported
            if (!d.appended.ok()) return listener_.on_report(d.shard, d.token, d.appended.error());
            if (d.appended->broker_time_ms != 0) {
              const DurationMs skew = d.appended->broker_time_ms - clock_.WallMs();
              if (clock_.Factor() == 1.0) {
                skew_->Set(static_cast<double>(skew) / 1000);
                if (skew > kSkewAlarmMs) {
                  logger_.Limited(trouble_limit_, runtime::LogLevel::kWarn, "the broker's clock is ahead",
                                  {{"skew_ms", skew}});
                }
              }
            }
            listener_.on_report(d.shard, d.token, d.appended->offset);
          },
      .on_fatal =
          [this](const Error& error) {
            logger_.Error("a producer died", {runtime::ErrorField(error)});
            if (replacing_) return;
            replacing_ = true;
            listener_.on_producer_gone(error);
            loop_.After(kReplaceEveryMs / 2 + static_cast<DurationMs>(RandomBits() % (kReplaceEveryMs / 2)),
                        [this] { Replace(); });
          },
      .on_trouble =
          [this](const Error& error) {
            logger_.Limited(trouble_limit_, runtime::LogLevel::kWarn, "kafka", {runtime::ErrorField(error)});
          }};
  producer.Poll(events);
}

void KafkaCaseLog::Replace() {
  for (const auto& producer : producers_) {
    if (const Status replaced = producer->Replace(); !replaced.ok()) {
      logger_.Error("no new producer", {runtime::ErrorField(replaced.error())});
      loop_.After(kReplaceEveryMs, [this] { Replace(); });
      return;
    }
    replaced_->Increment();
  }
  replacing_ = false;
  listener_.on_producer_back();
}

Status KafkaCaseLog::Append(int shard, const log::RecordHead& head, std::string_view body, uint64_t token) {
  // What the living ones took now would be dropped with them, unreported.
  if (replacing_) return Error{ErrorCode::kUnavailable, "append: the producers are being replaced", {}, {}, 500};
  return ProducerOf(shard).AppendRecord(shard, head, body, token);
}

uint64_t KafkaCaseLog::Read(int shard, int64_t from, int64_t to) { return source_->Start(shard, from, to); }
void KafkaCaseLog::StopReading(int shard) { source_->Stop(shard); }

void KafkaCaseLog::Ends(int shard, std::function<void(Result<log::Watermarks>)> done) {
  source_->QueryEnds(shard, kKafkaTimeoutMs, [this, done = std::move(done)](int, const Result<log::Watermarks>& ends) {
    loop_.Post([done, ends] { done(ends); });
  });
}

void KafkaCaseLog::LastBase(int shard, std::function<void(Result<Position>)> done) {
  const bool posted = blocking_->TryPost([this, shard, done] {
    const Result<Position> base = bases_->LastBase(shard, kKafkaTimeoutMs);
    loop_.Post([done, base] { done(base); });
  });
  if (!posted) {
    loop_.Post([done] { done(Error{ErrorCode::kUnavailable, "too many questions for the index of bases"}); });
  }
}

void KafkaCaseLog::SaveBase(int shard, const Position& floor) {
  const bool posted = blocking_->TryPost([this, shard, floor] {
    // An owner that slept may learn of its base when a later owner has long written another, and retention has
    // followed.
    const Result<Position> last = bases_->LastBase(shard, kKafkaTimeoutMs);
    if (last.ok() && last->offset >= floor.offset) return;
    const Status saved = bases_->Commit(shard, floor, kKafkaTimeoutMs);
    if (!saved.ok())
      logger_.Warn("a base was written but not indexed", {{"shard", shard}, runtime::ErrorField(saved.error())});
  });
  if (!posted) logger_.Warn("a base was written but not indexed", {{"shard", shard}, {"error", "too many under way"}});
}

}  // namespace escalon::routing
