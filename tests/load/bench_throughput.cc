#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "common/core/ids.h"
#include "common/log/plain_topic.h"
#include "common/log/topics.h"
#include "common/runtime/shutdown.h"
#include "common/runtime/system_clock.h"
#include "common/wire/delivery_codec.h"
#include "tests/load/bench.h"
#include "tests/load/bench_parts.h"
#include "tests/load/door.h"
#include "tests/load/generator.h"
#include "tests/load/installation.h"
#include "tests/load/scraper.h"
#include "tests/load/shard_sampler.h"

namespace escalon::load {
namespace {

constexpr int kShards = 8, kSampledShard = 3;
constexpr int kMostInOneGo = 64;
constexpr int64_t kDrainUs = 20'000'000;
constexpr int kReadTimeoutMs = 60'000;
constexpr const char* kTenant = "shop";

int Fail(const Error& error) {
  std::fprintf(stderr, "escalon-load: %s\n", error.message.c_str());
  return 2;
}

class ThroughputBench {
 public:
  ThroughputBench(const BenchOptions& options, const std::string& authorization, CpuMeter cpu)
      : options_(options),
        authorization_(authorization),
        cpu_(std::move(cpu)),
        run_("bench-" + std::to_string(clock_.WallMs() % 1'000'000'000) + "-"),
        log_(runtime::Logger::ToStderr(
            {.level = runtime::LogLevel::kWarn, .format = runtime::LogFormat::kText, .service = "load", .instance = ""},
            clock_)),
        client_(LoopbackClient(clock_, log_)),
        door_({.address = options.place.intake, .channels = options.channels}, clock_),
        pattern_(BenchSubmission()) {}

  int Run() {
    kafka_.brokers = options_.place.brokers;
    kafka_.client_id = "escalon-load";
    const log::TopicNames names(options_.place.prefix);
    auto sampler = ShardSampler::Open(kafka_, names.cases, kSampledShard, run_, clock_);
    if (!sampler.ok()) return Fail(sampler.error());
    sampler_ = std::move(*sampler);
    start_us_ = SteadyUs(clock_);
    from_us_ = start_us_ + static_cast<int64_t>(options_.warm_s * 1e6);
    to_us_ = from_us_ + static_cast<int64_t>(options_.measure_s * 1e6);
    // Steady and wall time may drift apart by less than a millisecond in so short a time.
    wall_minus_steady_us_ = clock_.WallMs() * 1000 - start_us_;
    Load();
    const double drained_ms = static_cast<double>(SteadyUs(clock_) - to_us_) / 1000;
    const bool complete = Drain();
    Report(names.delivery, complete, drained_ms);
    return complete && failed_ == 0 ? 0 : 1;
  }

 private:
  struct Point {
    uint64_t accepted = 0;
    double delivered = 0;
  };

  Point Look() {
    Point out;
    out.accepted = accepted_;
    const auto pages = ScrapeAll(*client_, {*options_.place.metrics.find("notification")}, kSecondMs);
    if (const auto page = pages.find("notification"); page != pages.end()) {
      out.delivered = page->second.Sum("escalon_notification_outcomes_total", {{"outcome", "delivered"}});
    }
    return out;
  }

  /// Cases that every stage is done with, by what the sampled shard shows.
  uint64_t Done() const {
    if (sampled_ == 0) return 0;
    const double share = static_cast<double>(sampler_->assigned()) / static_cast<double>(sampled_);
    return static_cast<uint64_t>(share * static_cast<double>(submitted_)) + failed_;
  }

  void Load() {
    bool begun = false;
    for (int64_t now = start_us_; now < to_us_; now = SteadyUs(clock_)) {
      if (!begun && now >= from_us_) {
        begun = true;
        begin_ = Look();
        cpu_.Begin();
      }
      const auto many = static_cast<uint64_t>(options_.many);
      const uint64_t allowed = options_.rate > 0
                                   ? static_cast<uint64_t>(static_cast<double>(now - start_us_) * 1e-6 * options_.rate)
                                   : Done() + static_cast<uint64_t>(options_.window);
      for (int burst = 0; burst < kMostInOneGo && submitted_ + many <= allowed; ++burst) Submit();
      door_.Poll(submitted_ + many <= allowed ? 0 : 500);
    }
    cpu_.End();
    end_ = Look();
  }

  void Submit() {
    std::vector<submission::v1::Submission> batch;
    std::vector<Door::Done> done;
    for (int i = 0; i < options_.many; ++i) {
      // Open loop: measured from the instant at which the case was due, so a stall cannot hide.
      const int64_t due_us =
          options_.rate > 0 ? start_us_ + static_cast<int64_t>(static_cast<double>(submitted_) * 1e6 / options_.rate)
                            : SteadyUs(clock_);
      pattern_.set_idempotency_key(run_ + std::to_string(submitted_));
      if (ShardOf(BucketOf(kTenant, pattern_.idempotency_key()), kShards) == kSampledShard) ++sampled_;
      due_.push_back(due_us);
      ++submitted_;
      Door::Done heard = [this, due_us](const Heard& answer) {
        if (answer.outcome != CallOutcome::kOpened) {
          if (failed_++ == 0) std::fprintf(stderr, "escalon-load: %s\n", answer.error.message.c_str());
          return;
        }
        ++accepted_;
        if (due_us >= from_us_ && due_us < to_us_) accept_us_.push_back(SteadyUs(clock_) - due_us);
      };
      if (options_.many == 1) return door_.Submit(pattern_, authorization_, std::move(heard));
      batch.push_back(pattern_);
      done.push_back(std::move(heard));
    }
    door_.SubmitMany(std::move(batch), authorization_, std::move(done));
  }

  /// What is under way must arrive: nothing may be lost.
  bool Drain() {
    const int64_t until = SteadyUs(clock_) + kDrainUs;
    const auto complete = [&] { return door_.in_flight() == 0 && sampler_->assigned() >= sampled_; };
    while (!complete() && SteadyUs(clock_) < until) door_.Poll(10'000);
    return complete();
  }

  /// From due to what the delivery log says, for the sampled cases.
  std::vector<int64_t> NotifiedUs(const std::string& topic, const std::unordered_map<CaseId, int64_t>& due_by_case) {
    std::vector<int64_t> out;
    auto reader = log::PlainReader::Open(kafka_, topic);
    if (!reader.ok()) return out;
    const Result<int> partitions = (*reader)->Partitions(kReadTimeoutMs);
    const InstantMs since = (start_us_ + wall_minus_steady_us_) / 1000;
    for (int partition = 0; partitions.ok() && partition < *partitions; ++partition) {
      static_cast<void>((*reader)->ReadToEnd(partition, since, kReadTimeoutMs, [&](const log::PlainMessage& message) {
        const Result<wire::DeliveryRecord> record = wire::DecodeDelivery(message.value);
        if (!record.ok() || record->outcome != wire::DeliveryOutcome::kDelivered) return true;
        const auto due = due_by_case.find(record->case_id);
        if (due != due_by_case.end()) out.push_back(record->at * 1000 - wall_minus_steady_us_ - due->second);
        return true;
      }));
    }
    return out;
  }

  static nlohmann::json Latency(const std::vector<int64_t>& us) {
    return {{"p50", PercentileMs(us, 0.5)},
            {"p99", PercentileMs(us, 0.99)},
            {"max", PercentileMs(us, 1)},
            {"samples", us.size()}};
  }

  void Report(const std::string& delivery_topic, bool complete, double drained_ms) {
    std::vector<int64_t> assigned_us;
    std::unordered_map<CaseId, int64_t> due_by_case;
    for (const ShardSampler::Sample& sample : sampler_->Samples()) {
      if (sample.number >= due_.size()) continue;
      const int64_t due = due_[sample.number];
      if (due < from_us_ || due >= to_us_) continue;
      due_by_case[sample.case_id] = due;
      if (sample.assigned_us != 0) assigned_us.push_back(sample.assigned_us - due);
    }
    const double seconds = options_.measure_s;
    const double delivered = end_.delivered - begin_.delivered;
    const auto accepted = static_cast<double>(end_.accepted - begin_.accepted);
    nlohmann::json per_case = nlohmann::json::object();
    for (const auto& [name, cpu] : cpu_.Seconds()) per_case[name] = accepted > 0 ? cpu * 1e6 / accepted : 0;
    const double cores = cpu_.MachineSeconds() / seconds;
    const nlohmann::json out{{"variant", options_.name},
                             {"offered_per_s", static_cast<int>(options_.rate)},
                             {"window", options_.rate > 0 ? 0 : options_.window},
                             {"many", options_.many},
                             {"seconds", seconds},
                             {"accepted_per_s", accepted / seconds},
                             {"notified_per_s", std::min(accepted, delivered) / seconds},
                             {"delivered_per_s", delivered / seconds},
                             {"accept_ms", Latency(accept_us_)},
                             {"accept_to_assigned_ms", Latency(assigned_us)},
                             {"accept_to_notified_ms", Latency(NotifiedUs(delivery_topic, due_by_case))},
                             {"submitted", submitted_},
                             {"failed", failed_},
                             {"complete", complete},
                             {"drain_ms", drained_ms},
                             {"repeats", door_.repeats()},
                             {"load_average", LoadAverage()},
                             {"machine_busy_cores", cores},
                             {"others_cores", cores - cpu_.SumSeconds() / seconds},
                             {"cpu_us_per_case", per_case},
                             {"sum_us_per_case", accepted > 0 ? cpu_.SumSeconds() * 1e6 / accepted : 0}};
    std::printf("%s\n", out.dump().c_str());
    std::fflush(stdout);
  }

  const BenchOptions& options_;
  const std::string& authorization_;
  const runtime::SystemClock clock_;
  CpuMeter cpu_;
  const std::string run_;
  const runtime::Logger log_;
  const std::unique_ptr<http::Client> client_;
  Door door_;
  submission::v1::Submission pattern_;
  log::KafkaConfig kafka_;
  std::unique_ptr<ShardSampler> sampler_;
  int64_t start_us_ = 0, from_us_ = 0, to_us_ = 0, wall_minus_steady_us_ = 0;
  uint64_t submitted_ = 0, sampled_ = 0, accepted_ = 0, failed_ = 0;
  std::vector<int64_t> due_, accept_us_;
  Point begin_, end_;
};

}  // namespace

int RunThroughputBench(const BenchOptions& options) {
  const Result<Tokens> tokens = Tokens::Load(options.place.dir + "/tokens");
  if (!tokens.ok()) return Fail(tokens.error());
  const std::string* key = tokens->Of(Generator::kDesk);
  if (key == nullptr) return Fail(Error{ErrorCode::kNotFound, "no key of servicenow in " + options.place.dir});
  if (!options.place.metrics.contains("notification"))
    return Fail(InvalidField("--metrics", "has to name notification"));
  auto processes = ProcessesOf(options.processes);
  if (!processes.ok()) return Fail(processes.error());
  ThroughputBench bench(options, *key, CpuMeter(std::move(*processes)));
  return bench.Run();
}

}  // namespace escalon::load
