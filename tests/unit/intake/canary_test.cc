#include "services/intake/canary/canary.h"

#include <gmock/gmock.h>

#include <deque>

#include "tests/unit/intake/manual_clock.h"

namespace escalon::intake {
namespace {

using testing::HasSubstr;

/// Answers when the test says so.
class Door final : public CanarySteps {
 public:
  void Submit(Reply<CaseId> reply) override { submissions.push_back(std::move(reply)); }
  void Look(const CaseId&, uint64_t version, Reply<Seen> reply) override {
    asked_version = version;
    looks.push_back(std::move(reply));
  }
  void LookForDelivery(const CaseId&, Reply<bool> reply) override { deliveries.push_back(std::move(reply)); }
  void Cancel(const CaseId& id, Reply<bool> reply) override {
    cancelled = id;
    cancels.push_back(std::move(reply));
  }

  std::deque<Reply<CaseId>> submissions;
  std::deque<Reply<Seen>> looks;
  std::deque<Reply<bool>> deliveries, cancels;
  uint64_t asked_version = 0;
  CaseId cancelled;
};

class CanaryTest : public testing::Test {
 protected:
  CanaryTest() {
    canary_.Start();
    Run();
  }
  void Run() {
    while (loop_.RunReady()) {
    }
  }
  void Pass(DurationMs ms) {
    clock_.Pass(ms);
    Run();
  }
  template <typename T>
  void Answer(std::deque<Reply<T>>& open, Result<T> result) {
    ASSERT_FALSE(open.empty()) << "nothing was asked";
    const Reply<T> reply = std::move(open.front());
    open.pop_front();
    reply(std::move(result));
    Run();
  }
  std::string Exposed() { return metrics_.Serialize(); }
  std::string Outcome(const std::string& outcome, int count) {
    return "escalon_canary_total{outcome=\"" + outcome + "\"} " + std::to_string(count) + "\n";
  }
  std::string Stage(const std::string& stage, int count) {
    return "escalon_canary_seconds_count{stage=\"" + stage + "\"} " + std::to_string(count) + "\n";
  }

  static constexpr DurationMs kEvery = 10'000, kPatience = 3'000, kAgain = 20;
  const CaseId id_ = CaseId::Make(1, 2, 3, 4);
  ManualClock clock_;
  runtime::Metrics metrics_;
  Door door_;
  runtime::EventLoop loop_{clock_};
  CanaryMetrics counted_{metrics_, clock_};
  Canary canary_{{kEvery, kPatience, kAgain}, door_, counted_, clock_, loop_, runtime::Logger()};
};

TEST_F(CanaryTest, IsFollowedThroughEveryStageAndCancelledAtTheEnd) {
  clock_.Pass(4);
  Answer<CaseId>(door_.submissions, id_);
  EXPECT_EQ(door_.asked_version, 1u);
  clock_.Pass(30);
  Answer<CanarySteps::Seen>(door_.looks, CanarySteps::Seen{2, true});
  Answer<bool>(door_.deliveries, false);
  Pass(kAgain);
  Answer<bool>(door_.deliveries, true);
  EXPECT_EQ(door_.cancelled, id_);
  EXPECT_THAT(Exposed(), HasSubstr(Outcome("done", 0))) << "it is over when it is cancelled";
  Answer<bool>(door_.cancels, true);
  EXPECT_THAT(Exposed(), HasSubstr(Outcome("done", 1)));
  for (const char* stage : {"accepted", "assigned", "notified"}) EXPECT_THAT(Exposed(), HasSubstr(Stage(stage, 1)));
  EXPECT_THAT(Exposed(), HasSubstr("escalon_canary_seconds_sum{stage=\"accepted\"} 0.004\n"));
  EXPECT_THAT(Exposed(), HasSubstr("escalon_canary_seconds_sum{stage=\"notified\"} 0.054\n"));
}

TEST_F(CanaryTest, TheNextOneFliesAPeriodAfterTheLastOneBegan) {
  Answer<CaseId>(door_.submissions, Error{ErrorCode::kUnavailable, "Kafka is away"});
  EXPECT_THAT(Exposed(), HasSubstr(Outcome("not_accepted", 1)));
  Pass(kEvery - 1);
  EXPECT_TRUE(door_.submissions.empty());
  Pass(1);
  EXPECT_EQ(door_.submissions.size(), 1u);
}

TEST_F(CanaryTest, LooksAgainForANewerVersionUntilTheCaseHasAnOwner) {
  Answer<CaseId>(door_.submissions, id_);
  Answer<CanarySteps::Seen>(door_.looks, CanarySteps::Seen{3, false});
  EXPECT_TRUE(door_.looks.empty()) << "not at once";
  Pass(kAgain);
  EXPECT_EQ(door_.asked_version, 3u);
  Answer<CanarySteps::Seen>(door_.looks, Error{ErrorCode::kUnavailable, "Redis is away"});
  Pass(kAgain);
  Answer<CanarySteps::Seen>(door_.looks, CanarySteps::Seen{4, true});
  EXPECT_EQ(door_.deliveries.size(), 1u);
}

TEST_F(CanaryTest, WithoutOwnerInTimeIsAMissAndIsCancelledAllTheSame) {
  Answer<CaseId>(door_.submissions, id_);
  clock_.Pass(kPatience);
  Answer<CanarySteps::Seen>(door_.looks, CanarySteps::Seen{1, false});
  Answer<bool>(door_.cancels, true);
  EXPECT_THAT(Exposed(), HasSubstr(Outcome("not_assigned", 1)));
  EXPECT_THAT(Exposed(), HasSubstr(Stage("assigned", 0)));
}

TEST_F(CanaryTest, WhoNeverAnswersCannotStopTheNextOne) {
  Answer<CaseId>(door_.submissions, id_);
  Answer<CanarySteps::Seen>(door_.looks, CanarySteps::Seen{2, true});
  Pass(kPatience);  // no answer about deliveries
  Pass(kPatience);  // nor about the cancellation
  EXPECT_THAT(Exposed(), HasSubstr(Outcome("not_notified", 1)));
  Pass(kEvery);
  ASSERT_EQ(door_.submissions.size(), 1u);
  Answer<bool>(door_.deliveries, true);  // far too late
  EXPECT_EQ(door_.cancels.size(), 1u) << "an answer to the last one is not the next one's";
  EXPECT_THAT(Exposed(), HasSubstr(Stage("notified", 0)));
}

TEST_F(CanaryTest, AFailedCancellationIsAnOutcome) {
  Answer<CaseId>(door_.submissions, id_);
  Answer<CanarySteps::Seen>(door_.looks, CanarySteps::Seen{2, true});
  Answer<bool>(door_.deliveries, true);
  Answer<bool>(door_.cancels, Error{ErrorCode::kOutcomeUnknown, "no answer"});
  EXPECT_THAT(Exposed(), HasSubstr(Outcome("not_cancelled", 1)));
  EXPECT_THAT(Exposed(), HasSubstr(Outcome("done", 0)));
}

TEST_F(CanaryTest, TheAgeOfTheLastSuccessGrowsFromTheStart) {
  Pass(7'000);
  EXPECT_THAT(Exposed(), HasSubstr("escalon_canary_age_seconds 7\n"));
}

TEST_F(CanaryTest, StoppedItSubmitsNothingMore) {
  Answer<CaseId>(door_.submissions, Error{ErrorCode::kUnavailable, "Kafka is away"});
  canary_.Stop();
  Run();
  Pass(kEvery);
  EXPECT_TRUE(door_.submissions.empty());
}

TEST_F(CanaryTest, AnAnswerAfterTheStopIsIgnored) {
  canary_.Stop();
  Run();
  Answer<CaseId>(door_.submissions, id_);
  EXPECT_TRUE(door_.looks.empty());
}

}  // namespace
}  // namespace escalon::intake
