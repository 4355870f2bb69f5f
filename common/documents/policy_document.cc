#include "common/documents/policy_document.h"

#include <string>
#include <utility>

#include "common/core/digest.h"
#include "common/documents/calendar_section.h"
#include "common/documents/fields.h"
#include "common/documents/header_section.h"
#include "common/documents/key_census.h"
#include "common/documents/policy_sections.h"
#include "common/documents/report.h"
#include "common/documents/test_section.h"
#include "common/documents/values.h"
#include "common/documents/yaml_tree.h"

namespace escalon {
namespace documents {
namespace {

constexpr std::string_view kKind = "Policy";

void ReadCalendars(const Value& value, const HolidaySets& sets, Policy* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> calendars = fields.TakeRest(&names);
  for (size_t i = 0; i < calendars.size(); ++i) {
    CalendarSpec spec;
    // Known by its name in any case, so that those who name it are not at fault.
    out->calendars[names[i]] = Calendar::AlwaysOpen();
    if (!ReadCalendar(calendars[i], sets, &spec) || spec.timezone.empty()) continue;
    auto calendar = Calendar::Build(std::move(spec), calendars[i].path);
    if (calendar) {
      out->calendars[names[i]] = *std::move(calendar);
    } else {
      value.report->Add(calendar.error().fields);
    }
  }
}

/// What a policy says when it says nothing.
void SetDefaults(Policy* policy) {
  policy->pending_reasons = {{"customer", 2 * kDayMs, 0}, {"vendor", kDayMs, 0}, {"change", kDayMs, 0}};
  policy->handover.accept_within.values = {5 * kMinuteMs, 15 * kMinuteMs, 15 * kMinuteMs, 15 * kMinuteMs};
}

/// Where the policy names no hours of its own for waits: those in which its promises at P3 and P4 run, if these are
/// one.
std::string HoursOfClocks(const Policy& policy) {
  std::string hours;
  for (const ClockRule& clock : policy.clocks) {
    for (const Priority priority : {Priority::kP3, Priority::kP4}) {
      const std::string& calendar = clock.calendar.of(priority);
      const Calendar* known = policy.calendar(calendar);
      if (!clock.target.of(priority).has_value() || known == nullptr || known->always_open()) continue;
      if (calendar == hours) continue;
      if (!hours.empty()) return {};
      hours = calendar;
    }
  }
  return hours;
}

void ReadPolicy(const Value& document, PolicyDocument* whole) {
  Policy* out = &whole->policy;
  Fields fields(document);
  ReadHeader(&fields, kKind, &out->id);
  HolidaySets holidays;
  fields.Read("holidays", &holidays, ReadHolidaySets);
  // Calendars first: clocks and paths name them.
  if (const auto calendars = fields.Take("calendars")) ReadCalendars(*calendars, holidays, out);
  const auto hours = fields.Take("business_calendar");
  if (hours) ReadCalendarId(*hours, *out, &out->business_calendar);
  fields.Need("priority", out, ReadPriorities);
  fields.Need("levels", out, ReadLevels);
  fields.Read("authority", &out->authority, ReadAuthority);
  fields.Read("pending", out, ReadPending);
  fields.Read("clocks", out, ReadClocks);
  if (!hours) out->business_calendar = HoursOfClocks(*out);
  fields.Read("pause_stops", out, ReadPauseStops);
  fields.Need("paths", out, ReadPaths);
  fields.Read("catch_all", &out->catch_all_team, ReadCatchAll);
  fields.Read("limits", &out->limits, ReadLimits);
  if (const auto approvals = fields.Take("approvals")) ReadList(*approvals, &out->approvals, ReadApproval);
  fields.Read("handover", &out->handover, ReadHandover);
  if (const auto sun = fields.Take("follow_the_sun")) ReadFollowTheSun(*sun, *out, &out->sun);
  fields.Read("storms", out, ReadStorms);
  if (const auto major = fields.Take("major_escalation")) ReadMajor(*major, &out->major.emplace());
  fields.Read("after", &out->after, ReadAfter);
  fields.Read("communication", out, ReadCommunication);
  fields.Read("triage", out, ReadTriage);
  if (const auto date = fields.Take("review_by")) ReadDate(*date, &whole->review_by.emplace());
  // Last: they name what stands above.
  if (const auto value = fields.Take("tests")) ReadTests(*value, *out, &whole->tests);
}

}  // namespace

KeyCensus CensusOfPolicy(std::string_view text) {
  KeyCensus census;
  const Result<Node> root = ReadYaml(text);
  if (!root) return census;
  Report report(&census);
  PolicyDocument document;
  ReadPolicy({&*root, "", &report}, &document);
  return census;
}

}  // namespace documents

Result<Policy> ParsePolicy(std::string_view text, std::string_view tenant, uint32_t version) {
  Result<PolicyDocument> document = ParsePolicyDocument(text, tenant, version);
  if (!document) return document.error();
  return std::move(document->policy);
}

Result<PolicyDocument> ParsePolicyDocument(std::string_view text, std::string_view tenant, uint32_t version) {
  const Result<documents::Node> root = documents::ReadYaml(text);
  if (!root) return root.error();
  if (Status kind = documents::CheckKind(*root, documents::kKind); !kind) return kind.error();
  PolicyDocument document;
  Policy& policy = document.policy;
  policy.tenant = tenant;
  policy.version = version;
  policy.hash = ToHex(AsView(Sha256Of(text)));
  documents::SetDefaults(&policy);
  documents::Report report;
  documents::ReadPolicy({&*root, "", &report}, &document);
  report.AddJudgement(Findings(policy));
  if (!report.empty()) return report.AsError("policy");
  return document;
}

}  // namespace escalon
