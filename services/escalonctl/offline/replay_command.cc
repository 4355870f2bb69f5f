#include "services/escalonctl/offline/replay_command.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "common/core/digest.h"
#include "common/domain/case.h"
#include "common/domain/hash_chain.h"
#include "common/wire/events_codec.h"
#include "services/escalonctl/offline/event_gateway.h"
#include "services/escalonctl/offline/log_place.h"

namespace escalon::escalonctl {
namespace {

std::string OwnerOf(const Case& c) {
  if (c.owner.person.empty()) return c.owner.team;
  return c.owner.team + "/" + c.owner.person;
}

/// `assigned > acknowledged` where a batch changed it, else the value alone.
std::string Moved(const std::string& before, const std::string& after) {
  return before == after || before.empty() ? after : before + " > " + after;
}

Json StepOf(const Case& before, const Case& after, const EventBatch& batch, const log::LogEntry& entry, bool verified) {
  Json kinds = Json::array();
  for (const Event& event : batch.events) kinds.push_back(std::string(KindName(KindOf(event))));
  const bool first = before.version == 0;
  const auto text = [](std::string_view view) { return std::string(view); };
  Json out{{"version", after.version},
           {"offset", entry.offset},
           {"at", FormatInstant(batch.at)},
           {"by", batch.actor.subject},
           {"kinds", std::move(kinds)},
           {"state", Moved(first ? "" : text(Name(before.state)), text(Name(after.state)))},
           {"level", Moved(before.functional.level, after.functional.level)},
           {"owner", Moved(OwnerOf(before), OwnerOf(after))},
           {"chain", ToHex(AsView(after.chain))},
           {"chain_verified", verified}};
  if (after.priority != Priority::kUnset) {
    out["priority"] =
        Moved(before.priority == Priority::kUnset ? "" : text(Name(before.priority)), text(Name(after.priority)));
  }
  if (after.next_due_at() != kNever) out["next_alarm_at"] = FormatInstant(after.next_due_at());
  return out;
}

ExitCode Replay(Session& session, const Arguments& arguments) {
  const Result<CaseId> id = CaseId::Parse(arguments.Text("CASE"));
  if (!id) {
    session.Fail(InvalidField("CASE", "must be the UUID of a case"));
    return ExitCode::kUsage;
  }
  Result<std::unique_ptr<LogPlace>> place = LogPlace::Open(session);
  if (!place) return session.Fail(place.error());
  const auto until = static_cast<uint64_t>(arguments.Number("until", INT64_MAX));
  Case c;
  Json steps = Json::array();
  std::optional<Error> broken;
  const Status read = (*place)->ReadJudged(
      ShardOf(id->bucket(), (*place)->shards()), [&](const log::LogEntry& entry, log::Verdict verdict) {
        if (verdict != log::Verdict::kCounts || entry.record->head.type != log::RecordType::kEvents) return true;
        const log::RecordHead& head = entry.record->head;
        if (head.case_id != *id) return true;
        if (head.version > until) return false;
        const Result<EventBatch> batch = wire::DecodeBatch(entry.record->body);
        if (!batch || head.version != c.version + 1) {
          broken = Error{ErrorCode::kWrongState,
                         "version " + std::to_string(head.version) + " at offset " + std::to_string(entry.offset) +
                             " cannot be folded: " +
                             (batch ? "it follows version " + std::to_string(c.version) : batch.error().message)};
          return false;
        }
        const ChainLink link{head.case_id,        head.version,    head.tenant,      head.kinds,
                             head.policy_version, head.command_id, head.schema_level};
        const bool verified = NextChainHash(c.chain, link, entry.record->body) == head.chain_hash;
        const Case before = c;
        c.id = head.case_id;
        c.tenant = head.tenant;
        Evolve(c, *batch);
        c.chain = head.chain_hash;
        Json step = StepOf(before, c, *batch, entry, verified);
        if (session.printer().json()) step["batch"] = BatchJson(*batch);
        steps.push_back(std::move(step));
        return true;
      });
  if (!read) return session.Fail(read.error());
  if (steps.empty() && !broken)
    return session.Fail(Error{ErrorCode::kNotFound, "the log does not have case " + id->ToString()});
  if (session.printer().json()) {
    session.printer().Value({{"case_id", id->ToString()}, {"tenant", c.tenant}, {"versions", steps}});
  } else {
    session.printer().Table(steps, {{"V", "/version", Format::kNumber},
                                    {"AT", "/at"},
                                    {"BY", "/by"},
                                    {"STATE", "/state"},
                                    {"PRIO", "/priority"},
                                    {"LEVEL", "/level"},
                                    {"OWNER", "/owner"},
                                    {"NEXT ALARM", "/next_alarm_at"},
                                    {"WHAT", "/kinds", Format::kList}});
  }
  if (broken) {
    session.Fail(*broken);
    return ExitCode::kFindings;
  }
  for (const Json& step : steps) {
    if (!step.value("chain_verified", true)) {
      session.Fail(
          Error{ErrorCode::kWrongState, "the hash chain does not verify at version " + step["version"].dump()});
      return ExitCode::kFindings;
    }
  }
  return ExitCode::kOk;
}

}  // namespace

CommandSpec ReplayCommand() {
  return {.path = "replay",
          .summary = "Folds one case from the log and prints what each version changed.",
          .details =
              "It reads the case's shard from its beginning, by the rule of every reader, with the code that the owner "
              "runs. "
              "Exit status 5 when a version cannot be folded or the hash chain does not verify.",
          .options = {{.name = "CASE", .help = "UUID of the case.", .required = true},
                      {.name = "--until", .kind = ValueKind::kNumber, .help = "The last version.", .least = 1}},
          .examples = {{"escalonctl replay 01957b2e-6c00-8a13-8000-3f2a7c91d5e0", "Its whole life."},
                       {"escalonctl replay 0195... --until 4 --output json", "With every event as data."}},
          .reach = kKafka,
          .run = Replay};
}

}  // namespace escalon::escalonctl
