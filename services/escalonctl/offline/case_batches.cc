#include "services/escalonctl/offline/case_batches.h"

#include <fstream>
#include <istream>
#include <nlohmann/json.hpp>

#include "common/wire/events_codec.h"
#include "services/escalonctl/offline/event_gateway.h"
#include "services/escalonctl/offline/log_place.h"

namespace escalon::escalonctl {
namespace {

Status TakeLine(const std::string& line, int number, const OnVersion& each) {
  const auto wrong = [number](const std::string& what) {
    return Error{ErrorCode::kInvalidArgument, "line " + std::to_string(number) + ": " + what};
  };
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return wrong("must be one JSON object, as `escalonctl dump` writes it");
  if (json.value("verdict", std::string("counts")) != "counts" || json.value("type", std::string()) != "events")
    return {};
  const Result<CaseId> id = CaseId::Parse(json.value("case", std::string()));
  if (!id.ok()) return wrong("case: must be a UUID");
  const Result<EventBatch> batch = BatchFromJson(json.value("body", Json()));
  if (!batch.ok()) return wrong(batch.error().message);
  each(*id, json.value("tenant", std::string()), json.value("version", uint64_t{0}), &*batch);
  return {};
}

Status OfDump(Session& session, const std::string& path, const OnVersion& each) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file)
      return InvalidField("--dump", "cannot read " + path + "; give a readable file, or - for the standard input");
  }
  std::istream& in = path == "-" ? session.in() : file;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    const Status taken = TakeLine(line, number, each);
    if (!taken.ok()) return Error{taken.error().code, path + ": " + taken.error().message};
  }
  return {};
}

Status OfLog(Session& session, const OnVersion& each) {
  const Result<std::unique_ptr<LogPlace>> place = LogPlace::Open(session);
  if (!place.ok()) return place.error();
  for (int shard = 0; shard < (*place)->shards(); ++shard) {
    const Status read = (*place)->ReadJudged(shard, [&each](const log::LogEntry& entry, log::Verdict verdict) {
      if (verdict != log::Verdict::kCounts || entry.record->head.type != log::RecordType::kEvents) return true;
      const log::RecordHead& head = entry.record->head;
      const Result<EventBatch> batch = wire::DecodeBatch(entry.record->body);
      each(head.case_id, head.tenant, head.version, batch.ok() ? &*batch : nullptr);
      return true;
    });
    if (!read.ok()) return read.error();
  }
  return {};
}

}  // namespace

Status EachVersion(Session& session, const std::string& dump, const OnVersion& each) {
  return dump.empty() ? OfLog(session, each) : OfDump(session, dump, each);
}

Option DumpOption() {
  return {.name = "--dump",
          .help = "A file of `escalonctl dump` instead of Kafka; - is the standard input.",
          .value = "FILE"};
}

}  // namespace escalon::escalonctl
