#include "tests/load/generator.h"

#include <array>
#include <string_view>

#include "common/core/instant.h"

namespace escalon::load {
namespace {

namespace sb = ::escalon::submission::v1;
using common::v1::Grade;

constexpr size_t kRemembered = 64;
constexpr size_t kPeople = 4000;

struct Subject {
  std::string_view kind, title, text, service;
};

constexpr auto kTickets = std::to_array<Subject>({
    {"incident", "Checkout fails with HTTP 502 for card payments",
     "Since this morning about one in twenty card payments is refused after the bank's answer. The customer sees an "
     "error page and is charged nevertheless.",
     "checkout"},
    {"incident", "VPN drops every few minutes in the branch office",
     "Everybody in the branch loses the connection every five minutes; the packet counters look fine.", "vpn"},
    {"incident", "Order search answers after thirty seconds",
     "The database seems to scan the whole table: query plan attached by the monitoring team.", "orders"},
    {"incident", "Invoices of last night are missing",
     "The nightly billing run ended without an error, yet no invoice was sent.", "billing"},
    {"incident", "Label printer in the warehouse prints blank pages",
     "Only the printer at gate 3. Switching it off and on did not help.", "warehouse"},
    {"request", "Access to the reporting database for a new colleague",
     "Read access is enough; the manager has agreed.", "reporting"},
    {"request", "New laptop for the payments team", "The present one is four years old.", "workplace"},
    {"request", "Larger mailbox", "The mailbox is full since yesterday.", "mail"},
    {"request", "Change the delivery address of a running order", "Customer has moved; the parcel has not left yet.",
     "orders"},
    {"complaint", "Refund promised three weeks ago has not arrived",
     "Third call on this matter. The customer wants to speak to somebody who can decide.", "payments"},
    {"complaint", "Nobody calls back about the broken delivery", "Two promises were made and none was kept.",
     "delivery"},
    {"complaint", "Charged twice for one order", "Both charges are on the card statement.", "payments"},
});

constexpr auto kAlerts = std::to_array<Subject>({
    {"alert", "Latency of checkout above 2 s", "p99 over the last 5 minutes, all regions.", "checkout"},
    {"alert", "Replication lag of orders-db above 60 s", "The replica does not keep up with its primary.", "orders"},
    {"alert", "Packet loss between the data centres", "Above 2 % on both links.", "network"},
    {"alert", "Disk of log-collector almost full", "Below 5 % free; at this rate full in two hours.", "logging"},
    {"alert", "Payment provider answers with errors", "Share of 5xx answers above 10 %.", "payments"},
    {"alert", "Certificate of api.shop.example expires soon", "Three days left.", "gateway"},
    {"alert", "Queue of outgoing mail grows", "More than 20,000 messages wait.", "mail"},
});

constexpr auto kSecurity = std::to_array<Subject>({
    {"security", "Phishing mails in the name of the shop",
     "Several customers have forwarded the same mail with a faked login page.", "mail"},
    {"security", "Many failed logins on the admin console", "From one network, several accounts, since ten minutes.",
     "identity"},
});

struct Region {
  std::string_view name, language;
};
constexpr auto kRegions = std::to_array<Region>({{"emea", "de"}, {"amer", "en"}, {"apac", "en"}});

void FillSubject(const Subject& subject, sb::Submission* s) {
  s->set_kind(std::string(subject.kind));
  s->set_title(std::string(subject.title));
  s->set_description(std::string(subject.text));
  s->set_service(std::string(subject.service));
}

void FillTime(InstantMs at, sb::Submission* s) {
  s->mutable_occurred_at()->set_seconds(at / 1000);
  s->mutable_occurred_at()->set_nanos(static_cast<int32_t>(at % 1000) * 1'000'000);
}

}  // namespace

Generator::Generator(GeneratorOptions options) : options_(std::move(options)), random_(options_.seed) {}

DurationMs Generator::Within(DurationMs least, DurationMs most) {
  const double span = static_cast<double>(least) + Chance() * static_cast<double>(most - least);
  return static_cast<DurationMs>(span * options_.patience);
}

std::string Generator::Key(const char* kind) {
  return std::string(kind) + "-" + options_.run + "-" + std::to_string(made_);
}

Arrival Generator::Next(InstantMs now) {
  ++made_;
  if (storm_left_ > 0) return FromStorm(now);
  if (!recent_.empty() && Happens(options_.repeats)) return {recent_[Pick(recent_.size())], {}, false};
  if (!recent_.empty() && Happens(options_.duplicates)) {
    Arrival again{recent_[Pick(recent_.size())], {}, false};
    if (!again.submission.dedup_key().empty()) {
      again.submission.set_idempotency_key(Key("again"));
      return again;
    }
  }
  if (Happens(options_.storms)) {
    storm_left_ = static_cast<int>(20 + Pick(40));
    storm_service_ = Pick(kAlerts.size());
    return FromStorm(now);
  }
  Arrival arrival = Happens(0.03) ? SecurityReport(now) : Happens(0.45) ? Alert(now) : Ticket(now);
  Remember(arrival);
  return arrival;
}

void Generator::Remember(const Arrival& arrival) {
  recent_.push_back(arrival.submission);
  if (recent_.size() > kRemembered) recent_.pop_front();
}

void Generator::FillPerson(sb::Submission* s) {
  const size_t who = Pick(kPeople);
  const Region& region = kRegions[who % kRegions.size()];
  s->set_region(std::string(region.name));
  s->set_customer("customer-" + std::to_string(who % 700));
  sb::Person& person = *s->mutable_requester();
  person.set_id("user-" + std::to_string(who));
  person.set_name("Person " + std::to_string(who));
  person.set_contact("mail:user-" + std::to_string(who) + "@customer.example");
  person.set_language(std::string(region.language));
  person.set_vip(who % 37 == 0);
}

Arrival Generator::Ticket(InstantMs now) {
  Arrival arrival;
  sb::Submission& s = arrival.submission;
  FillSubject(kTickets[Pick(kTickets.size())], &s);
  s.set_source(kDesk);
  s.set_idempotency_key(Key("inc"));
  s.set_external_ref("INC" + options_.run + std::to_string(made_));
  s.set_external_url("https://desk.shop.example/incident/" + std::to_string(made_));
  FillPerson(&s);
  // One in a hundred hits everybody; most hit one customer.
  const double grave = Chance();
  s.set_impact(grave < 0.02 ? Grade::GRADE_HIGH : grave < 0.3 ? Grade::GRADE_MEDIUM : Grade::GRADE_LOW);
  s.set_urgency(grave < 0.02 || Happens(0.15) ? Grade::GRADE_HIGH
                : Happens(0.5)                ? Grade::GRADE_MEDIUM
                                              : Grade::GRADE_LOW);
  if (Happens(0.3)) s.set_business_value(Grade::GRADE_MEDIUM);
  if (Happens(0.02)) s.add_tags("legal");
  (*s.mutable_labels())["channel"] = Happens(0.7) ? "phone" : "portal";
  FillTime(now, &s);
  arrival.plan = PlanOfTicket();
  return arrival;
}

Arrival Generator::Alert(InstantMs now) {
  Arrival arrival;
  sb::Submission& s = arrival.submission;
  const size_t which = Pick(kAlerts.size());
  FillSubject(kAlerts[which], &s);
  s.set_source(kMonitoring);
  s.set_idempotency_key(Key("alert"));
  s.set_dedup_key("alert/" + options_.run + "/" + s.service() + "/" + std::to_string(made_));
  s.set_region(std::string(kRegions[Pick(kRegions.size())].name));
  s.set_proactive(true);
  s.set_impact(Happens(0.1) ? Grade::GRADE_HIGH : Grade::GRADE_MEDIUM);
  s.set_urgency(Happens(0.4) ? Grade::GRADE_HIGH : Grade::GRADE_MEDIUM);
  s.add_tags("env:prod");
  (*s.mutable_labels())["alertname"] = "rule-" + std::to_string(which);
  (*s.mutable_labels())["host"] = "node-" + std::to_string(Pick(200));
  FillTime(now, &s);
  arrival.plan = PlanOfAlert();
  return arrival;
}

Arrival Generator::SecurityReport(InstantMs now) {
  Arrival arrival = Ticket(now);
  sb::Submission& s = arrival.submission;
  FillSubject(kSecurity[Pick(kSecurity.size())], &s);
  s.add_tags("security");
  s.set_urgency(Grade::GRADE_HIGH);
  return arrival;
}

/// Some tens of reports of few faults of one service, all at once.
Arrival Generator::FromStorm(InstantMs now) {
  --storm_left_;
  Arrival arrival = Alert(now);
  sb::Submission& s = arrival.submission;
  FillSubject(kAlerts[storm_service_], &s);
  const uint64_t storm = made_ + static_cast<uint64_t>(storm_left_);  // the same number throughout the storm
  s.set_dedup_key("storm/" + options_.run + "/" + std::to_string(storm) + "/" + std::to_string(Pick(5)));
  s.add_tags("storm");
  arrival.at_once = storm_left_ > 0;
  return arrival;
}

void Generator::AddWork(std::vector<PlannedAct>* plan) {
  plan->push_back({Within(500, 4000), Act::kStartWork});
  if (Happens(0.5)) plan->push_back({Within(500, 2000), Act::kNote});
  if (Happens(0.3)) plan->push_back({Within(500, 2000), Act::kAttempt});
  if (Happens(0.05)) plan->push_back({Within(500, 2000), Act::kEscalate});
  if (Happens(0.1)) {
    plan->push_back({Within(500, 2000), Act::kOfferHandover});
    plan->push_back({Within(500, 3000), Act::kAnswerHandover});
  }
  if (Happens(0.2)) plan->push_back({Within(500, 1500), Act::kEta});
}

std::vector<PlannedAct> Generator::PlanOfTicket() {
  std::vector<PlannedAct> plan;
  const bool late = Happens(options_.unanswered);
  plan.push_back({late ? Within(20'000, 90'000) : Within(500, 6000), Act::kAcknowledge});
  if (Happens(0.02)) return {{Within(1000, 5000), Act::kWithdraw}};
  if (Happens(0.2)) plan.push_back({Within(200, 2000), Act::kAsk});
  AddWork(&plan);
  if (Happens(0.5)) plan.push_back({Within(500, 2000), Act::kReply});
  if (Happens(0.15)) {
    plan.push_back({Within(500, 2000), Act::kPause});
    plan.push_back({Within(1000, 6000), Act::kResume});
  }
  plan.push_back({Within(1000, 10'000), Act::kResolve});
  const double verdict = Chance();
  if (verdict < 0.1) {
    plan.push_back({Within(1000, 6000), Act::kReject});
    plan.push_back({Within(1000, 6000), Act::kResolve});
    plan.push_back({Within(1000, 6000), Act::kConfirm});
  } else if (verdict < 0.75) {
    plan.push_back({Within(1000, 6000), Act::kConfirm});
    if (Happens(0.3)) plan.push_back({Within(200, 2000), Act::kRate});
  } else if (verdict < 0.9) {
    plan.push_back({Within(1000, 6000), Act::kSourceCloses});
  }
  return plan;
}

std::vector<PlannedAct> Generator::PlanOfAlert() {
  std::vector<PlannedAct> plan;
  const bool late = Happens(options_.unanswered);
  if (Happens(0.3)) return {{Within(1000, 15'000), Act::kSourceClears}};
  plan.push_back({late ? Within(20'000, 90'000) : Within(500, 4000), Act::kAcknowledge});
  AddWork(&plan);
  if (Happens(0.6)) {
    plan.push_back({Within(1000, 10'000), Act::kSourceClears});
  } else {
    plan.push_back({Within(1000, 10'000), Act::kResolve});
    plan.push_back({Within(500, 3000), Act::kSourceCloses});
  }
  return plan;
}

}  // namespace escalon::load
