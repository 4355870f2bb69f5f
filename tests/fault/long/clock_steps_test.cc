#include <algorithm>
#include <cmath>
#include <memory>
#include <regex>
#include <string>

#include "tests/support/fault/clock_shift.h"
#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

constexpr DurationMs kJump = 2 * kHourMs;
constexpr double kSkewExactS = 60;  ///< so near to the jump is what the owner's gauge has to show

/// The wall clock of all services jumps under load; those of Kafka, Redis and the callers at the door do not. What
/// falls due by a jump is late by as much as the clock was put forward, and by no more; never is anything early by its
/// owner's clock.
class ClockSteps : public Fault {
 protected:
  void BeginInStep(ClusterOptions options = {}) {
    clock_ = shift_;
    late_bound_ms_ += kJump;
    options.environment = shift_->environment();
    // Each jump makes alarms of all cases due at once: few cases are enough.
    Begin(std::move(options), {.callers = 2, .at_once = 4});
  }

  /// The owner's gauge, which EscalonClockSkew watches, shows it, and everything goes on.
  void Jump(DurationMs ahead) {
    shift_->Set(ahead);
    const double expected = -static_cast<double>(ahead / kSecondMs);
    const Status seen =
        cluster().node("routing-0").AwaitMetric("escalon_kafka_clock_skew_seconds", [expected](double skew) {
          return std::abs(skew - expected) < kSkewExactS;
        });
    ASSERT_TRUE(seen.ok()) << seen.error().message;
    AwaitFlow();
  }

  /// Steps take a quarter of an hour here, so nothing can be that late but by a jump.
  bool AwaitAlarmsOfTheJump() {
    return cluster().log().WaitFor(
        [](const std::vector<LogOracle>& shards) {
          return std::any_of(shards.begin(), shards.end(),
                             [](const LogOracle& shard) { return shard.worst_late_ms() > kJump / 2; });
        },
        2 * kPatience);
  }

  const std::shared_ptr<ClockShift> shift_ = std::make_shared<ClockShift>();
};

TEST_F(ClockSteps, two_hours_ahead_and_back_nothing_fires_early_or_twice_and_nothing_waits) {
  ASSERT_NO_FATAL_FAILURE(BeginInStep());
  ASSERT_NO_FATAL_FAILURE(Jump(kJump));
  EXPECT_TRUE(AwaitAlarmsOfTheJump()) << "what is due by the new time was not acted on";
  ASSERT_NO_FATAL_FAILURE(Jump(0));
  End();
}

TEST_F(ClockSteps, two_hours_back_and_ahead_nothing_fires_early_or_twice_and_nothing_is_missed) {
  ASSERT_NO_FATAL_FAILURE(BeginInStep());
  ASSERT_NO_FATAL_FAILURE(Jump(-kJump));
  ASSERT_NO_FATAL_FAILURE(Jump(0));
  EXPECT_TRUE(AwaitAlarmsOfTheJump()) << "what is due by the new time was not acted on";
  End();
}

// What was armed since then is due before the time that the timer has seen already.
TEST_F(ClockSteps, set_back_the_timer_asks_owners_only_for_what_is_due) {
  ASSERT_NO_FATAL_FAILURE(BeginInStep());
  ASSERT_NO_FATAL_FAILURE(Jump(kJump));
  ASSERT_NO_FATAL_FAILURE(Jump(0));
  Node& timer = cluster().node("sla-timer");
  const Result<double> armed = timer.Metric("escalon_timer_armed"),
                       before = timer.Metric("escalon_timer_refused_total");
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  const Result<double> after = timer.Metric("escalon_timer_refused_total");
  ASSERT_TRUE(armed.ok() && before.ok() && after.ok());
  EXPECT_LT(*after - *before, *armed) << "clocks of which hardly any is due";
  End();
}

// Its next try was set to an instant, of which the clock is two hours short again.
TEST_F(ClockSteps, set_back_a_page_that_waits_for_its_next_try_is_not_put_off) {
  ASSERT_NO_FATAL_FAILURE(BeginInStep());
  // A second contact would hear of it at once.
  const std::string one_contact = std::regex_replace(TestRoster(sink_.port()), std::regex(", \"log:\\w+\""), "");
  ASSERT_TRUE(cluster().PublishRoster(one_contact).ok());
  ASSERT_TRUE(cluster().node("notification").AwaitLog("roster adopted tenant=acme version=2"));
  ASSERT_NO_FATAL_FAILURE(Jump(kJump));
  const uint64_t refused = sink_.refused();
  sink_.Answer(503);
  ASSERT_TRUE(sink_.AwaitRefused(refused));
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());  // until many wait
  ASSERT_NO_FATAL_FAILURE(Jump(0));
  sink_.Answer(204);
  End();
}

// All pages of a person but the first go with the next bundle, whose end was set to such an instant.
TEST_F(ClockSteps, set_back_people_whose_pages_go_in_bundles_still_hear_of_them) {
  ClusterOptions options;
  options.settings["notification"]["bundle.pages"] = "1";
  options.settings["notification"]["bundle.page_window"] = "5s";
  ASSERT_NO_FATAL_FAILURE(BeginInStep(std::move(options)));
  ASSERT_NO_FATAL_FAILURE(Jump(kJump));
  ASSERT_NO_FATAL_FAILURE(Jump(0));
  End();
}

}  // namespace
}  // namespace escalon::test
