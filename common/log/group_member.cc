#include "common/log/group_member.h"

#include <cstdlib>
#include <cstring>

#include "common/log/position_text.h"

namespace escalon::log {
namespace {

constexpr int kPatienceMs = 2000;  // for a commit at a revocation

}  // namespace

PartitionsPtr CommitList(const std::string& topic, const std::vector<GroupMember::Place>& places) {
  PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(places.size())));
  for (const GroupMember::Place& place : places) {
    rd_kafka_topic_partition_t* entry = rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), place.partition);
    entry->offset = place.position.offset;
    const std::string text = FormatPosition(place.position);
    entry->metadata = strdup(text.c_str());  // the list frees it
    entry->metadata_size = text.size();
  }
  return list;
}

Result<std::unique_ptr<GroupMember>> GroupMember::Join(const KafkaConfig& kafka, Settings settings, Events events,
                                                       Wakeup* wakeup) {
  std::unique_ptr<GroupMember> member(new GroupMember(std::move(settings), std::move(events)));
  const Settings& s = member->settings_;
  if (s.group.empty()) return InvalidField("group", "must not be empty");
  ClientBuilder builder(kafka);
  SetConsumerRules(&builder);
  builder.Set("group.id", s.group)
      .Set("partition.assignment.strategy", "range")
      .Set("session.timeout.ms", s.session_timeout_ms)
      .Set("heartbeat.interval.ms", std::max(100, s.session_timeout_ms / 6));
  if (!s.instance.empty()) builder.Set("group.instance.id", s.instance);
  builder.Owner(member.get());
  rd_kafka_conf_set_rebalance_cb(
      builder.conf(), [](rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions,
                         void* opaque) { static_cast<GroupMember*>(OwnerOf(opaque))->Rebalanced(code, partitions); });
  rd_kafka_conf_set_offset_commit_cb(builder.conf(), [](rd_kafka_t*, rd_kafka_resp_err_t code,
                                                        rd_kafka_topic_partition_list_t* offsets, void* opaque) {
    const Events& called = static_cast<GroupMember*>(OwnerOf(opaque))->events_;
    if (!called.on_committed || !offsets) return;
    for (int i = 0; i < offsets->cnt; ++i) {
      const rd_kafka_topic_partition_t& p = offsets->elems[i];
      const bool ok = code == RD_KAFKA_RESP_ERR_NO_ERROR && p.err == RD_KAFKA_RESP_ERR_NO_ERROR;
      called.on_committed(p.partition, p.offset, ok);
    }
  });
  Result<Client> client = builder.Build(RD_KAFKA_CONSUMER);
  if (!client) return client.error();
  member->client_ = std::move(client).value();
  rd_kafka_t* handle = member->client_.get();
  rd_kafka_poll_set_consumer(handle);
  member->queue_.reset(rd_kafka_queue_get_consumer(handle));
  SignalOn(member->queue_.get(), wakeup);
  const PartitionsPtr topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), s.topic.c_str(), RD_KAFKA_PARTITION_UA);
  const rd_kafka_resp_err_t code = rd_kafka_subscribe(handle, topics.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(code, "subscribing to " + s.topic);
  return member;
}

GroupMember::~GroupMember() {
  Leave();
  if (queue_) SignalNoMore(queue_.get());
}

void GroupMember::Leave() {
  if (left_ || !client_) return;
  left_ = true;
  rd_kafka_consumer_close(client_.get());
  // A client that failed for good may close without a rebalance.
  if (!held_.empty()) Revoke({held_.begin(), held_.end()}, true);
}

void GroupMember::Serve() {
  while (const MessagePtr message{rd_kafka_consumer_poll(client_.get(), 0)}) Handle(*message);
}

void GroupMember::Handle(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR || message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return;
  const std::string fatal = FatalErrorOf(client_.get());
  if (fatal.empty()) {
    if (events_.on_trouble) events_.on_trouble(KafkaError(message.err, "group " + settings_.group));
    return;
  }
  if (fatal_) return;
  fatal_ = true;
  if (!held_.empty()) Revoke({held_.begin(), held_.end()}, true);
  if (events_.on_fatal)
    events_.on_fatal(Error{ErrorCode::kInternal, "membership in " + settings_.group + " ended for good: " + fatal});
}

void GroupMember::Rebalanced(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions) {
  std::vector<int> numbers;
  for (int i = 0; i < partitions->cnt; ++i) numbers.push_back(partitions->elems[i].partition);
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    const PartitionsPtr nothing(rd_kafka_topic_partition_list_new(0));
    rd_kafka_assign(client_.get(), nothing.get());
    held_.insert(numbers.begin(), numbers.end());
    if (!numbers.empty() && events_.on_assigned) events_.on_assigned(numbers);
    return;
  }
  const bool lost = rd_kafka_assignment_lost(client_.get()) != 0 || code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS;
  std::erase_if(numbers, [this](int p) { return held_.count(p) == 0; });
  Revoke(numbers, lost);
  rd_kafka_assign(client_.get(), nullptr);
}

void GroupMember::Revoke(const std::vector<int>& partitions, bool lost) {
  for (int p : partitions) held_.erase(p);
  if (!partitions.empty() && events_.on_revoked) events_.on_revoked(partitions, lost);
}

bool GroupMember::Commit(const std::vector<Place>& places) {
  const PartitionsPtr list = CommitList(settings_.topic, places);
  return rd_kafka_commit(client_.get(), list.get(), 1) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

Status GroupMember::CommitNow(const std::vector<Place>& places) {
  return CommitAndWait(client_.get(), *CommitList(settings_.topic, places), kPatienceMs);
}

Status CommitAndWait(rd_kafka_t* handle, const rd_kafka_topic_partition_list_t& places, int timeout_ms) {
  // Not the synchronous commit, which waits a whole session for brokers that are away.
  const QueuePtr answers(rd_kafka_queue_new(handle));
  rd_kafka_resp_err_t code = rd_kafka_commit_queue(handle, &places, answers.get(), nullptr, nullptr);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(code, "commit");
  const EventPtr answer(rd_kafka_queue_poll(answers.get(), timeout_ms));
  if (!answer) return KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, "commit");
  code = rd_kafka_event_error(answer.get());
  const rd_kafka_topic_partition_list_t* committed = rd_kafka_event_topic_partition_list(answer.get());
  for (int i = 0; committed && i < committed->cnt && code == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    code = committed->elems[i].err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(code, "commit");
  return {};
}

Result<GroupMember::Committed> GroupMember::ReadCommitted(int partition, int timeout_ms) {
  const PartitionsPtr list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), settings_.topic.c_str(), partition);
  rd_kafka_resp_err_t code = rd_kafka_committed(client_.get(), list.get(), timeout_ms);
  const rd_kafka_topic_partition_t& entry = list->elems[0];
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = entry.err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(code, "committed position of " + settings_.group);
  Committed committed;
  if (entry.offset >= 0) committed.offset = entry.offset;
  if (entry.metadata) committed.metadata.assign(static_cast<const char*>(entry.metadata), entry.metadata_size);
  return committed;
}

}  // namespace escalon::log
