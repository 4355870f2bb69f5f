#include "common/view/keys.h"

#include <algorithm>
#include <cstdio>

#include "common/core/digest.h"
#include "common/domain/case.h"

namespace escalon::view {
namespace {

/// The next promise that is due, not waits and housekeeping.
InstantMs NextPromise(const Case& c) {
  InstantMs soonest = 0;
  for (const ClockRun& clock : c.clocks) {
    const bool promise = clock.name == "acknowledgement" || clock.name == "response" || clock.name == "resolution";
    if (promise && !clock.paused() && (soonest == 0 || clock.due_at < soonest)) soonest = clock.due_at;
  }
  return soonest;
}

}  // namespace

ShardKeys::ShardKeys(int generation, int shard) {
  char tag[32];
  std::snprintf(tag, sizeof tag, "{g%d.s%02d}:", generation, shard);
  tag_ = tag;
}

std::string HexOf(const CaseId& id) { return ToHex(id.AsBytes()); }
std::string ShardKeys::of_case(const CaseId& id) const { return tag_ + "c:" + HexOf(id); }
std::string ShardKeys::history(const CaseId& id) const { return tag_ + "h:" + HexOf(id); }
std::string ShardKeys::keys_of_hour(InstantMs at) const { return tag_ + "k:" + std::to_string(at / kHourMs); }

std::string IndexKey(std::string_view name, std::string_view tenant, std::string_view value) {
  std::string key = "ix:";
  key.append(name).append(":").append(tenant).append("/").append(value);
  return key;
}

bool IsUniqueIndex(std::string_view key) { return key.starts_with("ix:ref:") || key.starts_with("ix:dedup:"); }

std::vector<IndexEntry> IndexesOf(const Case& c) {
  std::vector<IndexEntry> out;
  out.reserve(8);
  const auto opened = static_cast<double>(c.opened_at);
  const auto add = [&](std::string_view name, std::string_view value, bool unique = false) {
    if (!value.empty()) out.push_back({IndexKey(name, c.tenant, value), opened, unique});
  };
  add("state", Name(c.state));
  if (!IsEnded(c.state)) {
    add("team", c.owner.team);
    add("person", c.owner.person);
    add("dedup", c.dedup_key, true);
    if (c.priority != Priority::kUnset) {
      out.push_back({IndexKey("priority", c.tenant, Name(c.priority)), static_cast<double>(NextPromise(c)), false});
    }
  }
  add("requester", c.facts->requester.subject);
  add("service", c.facts->service);
  add("customer", c.facts->customer);
  if (!c.facts->external_ref.empty()) add("ref", c.facts->source + "/" + c.facts->external_ref, true);
  return out;
}

}  // namespace escalon::view
