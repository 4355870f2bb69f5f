#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <variant>

#include "common/domain/event.h"
#include "common/log/topics.h"
#include "common/runtime/shutdown.h"
#include "common/runtime/system_clock.h"
#include "common/wire/events_codec.h"
#include "tests/load/bench.h"
#include "tests/load/bench_parts.h"
#include "tests/load/door.h"
#include "tests/load/generator.h"
#include "tests/load/installation.h"
#include "tests/load/questions.h"
#include "tests/load/shard_sampler.h"

namespace escalon::load {
namespace {

constexpr int kShards = 8;
constexpr int kReadTimeoutMs = 120'000;
constexpr size_t kMostInFlight = 1024;          ///< calls
constexpr DurationMs kAheadMs = 3000;           ///< of the first clock, after the last of them is set
constexpr DurationMs kBurstMs = 1000;           ///< in which CPU is measured when all come due at once
constexpr DurationMs kSnoozesPerSecond = 1500;  ///< expected at least
constexpr const char* kClock = "snooze";

int Fail(const Error& error) {
  std::fprintf(stderr, "escalon-load: %s\n", error.message.c_str());
  return 2;
}

class ClockBench {
 public:
  ClockBench(const ClockBenchOptions& options, const Tokens& tokens, CpuMeter cpu)
      : options_(options),
        source_(*tokens.Of(Generator::kDesk)),
        operator_(*tokens.Of("operator")),
        cpu_(std::move(cpu)),
        door_({.address = options.place.intake}, clock_),
        run_("clocks-" + std::to_string(clock_.WallMs() % 1'000'000'000) + "-") {}

  int Run() {
    kafka_.brokers = options_.place.brokers;
    kafka_.client_id = "escalon-load";
    topic_ = log::TopicNames(options_.place.prefix).cases;
    Questions questions(options_.place.intake, operator_);
    before_ = Measure(questions);
    OpenCases();
    std::vector<int64_t> begins;
    if (const Status ends = Ends(&begins); !ends.ok()) return Fail(ends.error());
    const InstantMs first = clock_.WallMs() + options_.due * 1000 / kSnoozesPerSecond + kAheadMs;
    const InstantMs last = SetClocks(first);
    const InstantMs until = last > first ? last : first + kBurstMs;
    const Memory after = Measure(questions);
    Await(first);
    cpu_.Begin();
    Await(until);
    cpu_.End();
    Await(last + kAheadMs);
    std::vector<int64_t> late_us;
    if (const Status read = ReadLateness(begins, &late_us); !read.ok()) return Fail(read.error());
    Report(after, static_cast<double>(until - first) / kSecondMs, late_us);
    return failed_ == 0 && late_us.size() >= static_cast<size_t>(set_) ? 0 : 1;
  }

 private:
  void Await(InstantMs at) {
    while (clock_.WallMs() < at) door_.Poll(std::clamp<int64_t>((at - clock_.WallMs()) * 1000, 0, 50'000));
  }

  void OpenCases() {
    submission::v1::Submission pattern = BenchSubmission();
    int submitted = 0;
    while (submitted < options_.armed_cases || door_.in_flight() > 0) {
      while (submitted < options_.armed_cases &&
             door_.in_flight() * static_cast<size_t>(options_.many) < kMostInFlight) {
        std::vector<submission::v1::Submission> batch;
        std::vector<Door::Done> done;
        for (int i = 0; i < options_.many && submitted < options_.armed_cases; ++i) {
          pattern.set_idempotency_key(run_ + std::to_string(submitted++));
          batch.push_back(pattern);
          done.emplace_back([this](const Heard& heard) {
            if (heard.outcome == CallOutcome::kOpened) {
              cases_.push_back(heard.case_id);
            } else if (failed_++ == 0) {
              std::fprintf(stderr, "escalon-load: %s\n", heard.error.message.c_str());
            }
          });
        }
        door_.SubmitMany(std::move(batch), source_, std::move(done));
      }
      door_.Poll(1000);
    }
  }

  /// The last instant.
  InstantMs SetClocks(InstantMs first) {
    const auto wanted = std::min<size_t>(static_cast<size_t>(options_.due), cases_.size());
    InstantMs until = first;
    for (size_t i = 0; i < wanted; ++i) {
      if (options_.due_per_s > 0) {
        until = first + static_cast<InstantMs>(static_cast<double>(i) * kSecondMs / options_.due_per_s);
      }
      cases::v1::Command command;
      command.set_command_id(run_ + "snooze-" + std::to_string(i));
      command.mutable_snooze()->mutable_until()->set_seconds(until / 1000);
      command.mutable_snooze()->mutable_until()->set_nanos(static_cast<int32_t>(until % 1000) * 1'000'000);
      command.mutable_snooze()->set_text("measured");
      door_.Execute(cases_[i * cases_.size() / wanted], std::move(command), source_, [this](const Heard& heard) {
        if (heard.outcome == CallOutcome::kDone) {
          ++set_;
        } else if (failed_++ == 0) {
          std::fprintf(stderr, "escalon-load: %s\n", heard.error.message.c_str());
        }
      });
      while (door_.in_flight() >= kMostInFlight / 2) door_.Poll(1000);
    }
    while (door_.in_flight() > 0) door_.Poll(10'000);
    return until;
  }

  Status Ends(std::vector<int64_t>* out) {
    auto reader = log::RangeReader::Open(kafka_, topic_);
    if (!reader.ok()) return reader.error();
    for (int shard = 0; shard < kShards; ++shard) {
      const Result<log::Watermarks> marks = (*reader)->QueryEnds(shard, kReadTimeoutMs);
      if (!marks.ok()) return marks.error();
      out->push_back(marks->high);
    }
    return {};
  }

  Status ReadLateness(const std::vector<int64_t>& begins, std::vector<int64_t>* late_us) {
    std::vector<int64_t> ends;
    if (const Status s = Ends(&ends); !s.ok()) return s;
    auto reader = log::RangeReader::Open(kafka_, topic_);
    if (!reader.ok()) return reader.error();
    for (int shard = 0; shard < kShards; ++shard) {
      const auto at = static_cast<size_t>(shard);
      const Status read =
          (*reader)->ReadRange(shard, begins[at], ends[at], kReadTimeoutMs, [&](const log::LogEntry& entry) {
            if (!entry.record.ok() || entry.record->head.type != log::RecordType::kEvents) return true;
            const Result<EventBatch> batch = wire::DecodeBatch(entry.record->body);
            if (!batch.ok()) return true;
            for (const Event& event : batch->events) {
              const auto* fired = std::get_if<ClockFired>(&event);
              if (fired != nullptr && fired->name == kClock) late_us->push_back((batch->at - fired->alarm.at) * 1000);
            }
            return true;
          });
      if (!read.ok()) return read;
    }
    return {};
  }

  struct Memory {
    std::map<std::string, int64_t> bytes;
    uint64_t armed = 0;
  };
  Memory Measure(Questions& questions) const {
    const Result<Questions::TimerStats> stats = questions.Timer();
    return {cpu_.ResidentBytes(), stats.ok() ? stats->armed : 0};
  }

  /// What a process grew by, for each of `count`.
  double Growth(const Memory& after, const std::string& process, uint64_t count) const {
    const auto was = before_.bytes.find(process), is = after.bytes.find(process);
    if (was == before_.bytes.end() || is == after.bytes.end() || count == 0) return 0;
    return static_cast<double>(is->second - was->second) / static_cast<double>(count);
  }

  void Report(const Memory& after, double seconds, const std::vector<int64_t>& late_us) {
    nlohmann::json cores = nlohmann::json::object();
    for (const auto& [name, cpu] : cpu_.Seconds()) cores[name] = cpu / seconds;
    const nlohmann::json out{
        {"variant", options_.name},
        {"cases", cases_.size()},
        {"armed", after.armed},
        {"bytes_per_case",
         {{"routing", Growth(after, "routing", cases_.size())}, {"redis", Growth(after, "redis", cases_.size())}}},
        {"bytes_per_armed_clock", Growth(after, "sla-timer", after.armed - before_.armed)},
        {"due", set_},
        {"due_per_s", options_.due_per_s},
        {"handled", late_us.size()},
        {"failed", failed_},
        {"early", std::count_if(late_us.begin(), late_us.end(), [](int64_t us) { return us < 0; })},
        {"late_ms",
         {{"p50", PercentileMs(late_us, 0.5)},
          {"p99", PercentileMs(late_us, 0.99)},
          {"max", PercentileMs(late_us, 1)}}},
        {"cores", cores},
        {"others_cores", (cpu_.MachineSeconds() - cpu_.SumSeconds()) / seconds}};
    std::printf("%s\n", out.dump().c_str());
    std::fflush(stdout);
  }

  const ClockBenchOptions& options_;
  const std::string source_, operator_;
  const runtime::SystemClock clock_;
  CpuMeter cpu_;
  Door door_;
  const std::string run_;
  log::KafkaConfig kafka_;
  std::string topic_;
  std::vector<CaseId> cases_;
  Memory before_;
  uint64_t failed_ = 0;
  uint64_t set_ = 0;
};

}  // namespace

int RunClockBench(const ClockBenchOptions& options) {
  const Result<Tokens> tokens = Tokens::Load(options.place.dir + "/tokens");
  if (!tokens.ok()) return Fail(tokens.error());
  if (tokens->Of(Generator::kDesk) == nullptr || tokens->Of("operator") == nullptr) {
    return Fail(Error{ErrorCode::kNotFound, "no keys of servicenow and operator in " + options.place.dir});
  }
  auto processes = ProcessesOf(options.processes);
  if (!processes.ok()) return Fail(processes.error());
  ClockBench bench(options, *tokens, CpuMeter(std::move(*processes)));
  return bench.Run();
}

}  // namespace escalon::load
