#pragma once

#include <map>
#include <string>

#include "common/log/kafka_client.h"
#include "common/log/plain_topic.h"

/// Translation of librdkafka's messages. Inside this room only.
namespace escalon::log {

std::map<std::string, std::string> HeadersOf(const rd_kafka_message_t& message);
PlainMessage PlainMessageOf(const rd_kafka_message_t& message);

}  // namespace escalon::log
