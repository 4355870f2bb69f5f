#pragma once

#include "common/core/result.h"
#include "common/rpc/shard_standing.h"

namespace escalon::keeper::v1 {
class ReconcileResponse;
class Shard;
class ShardStatusResponse;
class WriteBaseResponse;
}  // namespace escalon::keeper::v1

/// What operators hear of shards, as messages and back; private to the room. FromProto is total.
namespace escalon::rpc {

void ToProto(const ShardStanding& standing, keeper::v1::Shard* out);
void ToProto(const Reconciled& reconciled, keeper::v1::ReconcileResponse* out);
void ToProto(const WrittenBase& base, keeper::v1::WriteBaseResponse* out);

/// Values that no instance of ours says (an unknown phase, an id that is none) are left at their defaults.
InstanceStanding FromProto(const keeper::v1::ShardStatusResponse& response);
Reconciled FromProto(const keeper::v1::ReconcileResponse& response);
WrittenBase FromProto(const keeper::v1::WriteBaseResponse& response);

}  // namespace escalon::rpc
