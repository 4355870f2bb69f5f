#include "services/escalonctl/offline/dump_command.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "common/core/digest.h"
#include "common/log/envelope.h"
#include "common/log/position_text.h"
#include "common/wire/events_codec.h"
#include "services/escalonctl/offline/event_gateway.h"
#include "services/escalonctl/offline/log_place.h"

namespace escalon::escalonctl {
namespace {

const char* TypeName(log::RecordType type) {
  switch (type) {
    case log::RecordType::kEvents:
      return "events";
    case log::RecordType::kFence:
      return "fence";
    case log::RecordType::kTick:
      return "tick";
    case log::RecordType::kBaseBegin:
      return "base_begin";
    case log::RecordType::kBaseCase:
      return "base_case";
    case log::RecordType::kBaseKeys:
      return "base_keys";
    case log::RecordType::kBaseEnd:
      return "base_end";
  }
  return "unknown";
}

std::string Hex(const Bytes16& bytes) { return ToHex({reinterpret_cast<const char*>(bytes.data()), bytes.size()}); }

/// What cannot be read says why.
Json BodyOf(const log::Record& record) {
  const auto unreadable = [](const Error& error) { return Json{{"unreadable", error.message}}; };
  switch (record.head.type) {
    case log::RecordType::kEvents: {
      const Result<EventBatch> batch = wire::DecodeBatch(record.body);
      return batch ? BatchJson(*batch) : unreadable(batch.error());
    }
    case log::RecordType::kFence: {
      const Result<log::Fence> fence = log::DecodeFence(record.body);
      if (!fence) return unreadable(fence.error());
      return {{"owner_address", fence->owner_address}, {"owner_name", fence->owner_name}};
    }
    case log::RecordType::kBaseBegin: {
      const Result<log::BaseBegin> begin = log::DecodeBaseBegin(record.body);
      if (!begin) return unreadable(begin.error());
      return {{"floor", log::FormatPosition(begin->floor)}, {"begun_at", FormatInstant(begin->begun_at_ms)}};
    }
    case log::RecordType::kBaseKeys: {
      const Result<std::vector<log::BaseKey>> keys = log::DecodeBaseKeys(record.body);
      if (!keys) return unreadable(keys.error());
      return {{"keys", keys->size()}};
    }
    case log::RecordType::kBaseEnd: {
      const Result<log::BaseEnd> end = log::DecodeBaseEnd(record.body);
      if (!end) return unreadable(end.error());
      return {{"floor", log::FormatPosition(end->floor)}, {"cases", end->cases}, {"key_pages", end->key_pages}};
    }
    case log::RecordType::kBaseCase:
    case log::RecordType::kTick:
      break;
  }
  return {{"bytes", record.body.size()}};
}

Json LineOf(int shard, const log::LogEntry& entry, log::Verdict verdict) {
  Json out{{"shard", shard},
           {"offset", entry.offset},
           {"verdict", log::NameOf(verdict)},
           {"broker_time", FormatInstant(entry.broker_time_ms)}};
  if (!entry.record.ok()) {
    out["unreadable"] = entry.record.error().message;
    return out;
  }
  const log::RecordHead& head = entry.record->head;
  out["type"] = TypeName(head.type);
  out["epoch"] = head.epoch;
  out["owner"] = Hex(head.owner);
  out["seq"] = head.seq;
  if (!head.case_id.empty()) out["case"] = head.case_id.ToString();
  if (head.version != 0) out["version"] = head.version;
  if (!head.tenant.empty()) out["tenant"] = head.tenant;
  if (!head.kinds.empty()) {
    Json kinds = Json::array();
    for (const uint32_t kind : head.kinds) kinds.push_back(std::string(KindName(kind)));
    out["kinds"] = std::move(kinds);
    out["chain"] = ToHex(AsView(head.chain_hash));
    out["schema_level"] = head.schema_level;
  }
  if (!head.policy_version.empty()) out["policy"] = head.policy_version;
  if (!head.command_id.empty()) out["command_id"] = head.command_id;
  if (!head.trace_parent.empty()) out["trace_parent"] = head.trace_parent;
  if (head.recovered_from_view) out["recovered_from_view"] = true;
  if (!entry.record->body.empty()) out["body"] = BodyOf(*entry.record);
  return out;
}

ExitCode Dump(Session& session, const Arguments& arguments) {
  std::optional<CaseId> wanted;
  if (arguments.Has("case")) {
    const Result<CaseId> id = CaseId::Parse(arguments.Text("case"));
    if (!id) {
      session.Fail(InvalidField("--case", "must be the UUID of a case"));
      return ExitCode::kUsage;
    }
    wanted = *id;
  }
  Result<std::unique_ptr<LogPlace>> place = LogPlace::Open(session);
  if (!place) return session.Fail(place.error());
  const int shards = (*place)->shards();
  int first = 0, last = shards - 1;
  if (wanted) first = last = ShardOf(wanted->bucket(), shards);
  if (arguments.Has("shard")) {
    first = last = static_cast<int>(arguments.Number("shard", 0));
    if (first >= shards) {
      session.Fail(InvalidField("--shard", "the cluster has the shards 0 to " + std::to_string(shards - 1)));
      return ExitCode::kUsage;
    }
  }
  const int64_t from = arguments.Number("from", 0), to = arguments.Number("to", INT64_MAX);
  const bool counted = arguments.Has("counted");
  for (int shard = first; shard <= last; ++shard) {
    const Status read = (*place)->ReadJudged(shard, [&](const log::LogEntry& entry, log::Verdict verdict) {
      if (entry.offset >= to || !session.printer().out()) return false;
      if (entry.offset < from || (counted && !log::Counts(verdict))) return true;
      if (wanted && (!entry.record.ok() || entry.record->head.case_id != *wanted)) return true;
      session.printer().Line(LineOf(shard, entry, verdict));
      return true;
    });
    if (!read) return session.Fail(read.error());
  }
  return ExitCode::kOk;
}

}  // namespace

CommandSpec DumpCommand() {
  return {.path = "dump",
          .summary = "The records of the case log as lines of JSON.",
          .details =
              "With what the rule of every reader makes of each (`verdict`). Sealed bytes are left out. The rule needs "
              "the shard from "
              "its beginning, so --from only hides.",
          .options = {{.name = "--shard",
                       .kind = ValueKind::kNumber,
                       .help = "Only this one.",
                       .least = 0,
                       .most = 4095,
                       .fallback = "all"},
                      {.name = "--case", .help = "Only this case.", .value = "UUID"},
                      {.name = "--from",
                       .kind = ValueKind::kNumber,
                       .help = "The first offset shown.",
                       .least = 0,
                       .fallback = "0"},
                      {.name = "--to",
                       .kind = ValueKind::kNumber,
                       .help = "The offset behind the last.",
                       .least = 0,
                       .fallback = "the end"},
                      {.name = "--counted", .kind = ValueKind::kFlag, .help = "Only what counts."}},
          .examples = {{"escalonctl dump --case 01957b2e-6c00-8a13-8000-3f2a7c91d5e0 | jq .kinds",
                        "What happened to a case."}},
          .reach = kKafka,
          .run = Dump};
}

}  // namespace escalon::escalonctl
