#include "common/rpc/standing_codec.h"

#include <algorithm>
#include <string>

#include "escalon/keeper/v1/keeper_service.pb.h"

namespace escalon::rpc {
namespace {

namespace pb = ::escalon::keeper::v1;

void Put(const Position& position, pb::ShardPosition* out) {
  out->set_offset(position.offset);
  out->set_epoch(position.epoch);
  out->set_owner(std::string(position.owner.begin(), position.owner.end()));
  out->set_seq(position.seq);
}

Position Take(const pb::ShardPosition& in) {
  Position position{in.offset(), in.epoch(), {}, in.seq()};
  if (in.owner().size() == position.owner.size())
    std::copy(in.owner().begin(), in.owner().end(), position.owner.begin());
  return position;
}

template <typename Texts>
std::vector<CaseId> TakeIds(const Texts& texts) {
  std::vector<CaseId> ids;
  for (const auto& text : texts) {
    if (Result<CaseId> id = CaseId::Parse(text); id) ids.push_back(*id);
  }
  return ids;
}

}  // namespace

void ToProto(const ShardStanding& standing, pb::Shard* out) {
  out->set_shard(static_cast<uint32_t>(standing.shard));
  out->set_state(static_cast<pb::ShardState>(standing.phase));
  out->set_owner_address(standing.owner_address);
  Put(standing.counted, out->mutable_counted());
  if (standing.viewed) Put(*standing.viewed, out->mutable_viewed());
  out->set_pending_records(standing.pending_records);
  out->set_oldest_pending_ms(standing.oldest_pending_ms);
  out->set_cases(standing.cases);
  for (const CaseId& id : standing.quarantined) out->add_quarantined(id.ToString());
  out->set_base_at_ms(standing.base_at);
  out->set_reason(standing.reason);
}

void ToProto(const Reconciled& reconciled, pb::ReconcileResponse* out) {
  out->set_recovered_records(reconciled.records);
  for (const CaseId& id : reconciled.cases) out->add_cases(id.ToString());
  out->set_summary(reconciled.summary);
}

void ToProto(const WrittenBase& base, pb::WriteBaseResponse* out) {
  Put(base.floor, out->mutable_floor());
  out->set_cases(base.cases);
  out->set_key_pages(base.key_pages);
}

InstanceStanding FromProto(const pb::ShardStatusResponse& response) {
  InstanceStanding standing{response.instance(), {}};
  for (const pb::Shard& in : response.shards()) {
    ShardStanding& out = standing.shards.emplace_back();
    out.shard = static_cast<int>(in.shard());
    if (in.state() >= pb::SHARD_STATE_ELSEWHERE && in.state() <= pb::SHARD_STATE_CLOSED) {
      out.phase = static_cast<ShardPhase>(in.state());
    }
    out.owner_address = in.owner_address();
    out.counted = Take(in.counted());
    if (in.has_viewed()) out.viewed = Take(in.viewed());
    out.pending_records = in.pending_records();
    out.oldest_pending_ms = in.oldest_pending_ms();
    out.cases = in.cases();
    out.quarantined = TakeIds(in.quarantined());
    out.base_at = in.base_at_ms();
    out.reason = in.reason();
  }
  return standing;
}

Reconciled FromProto(const pb::ReconcileResponse& response) {
  return {response.recovered_records(), TakeIds(response.cases()), response.summary()};
}

WrittenBase FromProto(const pb::WriteBaseResponse& response) {
  return {Take(response.floor()), response.cases(), response.key_pages()};
}

}  // namespace escalon::rpc
