#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

void ReadReasons(const Value& value, std::vector<PendingReason>* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> reasons = fields.TakeRest(&names);
  out->clear();
  for (size_t i = 0; i < reasons.size(); ++i) {
    PendingReason reason;
    reason.id = names[i];
    Fields of(reasons[i]);
    of.Read("follow_up", &reason.follow_up, ReadDuration);
    of.Read("max", &reason.most, ReadDuration);
    out->push_back(std::move(reason));
  }
}

void ReadFlapping(const Value& value, Limits* out) {
  Fields fields(value);
  fields.Read("opens", &out->flapping_opens, ReadCount);
  fields.Read("within", &out->flapping_window, ReadDuration);
}

/// Hours and days of 24 hours, or business days.
bool ReadGrace(const Value& value, Target* out) {
  const bool in_days = !value.is_text() || value.node->text.ends_with("bd");
  if (in_days) return ReadTarget(value, out);
  *out = {};
  return ReadDuration(value, &out->span);
}

void ReadConfirm(const Value& value, AfterResolution* out) {
  if (value.is_text() && value.node->text == "none") {
    out->confirmation_needed = false;
    return;
  }
  Fields fields(value);
  fields.Read("grace", &out->confirm_grace, ReadGrace);
  fields.Read("calendar", &out->confirm_calendar, ReadName);
}

/// {when: {field: priority, is: P1}, within: 5bd}
void ReadReview(const Value& value, ReviewRule* out) {
  Fields fields(value);
  fields.Read("when", &out->when, ReadCondition);
  fields.Read("within", &out->within, ReadTarget);
}

void ReadWordLists(const Value& value, std::map<std::string, std::vector<std::string>>* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> lists = fields.TakeRest(&names);
  for (size_t i = 0; i < lists.size(); ++i) ReadTexts(lists[i], &(*out)[names[i]]);
}

}  // namespace

void ReadPending(const Value& value, Policy* out) {
  Fields fields(value);
  fields.Need("reasons", &out->pending_reasons, ReadReasons);
}

void ReadLimits(const Value& value, Limits* out) {
  Fields fields(value);
  fields.Read("escalations_per_case", &out->escalations_per_case, ReadCount);
  fields.Read("reassignments", &out->reassignments, ReadCount);
  fields.Read("cooldown", &out->cooldown, ReadDuration);
  fields.Read("flapping", out, ReadFlapping);
}

void ReadAfter(const Value& value, AfterResolution* out) {
  Fields fields(value);
  fields.Read("monitoring", &out->monitoring,
              [](const Value& v, auto* span) { ReadPerPriority(v, span, ReadDuration); });
  fields.Read("confirm", out, ReadConfirm);
  fields.Read("reopen_within", &out->reopen_within, ReadDuration);
  if (const auto review = fields.Take("review")) ReadReview(*review, &out->review.emplace());
}

void ReadTriage(const Value& value, Policy* out) {
  Fields fields(value);
  fields.Read("wait", &out->triage_wait, ReadDuration);
  fields.Read("skills_by_category", &out->skills_by_category, ReadWordLists);
  fields.Read("category_keywords", &out->category_keywords, ReadWordLists);
}

}  // namespace escalon::documents
