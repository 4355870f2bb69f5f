#include "common/log/base_index.h"

#include "common/core/mutex.h"
#include "common/log/group_member.h"
#include "common/log/position_text.h"

namespace escalon::log {

struct BaseIndex::Impl {
  Impl(std::string t, std::string g, Client c) : topic(std::move(t)), group(std::move(g)), client(std::move(c)) {}
  const std::string topic, group;
  Mutex mutex;  // one call at a time
  Client client ABSL_GUARDED_BY(mutex);
};

BaseIndex::BaseIndex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BaseIndex::~BaseIndex() = default;

Result<std::unique_ptr<BaseIndex>> BaseIndex::Open(KafkaConfig kafka, std::string topic, std::string group) {
  if (group.empty()) return InvalidField("base_group", "must not be empty");
  ClientBuilder builder(kafka);
  SetConsumerRules(&builder);
  builder.Set("group.id", group);
  Result<Client> client = builder.Build(RD_KAFKA_CONSUMER);
  if (!client) return client.error();
  rd_kafka_poll_set_consumer(client->get());
  return std::unique_ptr<BaseIndex>(
      new BaseIndex(std::make_unique<Impl>(std::move(topic), std::move(group), std::move(client).value())));
}

Status BaseIndex::Commit(int shard, const Position& floor, int timeout_ms) {
  const MutexLock lock(impl_->mutex);
  return CommitAndWait(impl_->client.get(), *CommitList(impl_->topic, {{shard, floor}}), timeout_ms);
}

Result<Position> BaseIndex::LastBase(int shard, int timeout_ms) {
  const MutexLock lock(impl_->mutex);
  const PartitionsPtr list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), impl_->topic.c_str(), shard);
  rd_kafka_resp_err_t code = rd_kafka_committed(impl_->client.get(), list.get(), timeout_ms);
  const rd_kafka_topic_partition_t& entry = list->elems[0];
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = entry.err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(code, "last base");
  if (entry.offset < 0) return Error{ErrorCode::kNotFound, "no base of shard " + std::to_string(shard) + " yet"};
  const std::string_view text =
      entry.metadata ? std::string_view(static_cast<const char*>(entry.metadata), entry.metadata_size) : "";
  Result<Position> floor = ParsePosition(text);
  if (!floor || floor->offset != entry.offset)
    return Error{ErrorCode::kInvalidArgument, "group " + impl_->group + ", shard " + std::to_string(shard) +
                                                  ": the commit bears no position; reset the group's offset"};
  return floor;
}

}  // namespace escalon::log
