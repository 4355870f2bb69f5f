#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/core/mutex.h"
#include "common/core/result.h"
#include "common/log/document_topic.h"
#include "common/rules/rule_set.h"
#include "common/runtime/health.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"

namespace escalon::rules {

struct LiveRulesConfig {
  log::KafkaConfig kafka;
  std::string policy_topic;
  std::string roster_topic;
};

/// What an apply did.
struct Applied {
  VersionInfo info;
  bool unchanged = false;  ///< the same text is in force already
};

/// What the rules count. Declared when the service is built, so that the counters exist before the topics are opened.
struct RulesMetrics {
  explicit RulesMetrics(runtime::Metrics& metrics);
  runtime::CounterRef adopted_policies, adopted_rosters, refused;
};

/// The rules as every service has them (DESIGN §8): both document topics followed from the beginning, each version
/// parsed and checked once, a new set adopted without restart. A version that does not parse here is logged and left
/// out; the ones before it stay in force. Thread-safe.
class LiveRules {
 public:
  /// `on_change` (optional) is called on the topics' threads after each adopted version.
  static Result<std::unique_ptr<LiveRules>> Open(LiveRulesConfig config, const Clock& clock, runtime::Logger logger,
                                                 runtime::Metrics& metrics, runtime::Health& health,
                                                 std::function<void()> on_change = {});
  ~LiveRules();

  /// A snapshot; hold it as long as its pointers are used.
  std::shared_ptr<const RuleSet> Current() const { return std::atomic_load(&current_); }
  bool caught_up() const { return policies_caught_up_ && rosters_caught_up_; }

  /// Everything wrong with a text, its own tests that fail included, as ApplyPolicy would find it. Empty: it may be
  /// applied.
  std::vector<FieldViolation> JudgePolicy(const std::string& tenant, const std::string& yaml) const;
  static std::vector<FieldViolation> JudgeRoster(const std::string& yaml);

  /// Validates whole, writes the next version, waits until it is in force here. Blocks up to some seconds: not on an
  /// event loop. kInvalidArgument lists every finding; kWrongState: `expected_version` (0: any) is not the one in
  /// force.
  Result<Applied> ApplyPolicy(const std::string& tenant, const std::string& yaml, const std::string& by,
                              const std::string& comment, uint32_t expected_version);
  Result<Applied> ApplyRoster(const std::string& tenant, const std::string& yaml, const std::string& by,
                              const std::string& comment, uint32_t expected_version);

 private:
  LiveRules(const Clock& clock, runtime::Logger logger, runtime::Metrics& metrics, runtime::Health& health,
            std::function<void()> on_change);
  void OnPolicy(const log::Document& document);
  void OnRoster(const log::Document& document);
  void Adopt(const std::function<void(RuleSet&)>& change);
  void CaughtUp();
  Result<Applied> Publish(log::DocumentTopic& topic, const std::string& tenant, const std::string& id, uint32_t version,
                          const std::string& yaml, const std::string& by, const std::string& comment);

  const Clock& clock_;
  const runtime::Logger logger_;
  runtime::Health& health_;
  const std::function<void()> on_change_;
  const RulesMetrics metrics_;
  Mutex adopt_mutex_;                                                           ///< one change of current_ at a time
  Mutex apply_mutex_;                                                           ///< one version number at a time
  std::shared_ptr<const RuleSet> current_ = std::make_shared<const RuleSet>();  ///< by std::atomic_load and _store
  std::atomic<bool> policies_caught_up_{false}, rosters_caught_up_{false};
  std::unique_ptr<log::DocumentTopic> policies_, rosters_;  ///< last: their threads call this
};

}  // namespace escalon::rules
