#include "common/domain/state_size.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace escalon {
namespace {

constexpr size_t kPerEntry = 24;  ///< tags, lengths and small numbers of one element

size_t Of(const std::string& text) { return text.size() + 3; }

size_t Of(const std::vector<std::string>& texts) {
  return std::accumulate(texts.begin(), texts.end(), size_t{0},
                         [](size_t sum, const std::string& text) { return sum + Of(text); });
}

size_t Of(const std::map<std::string, std::string>& fields) {
  size_t sum = 0;
  for (const auto& [key, value] : fields) sum += Of(key) + Of(value) + 4;
  return sum;
}

size_t Of(const Party& p) {
  return p.subject.size() + p.sealed_name.size() + p.sealed_contact.size() + p.language.size() + kPerEntry;
}

size_t Of(const Facts& f) {
  return f.kind.size() + f.title.size() + f.sealed_text.size() + f.service.size() + f.category.size() +
         f.region.size() + f.residency.size() + f.customer.size() + f.contract.size() + f.source.size() +
         f.external_ref.size() + f.external_url.size() + Of(f.reporter) + Of(f.requester) + Of(f.tags) + Of(f.skills) +
         Of(f.labels) + 4 * kPerEntry;
}

size_t Of(const ClockRun& run) {
  size_t sum = run.name.size() + run.calendar.size() + 3 * kPerEntry + run.pauses.size() * kPerEntry;
  for (const Alarm& alarm : run.alarms) sum += kPerEntry + alarm.trigger.size();
  for (const ClockLeg& leg : run.legs) sum += kPerEntry + leg.calendar.size();
  return sum;
}

size_t Of(const OpenHandover& open) {
  const HandoverOffered& o = open.offer;
  return o.id.size() + o.from_person.size() + o.from_team.size() + o.to_team.size() + o.to_person.size() +
         o.to_level.size() + o.why.size() + Of(o.package.fields) + Of(o.missing) + 2 * kPerEntry;
}

size_t Of(const OpenApproval& open) {
  const ApprovalRequest& r = open.request;
  return r.id.size() + r.to_level.size() + r.text.size() + r.requested_by.size() + r.ask_level.size() +
         Of(r.approvers) + 2 * kPerEntry;
}

size_t Of(const OpenConsultation& open) {
  return open.asked.id.size() + open.asked.from_person.size() + open.asked.to_team.size() +
         open.asked.to_person.size() + open.asked.sealed_question.size() + kPerEntry;
}

size_t Of(const Money& money) { return money.currency.size() + kPerEntry; }

size_t Of(const OpenDecision& open) {
  const DecisionRequest& r = open.request;
  return r.id.size() + r.decision.size() + Of(r.amount) + r.text.size() + r.requested_by.size() + r.to_level.size() +
         Of(r.people) + r.first.size() + r.first_delegator.size() + 2 * kPerEntry;
}

size_t Of(const TakenDecision& d) {
  return d.id.size() + d.decision.size() + Of(d.amount) + d.person.size() + d.level.size() + 2 * kPerEntry;
}

size_t Of(const TeamVisit& visit) { return visit.team.size() + (2 + visit.away.size()) * kPerEntry; }
size_t Of(const Milestone& milestone) { return milestone.name.size() + kPerEntry; }

size_t Of(const MajorPlan& plan) {
  size_t sum = plan.sealed_text.size() + plan.resources.size() + plan.by.size() + 2 * kPerEntry;
  for (const PlanAction& action : plan.actions) sum += action.what.size() + action.owner.size() + kPerEntry;
  return sum;
}

size_t Of(const MajorRecord& record) {
  size_t sum = record.because.size() + record.opened_by.size() + record.sealed_assessment.size() +
               record.assessed_by.size() + Of(record.overdue) + 4 * kPerEntry;
  for (const MajorMember& member : record.team) sum += member.person.size() + kPerEntry;
  for (const MajorContact& one : record.contacts) {
    sum += one.person.size() + one.channel.size() + one.language.size() + one.sealed_contact.size() + kPerEntry;
  }
  for (const MajorReference& one : record.references) sum += one.reference.size() + one.owner.size() + kPerEntry;
  for (const MajorPlan& plan : record.plans) sum += Of(plan);
  return sum;
}

size_t Of(const OpenIntent& open) {
  return Of(open.intent.people) + open.intent.team.size() + open.intent.message.size() + Of(open.intent.channels) +
         2 * kPerEntry;
}

size_t Of(const Linked& link) { return link.external.size() + kPerEntry; }
size_t Of(const OpenCrossCase& open) { return open.intent.action.size() + 2 * kPerEntry; }
size_t Of(const PastCommand&) { return 2 * kPerEntry; }
size_t Of(const PauseSpan&) { return kPerEntry; }
size_t Of(const std::pair<std::string, uint32_t>& entry) { return entry.first.size() + kPerEntry; }
size_t Of(const std::pair<std::string, InstantMs>& entry) { return entry.first.size() + kPerEntry; }

template <typename T>
size_t All(const std::vector<T>& entries) {
  return std::accumulate(entries.begin(), entries.end(), size_t{0},
                         [](size_t sum, const T& entry) { return sum + Of(entry); });
}

struct Part {
  const char* name;
  size_t bytes;
};

std::array<Part, 11> PartsOf(const Case& c) {
  return {{
      {"facts (text, labels, tags)", Of(*c.facts)},
      {"open handovers and their packages", All(c.handovers)},
      {"open consultations", All(c.consultations)},
      {"open approvals", All(c.approvals)},
      {"decisions and requests for them", All(c.decisions) + All(c.decision_requests)},
      {"the major escalation: assessment and plans", All(c.majors)},
      {"links", All(c.links) + All(c.cross_case)},
      {"pauses", All(c.pauses) + Of(c.pause_reasons)},
      {"clocks", All(c.clocks) + All(c.generations) + All(c.breaches)},
      {"open pages", All(c.intents)},
      {"the rest", All(c.commands) + All(c.visits) + All(c.milestones) + Of(c.skills) + Of(c.gave_up) +
                       Of(c.functional.people) + Of(c.hierarchical.people) + 512},
  }};
}

}  // namespace

size_t StateBytes(const Case& c) {
  size_t sum = 0;
  for (const Part& part : PartsOf(c)) sum += part.bytes;
  return sum;
}

std::string LargestPart(const Case& c) {
  const auto parts = PartsOf(c);
  return std::max_element(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.bytes < b.bytes; })
      ->name;
}

}  // namespace escalon
