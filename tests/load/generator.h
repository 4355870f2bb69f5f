#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "escalon/submission/v1/submission.pb.h"

namespace escalon::load {

/// What people (or the source) do on a case, one after the other.
enum class Act : uint8_t {
  kAcknowledge,
  kStartWork,
  kNote,     ///< an inside note
  kAttempt,  ///< a logged attempt
  kAsk,      ///< a message of the customer
  kReply,    ///< a public reply
  kPause,    ///< waits for the customer
  kResume,
  kEscalate,  ///< by hand, with a reason
  kOfferHandover,
  kAnswerHandover,  ///< accepted or, now and then, declined
  kEta,
  kResolve,
  kConfirm,
  kReject,
  kRate,
  kSourceClears,  ///< the alert is over
  kSourceCloses,  ///< the ticket was closed at its source
  kWithdraw,
};
inline constexpr int kActs = 19;

struct PlannedAct {
  DurationMs after_ms = 0;  ///< the act before it was answered; real time
  Act act = Act::kNote;
};

/// One submission with what happens to its case afterwards. A submission that repeats another or reports the same again
/// has no plan.
struct Arrival {
  submission::v1::Submission submission;
  std::vector<PlannedAct> plan;
  bool at_once = false;  ///< the next one follows without a gap: a storm
};

struct GeneratorOptions {
  uint64_t seed = 1;
  std::string run;  ///< part of every key, so that runs on one cluster do not meet
  /// Of the plans' pauses; 1: an acknowledgement comes after some seconds.
  double patience = 1;
  double storms = 0.004;     ///< shares of arrivals
  double repeats = 0.03;     ///< the same submission again, under the same key
  double duplicates = 0.05;  ///< the same alert again, under another key
  double unanswered = 0.15;  ///< nobody does anything for long: they climb
};

/// Realistic cases of a web shop, the same ones for the same seed: tickets of people (incidents, requests, complaints)
/// and alerts of machines in three regions, VIPs, security reports, repeated and duplicate reports, alarms that come in
/// storms and clear again. One thread.
class Generator {
 public:
  explicit Generator(GeneratorOptions options);
  Arrival Next(InstantMs now);
  uint64_t made() const { return made_; }

  static constexpr const char* kDesk = "servicenow";
  static constexpr const char* kMonitoring = "alertmanager";

 private:
  double Chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  bool Happens(double share) { return Chance() < share; }
  size_t Pick(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  DurationMs Within(DurationMs least, DurationMs most);
  std::string Key(const char* kind);

  Arrival Ticket(InstantMs now);
  Arrival Alert(InstantMs now);
  Arrival SecurityReport(InstantMs now);
  Arrival FromStorm(InstantMs now);
  void Remember(const Arrival& arrival);
  void FillPerson(submission::v1::Submission* s);
  std::vector<PlannedAct> PlanOfTicket();
  std::vector<PlannedAct> PlanOfAlert();
  void AddWork(std::vector<PlannedAct>* plan);

  const GeneratorOptions options_;
  std::mt19937_64 random_;
  uint64_t made_ = 0;
  std::deque<submission::v1::Submission> recent_;
  int storm_left_ = 0;
  size_t storm_service_ = 0;
};

}  // namespace escalon::load
