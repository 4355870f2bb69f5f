#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

constexpr int kForever = -1;
/// A path that takes every case yields to those that ask for something.
constexpr int kLastResort = -1;

bool AroundTheClock(Priority priority) { return priority == Priority::kP1 || priority == Priority::kP2; }

bool ReadStep(const Value& value, const Policy& policy, PathStep* out) {
  Fields fields(value);
  fields.Need("level", &out->level, ReadName);
  fields.Need("to", &out->to, ReadStepTarget);
  fields.Read("assign", &out->assign, [](const Value& v, AssignMode* mode) {
    ReadWord(v, mode, ParseAssignMode, {"push", "offer", "pull"});
  });
  fields.Need("wait", &out->wait, [](const Value& v, auto* wait) { ReadEachPriority(v, wait, ReadTarget); });
  for (const Priority priority : {Priority::kP3, Priority::kP4})
    out->wait_calendar.of(priority) = policy.business_calendar;
  if (const auto calendar = fields.Take("calendar")) {
    ReadPerPriority(*calendar, &out->wait_calendar,
                    [&policy](const Value& v, std::string* id) { return ReadCalendarId(v, policy, id); });
  }
  if (const auto channels = fields.Take("channels", "via")) ReadNames(*channels, &out->channels);
  return fields.readable();
}

void ReadRepeat(const Value& value, int* out) {
  if (value.is_text() && value.node->text == "forever") {
    *out = kForever;
  } else {
    ReadCount(value, out);
  }
}

bool ReadIfEmpty(const Value& value, bool* skip) {
  return ReadWord(value, skip,
                  [](std::string_view word) -> std::optional<bool> {
                    if (word == "skip") return true;
                    if (word == "hold") return false;
                    return std::nullopt;
                  },
                  {"skip", "hold"});
}

bool ReadLease(const Value& value, DurationMs* out) {
  if (value.is_text() && value.node->text == "none") {
    *out = 0;
    return true;
  }
  return ReadDuration(value, out);
}

void ReadAck(const Value& value, PathTrack* out) {
  Fields fields(value);
  fields.Read("lease", &out->lease, [](const Value& v, auto* lease) { ReadPerPriority(v, lease, ReadLease); });
  if (const auto by = fields.Take("by"); by && !(by->is_text() && by->node->text == "step_or_higher")) {
    by->Fault("must be step_or_higher: the people of the step, their team or higher levels");
  }
}

void ReadTrack(const Value& value, const Policy& policy, PathTrack* out) {
  Fields fields(value);
  if (const auto steps = fields.Take("steps")) {
    ReadList(*steps, &out->steps, [&policy](const Value& v, PathStep* step) { return ReadStep(v, policy, step); });
  }
  fields.Read("enter_at", &out->enter_at, [](const Value& v, auto* level) { ReadPerPriority(v, level, ReadName); });
  for (const Priority priority : {Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4}) {
    out->skip_if_empty.of(priority) = AroundTheClock(priority);
  }
  if (const auto empty = fields.Take("if_empty", "on_empty")) ReadPerPriority(*empty, &out->skip_if_empty, ReadIfEmpty);
  fields.Read("repeat", &out->repeat, ReadRepeat);
  if (const auto triggers = fields.Take("triggers")) ReadList(*triggers, &out->triggers, ReadTrigger);
  fields.Read("ack", out, ReadAck);
  if (const auto lease = fields.Take("acknowledgement_lease")) ReadPerPriority(*lease, &out->lease, ReadLease);
  fields.Read("stop_on", &out->stop_on, ReadNames);
}

Path ReadPath(const Value& value, const std::string& id, const Policy& policy) {
  Path path;
  path.id = id;
  path.functional.stop_on = {"acknowledged"};
  path.hierarchical.stop_on = {"resolved", "deescalated", "acknowledged_on_track"};
  Fields fields(value);
  if (!fields.Read("when", &path.when, ReadCondition)) path.precedence = kLastResort;
  fields.Read("precedence", &path.precedence, ReadCount);
  if (const auto track = fields.Take("functional")) {
    ReadTrack(*track, policy, &path.functional);
  } else {
    fields.Missing("functional");
  }
  if (const auto track = fields.Take("hierarchical")) ReadTrack(*track, policy, &path.hierarchical);
  fields.Read("catch_all", &path.catch_all_team, ReadCatchAll);
  return path;
}

}  // namespace

void ReadPaths(const Value& value, Policy* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> paths = fields.TakeRest(&names);
  for (size_t i = 0; i < paths.size(); ++i) out->paths.push_back(ReadPath(paths[i], names[i], *out));
}

}  // namespace escalon::documents
